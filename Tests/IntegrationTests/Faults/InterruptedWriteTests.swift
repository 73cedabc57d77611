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
    let remains = try stride(from: 1, through: writes.transferCount, by: 193).map { try writes.interrupt(at: $0) }
    #expect(remains.first == .oldFirmware)
    #expect(remains.contains(.noFirmware))
  }

  @Test(arguments: InterruptedWrites.Interruption.allCases)
  func `a write by the bootloader that ends at any character leaves no half of a firmware, and the next one succeeds`(
    interruption: InterruptedWrites.Interruption
  ) throws {
    let writes = try InterruptedBootloaderWrites(interruption, by: .serial)
    let remains = try stride(from: 1, through: writes.stepCount, by: 131).map { try writes.interrupt(at: $0) }
    #expect(remains.first == .oldFirmware)
    #expect(remains.contains(.noFirmware))
  }

  @Test(arguments: InterruptedWrites.Interruption.allCases)
  func
    `a write by the bootloader on USB that ends at any request leaves no half of a firmware, and the next one succeeds`(
      interruption: InterruptedWrites.Interruption
    ) throws
  {
    let writes = try InterruptedBootloaderWrites(interruption, by: .dfu)
    let remains = try stride(from: 1, through: writes.stepCount, by: 13).map { try writes.interrupt(at: $0) }
    #expect(remains.first == .oldFirmware)
    #expect(remains.contains(.noFirmware))
  }

  @Test(arguments: InterruptedWrites.Method.allCases, FlashLayout.allCases.filter { !$0.isThorough })
  func `wherever a valid table is after a cut, all of its program is there`(
    method: InterruptedWrites.Method, layout: FlashLayout
  ) throws {
    let writes = try InterruptedWrites(.powerCut, method, layout)
    // The end, where the tables go in, is looked at more closely.
    let transfers = Set(stride(from: 1, through: writes.transferCount, by: 307))
      .union(stride(from: writes.transferCount - 60, through: writes.transferCount, by: 7))
    for transfer in transfers.sorted() { _ = try writes.interrupt(at: transfer) }
  }
}
