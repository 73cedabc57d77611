/// What all chips with one DEV_ID have in common: a row of the catalogue.
///
/// Chips of one die differ in name, size and RAM only; a debugger cannot tell F405, F407, F415 and F417 apart, and need
/// not.
public struct Die: Sendable, Equatable {
  /// The processor core.
  public enum Core: String, Sendable {
    /// Every F2.
    case cortexM3 = "Cortex-M3"
    /// Every F4.
    case cortexM4 = "Cortex-M4"
  }

  /// The family.
  let family: ChipFamily
  /// DBGMCU_IDCODE, bits 11:0.
  public var deviceID: UInt16
  /// The lines that are made of it, as messages name them: "STM32F405/407/415/417".
  public var name: String
  /// The core.
  public var core: Core
  /// The highest HCLK in MHz.
  public var maximumMegahertz: Int
  /// The letter that ST prints on the package, by REV_ID; for display only.
  public var revisions: [UInt16: String]
  /// How many wait states a read of the flash needs.
  var waitStates: FlashWaitStates
  /// How many nWRP bits OPTCR has; OPTCR1 has 12 where there is one.
  public var writeProtectionBits: Int
  /// Whether SR has RDERR and the nWRP bits can mean PCROP (SPRMOD).
  public var hasCodeReadProtection: Bool
  /// Whether the controller knows two banks: MER1, OPTCR1, bank 2 option bytes, DB1M on 1 MiB parts.
  public var hasSecondBank: Bool

  /// CPUID of the genuine part: r2p0 for Cortex-M3, r0p1 for Cortex-M4.
  public var processorID: UInt32 { core == .cortexM3 ? 0x412F_C230 : 0x410F_C241 }
}
