@testable import SimProbe

/// Small programs in flash, run by the clock.
extension CoreBench {
  /// Vectors with the stack at the end of SRAM and the program at 0x0800_0100, then the program's halfwords.
  func program(_ halfwords: [UInt16], vectors: [Int: UInt32] = [:]) {
    programFlash([0x2000_8000, 0x0800_0101])
    for (number, address) in vectors { programFlash([address | 1], at: number * 4) }
    programCode(halfwords, at: 0x100)
  }

  /// Powers the core up, with halting debug on or off, and lets it run.
  func start(_ microseconds: UInt64 = 100, debugging: Bool = true) {
    core.powerOnReset()
    if debugging { poke(Register.dhcsr, 0xA05F_0001) }
    core.releaseReset()
    run(microseconds)
  }

  /// Lets the core run on.
  func run(_ microseconds: UInt64) {
    clock.advance(by: microseconds * 1_000)
    core.run(until: clock.nanoseconds)
  }

  /// A word of the RAM.
  func word(_ address: UInt32) -> UInt32? {
    guard case .done(let value, _) = read(address, .word, by: .debugger) else { return nil }
    return value
  }

  /// The program counter in the exception frame at the stack pointer.
  var stackedProgramCounter: UInt32? { word(core.registers[13] + 24) }
}
