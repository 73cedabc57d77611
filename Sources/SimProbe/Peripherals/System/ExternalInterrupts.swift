/// EXTI: edges of pins and of internal events become interrupts (RM0090, 12.2).
final class ExternalInterrupts: Peripheral {
  let name = "EXTI"
  let registers = RegisterFile(RegisterTable.externalInterrupts.registers)
  /// The interrupts of the lines; several lines may share one.
  let interrupts: [(mask: UInt32, number: Int, line: Line)]
  /// A line whose event mask is set has seen its edge: what wakes a core from WFE.
  let event = Signal<Void>()

  private static let imr: UInt32 = 0x00
  private static let emr: UInt32 = 0x04
  private static let rtsr: UInt32 = 0x08
  private static let ftsr: UInt32 = 0x0C
  private static let swier: UInt32 = 0x10
  private static let pr: UInt32 = 0x14

  /// The levels of the lines.
  private var levels: UInt32 = 0

  /// - Parameter lines: the numbers of the interrupts by EXTI lines.
  init(_ lines: [(mask: UInt32, number: Int)]) {
    interrupts = lines.map { ($0.mask, $0.number, Line()) }
  }

  /// The level of a line.
  func setLine(_ line: UInt32, high: Bool) {
    let bit: UInt32 = 1 << line
    guard (levels & bit != 0) != high else { return }
    levels = high ? levels | bit : levels & ~bit
    if registers[high ? Self.rtsr : Self.ftsr] & bit != 0 { trigger(bit) }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.swier: trigger(registers[Self.swier] & ~old)
    // Clearing a pending bit clears its software request (RM0090, 12.3.5).
    case Self.pr: registers[Self.swier] &= ~written
    default: break
    }
    updateInterrupts()
  }

  func reset(now: UInt64) {
    registers.reset()
    updateInterrupts()
  }

  private func trigger(_ lines: UInt32) {
    registers[Self.pr] |= lines & registers[Self.imr]
    if lines & registers[Self.emr] != 0 { event.send() }
    updateInterrupts()
  }

  private func updateInterrupts() {
    let pending = registers[Self.pr] & registers[Self.imr]
    for interrupt in interrupts { interrupt.line.drive(pending & interrupt.mask != 0) }
  }
}
