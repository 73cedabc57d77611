import Failures
import Testing

@testable import Engine

@Suite("Verification")
struct VerifierTests {
  private func mismatch(
    _ bench: FlashBench, _ expected: [UInt8], _ context: Verifier.Context
  ) throws -> VerifyMismatch? {
    let verifier = Verifier(reader: bench.reader, context: context)
    do {
      try verifier.verify([FlashBlock(address: 0x0800_0000, bytes: expected)]) { _ in }
    } catch {
      guard case .mismatch(let mismatch) = error.cause else { throw error }
      #expect(error.report.category == .verify)
      return mismatch
    }
    return nil
  }

  @Test func `equal bytes pass`() throws {
    let bench = try FlashBench()
    #expect(try mismatch(bench, [UInt8](repeating: 0xFF, count: 10_000), .standingAlone) == nil)
  }

  @Test func `the first difference and the count of all are told`() throws {
    let bench = try FlashBench()
    bench.target.flash[5000] = 0xF0
    bench.target.flash[9000] = 0xF0
    let found = try #require(try mismatch(bench, [UInt8](repeating: 0xFF, count: 10_000), .standingAlone))
    #expect(found.address == 0x0800_1388)
    #expect(found.expected == 0xFF)
    #expect(found.found == 0xF0)
    #expect(found.differingByteCount == 2)
    #expect(found.comparedByteCount == 10_000)
    #expect(found.likelyCause == .otherContent)
    #expect(found.summary == "verification failed at 0x0800_1388: expected 0xFF, found 0xF0")
  }

  @Test func `the pattern of differences tells the likely cause`() throws {
    let bench = try FlashBench()
    let expected = [UInt8](repeating: 0x3C, count: 100)
    #expect(try mismatch(bench, expected, .afterWriting)?.likelyCause == .nothingProgrammed)
    #expect(try mismatch(bench, expected, .standingAlone)?.likelyCause == .blank)
    bench.target.flash.replaceSubrange(0..<100, with: [UInt8](repeating: 0x38, count: 100))
    #expect(try mismatch(bench, expected, .afterWriting)?.likelyCause == .notErased)
    bench.target.flash[50] = 0x3D
    #expect(try mismatch(bench, expected, .afterWriting)?.likelyCause == .weakProgramming)
  }

  @Test func `reads that change by themselves are recognised`() throws {
    let bench = try FlashBench()
    bench.target.faults.unstable = 10
    // Every second read is wrong, so one of two comparisons meets a wrong one first.
    let results = try (0..<2).map { _ in try mismatch(bench, [UInt8](repeating: 0xFF, count: 100), .standingAlone) }
    #expect(results.contains { $0?.likelyCause == .unstableReads })
  }

  @Test(arguments: [
    VerifyMismatch.LikelyCause.nothingProgrammed, .notErased, .weakProgramming, .unstableReads, .blank, .otherContent,
  ])
  func `every cause has an explanation and a remedy`(cause: VerifyMismatch.LikelyCause) {
    let mismatch = VerifyMismatch(
      address: 0x0800_0000, expected: 1, found: 2, differingByteCount: 1, comparedByteCount: 1, likelyCause: cause)
    let report = FlashError(.mismatch(mismatch)).report
    #expect(report.evidence.contains(cause.explanation))
    #expect(!report.remedies.isEmpty)
  }
}
