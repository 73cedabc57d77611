/// What a simulated board's BOOT pins make its chip start from (RM0090, 2.4).
public enum BootMemory: String, CaseIterable, Sendable {
  /// BOOT0 low: the main flash.
  case flash
  /// BOOT0 high, BOOT1 low: the ROM bootloader.
  case system
  /// BOOT0 and BOOT1 high: the RAM from 0x2000_0000 on.
  case sram
}
