@testable import SimProbe

/// Programs that a debugger puts into a memory and starts.
extension BoardBench {
  /// Writes a core register of a halted core.
  func setRegister(_ number: UInt32, _ value: UInt32) {
    write(0xE000_EDF8, value)
    write(0xE000_EDF4, 0x1_0000 | number)
  }

  /// Halts the core and starts code that stands in a memory, with registers set.
  func start(_ code: [UInt16], in memory: MemoryRegion, at address: UInt32, registers: [UInt32]) {
    connect()
    write(0xE000_EDF0, 0xA05F_0003)
    for (index, halfword) in code.enumerated() { memory.store(UInt32(halfword), .halfword, at: index * 2) }
    for (number, value) in registers.enumerated() { setRegister(UInt32(number), value) }
    setRegister(13, 0x2000_8000)
    setRegister(15, address)
    setRegister(16, 0x0100_0000)
    write(0xE000_EDF0, 0xA05F_0001)
  }

  /// Lets microseconds pass and the chip catch up with them.
  func run(microseconds: UInt64) {
    clock.advance(by: microseconds * 1_000)
    chip.synchronise()
  }

  /// A word behind the bus, whatever the debug port would say.
  func inside(_ address: UInt32) -> UInt32? {
    guard case .done(let value, _) = chip.bus.read(address, .word, by: .debugger) else { return nil }
    return value
  }
}
