/// Everything in a core that decides what its next instructions do, but for memory, the flash's times, registers
/// outside and the time.
struct TurnState {
  private var programCounter: UInt32 = 0
  private var registers = [UInt32](repeating: 0, count: 15)
  private var floats = [UInt32](repeating: 0, count: 32)
  private var rest = Rest()

  /// What is not in a bank of registers.
  private struct Rest: Equatable {
    var flags: SIMD8<UInt8> = .zero
    var words: SIMD8<UInt32> = .zero
    var mask = ExceptionMask()
    var enabled: ExceptionSet = 0
  }

  /// Takes the state of a core before its next instruction.
  mutating func take(from core: CortexCore) {
    programCounter = core.programCounter
    for number in 0..<15 { registers[number] = core.registers[number] }
    for number in 0..<32 { floats[number] = core.floatRegisters[number] }
    rest = Self.rest(of: core)
  }

  /// Whether a core stands at the same instruction in the same state.
  func matches(_ core: CortexCore) -> Bool {
    guard core.programCounter == programCounter else { return false }
    for number in 0..<15 where registers[number] != core.registers[number] { return false }
    for number in 0..<32 where floats[number] != core.floatRegisters[number] { return false }
    return rest == Self.rest(of: core)
  }

  private static func rest(of core: CortexCore) -> Rest {
    func bit(_ value: Bool) -> UInt8 { value ? 1 : 0 }
    return Rest(
      flags: [
        bit(core.negative), bit(core.zero), bit(core.carry), bit(core.overflow), bit(core.saturated), bit(core.thumb),
        bit(core.usesProcessStack), bit(core.isExclusive),
      ],
      words: [
        core.floatStatus, core.bankedStackPointer, core.greaterOrEqual, core.ifThenState, core.control,
        UInt32(core.exceptionNumber), core.isEventRegistered ? 1 : 0, 0,
      ],
      mask: core.exceptionMask, enabled: core.interrupts.enabled)
  }
}
