/// Which reads of the target may happen twice without harm.
///
/// A read whose reply was lost, or which ended in WAIT, may have happened. Memory does not mind; a data register of a
/// serial interface has then given away a byte that nobody got, and a status register may have forgotten what it showed.
/// Only what is listed here is read again.
enum RepeatableReads {
  /// Flash, core-coupled RAM, system memory, OTP, option bytes, SRAM with its bit-band alias, and SDRAM.
  ///
  /// ARMv7-M, B3.1; RM0090, 2.3 and 37.4. FMC's banks 1 to 4 are left out: NAND flash and displays live there.
  static let memory: [Range<UInt32>] = [0x0000_0000..<0x4000_0000, 0xC000_0000..<0xE000_0000]

  /// Registers that reading leaves as they are (ARMv7-M, B3.2, C1; the chip's own stand with its family).
  ///
  /// What is missing has registers that change when they are read, or is not known. DHCSR is here although S_RESET_ST and
  /// S_RETIRE_ST fall when it is read: whoever waits for them looks at `DebugAccess.repeatedReadCount`.
  static let registers: [Range<UInt32>] =
    ChipFamily.presumed.registersReadableTwice + [
      // ITM, DWT and FPB
      0xE000_0000..<0xE000_3000,
      // TPIU
      0xE004_0000..<0xE004_1000,
      // The system control space but SYST_CSR, whose COUNTFLAG falls when it is read (B3.3.3).
      0xE000_E000..<0xE000_E010, 0xE000_E014..<0xE000_F000,
      // The ROM table
      0xE00F_F000..<0xE010_0000,
    ]

  /// Whether a block of bytes may be read twice.
  static func allow(byteCount: Int, at address: UInt32) -> Bool {
    contains(memory + registers, address, byteCount)
  }

  /// Whether a block of bytes lies in memory, which is the same at any width of access.
  static func isMemory(byteCount: Int, at address: UInt32) -> Bool {
    contains(memory, address, byteCount)
  }

  private static func contains(_ ranges: [Range<UInt32>], _ address: UInt32, _ byteCount: Int) -> Bool {
    ranges.contains { $0.contains(address) && byteCount <= Int($0.upperBound - address) }
  }
}
