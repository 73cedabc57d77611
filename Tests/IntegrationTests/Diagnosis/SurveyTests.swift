import Failures
import Testing

@testable import Engine
@testable import SimProbe

/// What is said of the flash goes by the banks' own places, and by what the address is of.
@Suite("What the flash holds, and where")
struct SurveyTests {
  private static let bankOffset = 1 << 20
  /// An endless loop; and a program that faults at once: its first instruction is undefined, its handler a loop.
  private static let loop: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  private func swappedBench(bank1: [UInt8], bank2: [UInt8]) throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f429zi")
    bench.setCells(at: 0, bank1)
    bench.setCells(at: Self.bankOffset, bank2)
    bench.setOptions(user: 0xAAFC)
    bench.simulation.run(for: .milliseconds(5))
    return bench
  }

  /// What a session says when it opens and closes, and what a diagnosis finds.
  private func said(_ bench: SimulatedBench, _ mode: AttachMode) throws -> (warnings: [String], look: ProgramLook?) {
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: mode)) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    return (warnings, session.close().program)
  }

  @Test(arguments: [AttachMode.hotPlug, .normal])
  func `a program in bank 2 that BFB2 starts is a program, though bank 1 is blank`(mode: AttachMode) throws {
    let bench = try swappedBench(bank1: [], bank2: Self.loop)
    let (warnings, look) = try said(bench, mode)
    #expect(warnings == [], "\(mode)")
    #expect(look?.isRunning ?? false)
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    let contents = try #require(report.findings.first { $0.area == .contents })
    #expect(contents.outcome == .good && contents.value.contains("reset handler 0x0800_0009"), "\(contents)")
    #expect(report.problems == [], "\(report.verdict)")
  }

  @Test func `a program that faults in a swapped bank is told with what its own bank holds`() throws {
    // Its entry is where bank 2 is blank and bank 1, seen behind it, is not.
    let faulting: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x01, 0x80, 0x00, 0x08]
    let bench = try swappedBench(bank1: Self.loop + [UInt8](repeating: 0x5A, count: 0x9000), bank2: faulting)
    let (_, look) = try said(bench, .hotPlug)
    #expect(look?.causes.first == .wrongAddress, "\(String(describing: look))")
  }

  @Test func `a deep diagnosis tests the sector that it names, though the banks have changed places`() throws {
    let bench = try swappedBench(bank1: Self.loop + Array(1...200), bank2: Self.loop + Array(100...250))
    bench.setCells(at: 0x4000, Array(1...77))
    bench.setCells(at: Self.bankOffset + 0x4000, Array(100...222))
    let before = bench.flash
    for mayReset in [true, false] {
      for sector in [1, 13] {
        let options = Diagnosis.Options(mayReset: mayReset, isDeep: true, testedSector: sector)
        let report = Diagnosis(probe: bench.probe(), options: options).run()
        #expect(report.findings.last { $0.area == .sector }?.outcome == .good, "\(report.findings)")
        #expect(bench.flash == before, "sector \(sector)")
      }
    }
  }

  @Test(arguments: [UInt32(0xFFFF_FFFF), 0x1800_0000, 0x9000_0000, 0x4FFF_0000, 0x2008_0000, 0x1FFE_0000])
  func `an address where nothing is is told as that, and no chip is called a clone for it`(address: UInt32) throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, Self.loop)
    let session = TargetSession(probe: bench.probe())
    try session.open()
    do throws(SessionError) {
      // What a chip has nothing at answers with zeros in places.
      _ = try session.read(address: address, byteCount: 1)
    } catch {
      #expect(error.report.causes == [.nothingThere], "\(address): \(error.report)")
      #expect(!error.report.remedies.contains { $0.remedies.contains(.nameChip) })
    }
    session.close()
  }

  @Test func `what is no program where the chip starts is not called another program than a file`() throws {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: 0, [UInt8](repeating: 0x55, count: 64))
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .milliseconds(5))
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    #expect(report.problems.contains { $0.causes.first == .startIsNoProgram }, "\(report.verdict)")
    #expect(!report.remedies.contains { $0.text.contains("this is the right file") })
    #expect(try said(bench, .hotPlug).look?.causes.first == .startIsNoProgram)
  }
}
