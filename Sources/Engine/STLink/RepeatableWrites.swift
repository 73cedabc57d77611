/// Which writes to the target may happen twice without harm.
///
/// When a write ends in WAIT, or its reply is lost, nobody knows whether it has reached the target. Memory takes the same
/// bytes twice, and so do a few registers; a flash key, flash data, an erase start, a reset request or a peripheral's
/// FIFO does not. Only what is listed here is repeated. Everything else is written by WRITEMEM, whose status can be asked
/// for as often as one likes; after a WAIT the caller looks at the target first.
enum RepeatableWrites {
  /// RAM: the core-coupled RAM, and the SRAM region with its bit-band alias (ARMv7-M, B3.1).
  static let memory: [Range<UInt32>] = [MemoryMap.presumed.coreCoupledMemory, 0x2000_0000..<0x4000_0000]

  /// Registers that hold what is written, or whose bits clear by writing 1: ITM but its stimulus ports, TPIU, DFSR, DHCSR to
  /// DEMCR, the chip's own.
  static let registers: [Range<UInt32>] =
    [
      0xE000_0E00..<0xE000_1000, 0xE004_0000..<0xE004_1000, 0xE000_ED30..<0xE000_ED34, 0xE000_EDF0..<0xE000_EE00,
    ] + ChipFamily.presumed.registersWritableTwice

  private static let haltingControl: UInt32 = 0xE000_EDF0
  private static let debugEnable: UInt32 = 1 << 0
  private static let halt: UInt32 = 1 << 1
  private static let step: UInt32 = 1 << 2

  /// Whether a block of bytes may be written twice.
  static func allow(byteCount: Int, at address: UInt32) -> Bool {
    contains(memory, address, byteCount)
  }

  /// Whether a word may be written twice.
  ///
  /// A request to step may not, nor one to run: the core may have halted by itself meanwhile. Halting and letting go may.
  static func allow(_ value: UInt32, at address: UInt32) -> Bool {
    if address == haltingControl {
      return value & step == 0 && (value & halt != 0 || value & debugEnable == 0)
    }
    return contains(memory, address, 4) || contains(registers, address, 4)
  }

  private static func contains(_ ranges: [Range<UInt32>], _ address: UInt32, _ byteCount: Int) -> Bool {
    ranges.contains { $0.contains(address) && byteCount <= Int($0.upperBound - address) }
  }
}
