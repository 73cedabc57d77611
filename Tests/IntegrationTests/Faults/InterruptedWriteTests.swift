import Testing

@testable import interruption_check

/// A write that ends at some of its transfers; `interruption-check`, which scripts/test runs, tries every one.
@Suite struct InterruptedWriteTests {
  @Test(arguments: InterruptedWrites.Interruption.allCases, InterruptedWrites.Method.allCases)
  func `a write that ends anywhere leaves no half of a firmware, and the next one succeeds`(
    interruption: InterruptedWrites.Interruption, method: InterruptedWrites.Method
  ) throws {
    let writes = try InterruptedWrites(interruption, method)
    // A prime, so that every kind of transfer has its turn.
    let remains = try stride(from: 1, through: writes.transferCount, by: 97).map { try writes.interrupt(at: $0) }
    #expect(remains.first == .oldFirmware)
    #expect(remains.contains(.noFirmware))
  }
}
