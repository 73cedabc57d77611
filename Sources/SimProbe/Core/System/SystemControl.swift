/// CCR (ARMv7-M, B3.2.8).
struct ConfigurationControl: OptionSet {
  let rawValue: UInt32

  static let threadFromAnyLevel = ConfigurationControl(rawValue: 1 << 0)
  static let userSetPending = ConfigurationControl(rawValue: 1 << 1)
  static let trapUnaligned = ConfigurationControl(rawValue: 1 << 3)
  static let trapDivideByZero = ConfigurationControl(rawValue: 1 << 4)
  static let ignoreBusFaults = ConfigurationControl(rawValue: 1 << 8)
  static let alignStack = ConfigurationControl(rawValue: 1 << 9)

  /// The bits that exist.
  static let implemented = ConfigurationControl(rawValue: 0x31B)
}

/// SCR (ARMv7-M, B3.2.7).
struct SleepControl: OptionSet {
  let rawValue: UInt32

  static let sleepOnExit = SleepControl(rawValue: 1 << 1)
  static let deepSleep = SleepControl(rawValue: 1 << 2)
  static let sendEventOnPending = SleepControl(rawValue: 1 << 4)

  /// The bits that exist.
  static let implemented: SleepControl = [.sleepOnExit, .deepSleep, .sendEventOnPending]
}

/// CFSR: MMFSR in bits 7:0, BFSR in 15:8, UFSR in 31:16 (ARMv7-M, B3.2.15).
struct ConfigurableFaultStatus: OptionSet {
  let rawValue: UInt32

  static let instructionAccess = ConfigurableFaultStatus(rawValue: 1 << 0)
  static let dataAccess = ConfigurableFaultStatus(rawValue: 1 << 1)
  static let memoryUnstacking = ConfigurableFaultStatus(rawValue: 1 << 3)
  static let memoryStacking = ConfigurableFaultStatus(rawValue: 1 << 4)
  static let memoryLazyState = ConfigurableFaultStatus(rawValue: 1 << 5)
  static let memoryAddressValid = ConfigurableFaultStatus(rawValue: 1 << 7)
  static let instructionBus = ConfigurableFaultStatus(rawValue: 1 << 8)
  static let preciseBus = ConfigurableFaultStatus(rawValue: 1 << 9)
  static let impreciseBus = ConfigurableFaultStatus(rawValue: 1 << 10)
  static let busUnstacking = ConfigurableFaultStatus(rawValue: 1 << 11)
  static let busStacking = ConfigurableFaultStatus(rawValue: 1 << 12)
  static let busLazyState = ConfigurableFaultStatus(rawValue: 1 << 13)
  static let busAddressValid = ConfigurableFaultStatus(rawValue: 1 << 15)
  static let undefinedInstruction = ConfigurableFaultStatus(rawValue: 1 << 16)
  static let invalidState = ConfigurableFaultStatus(rawValue: 1 << 17)
  static let invalidReturn = ConfigurableFaultStatus(rawValue: 1 << 18)
  static let noCoprocessor = ConfigurableFaultStatus(rawValue: 1 << 19)
  static let unaligned = ConfigurableFaultStatus(rawValue: 1 << 24)
  static let divideByZero = ConfigurableFaultStatus(rawValue: 1 << 25)
}

/// HFSR (ARMv7-M, B3.2.16).
struct HardFaultStatus: OptionSet {
  let rawValue: UInt32

  static let vectorTable = HardFaultStatus(rawValue: 1 << 1)
  static let forced = HardFaultStatus(rawValue: 1 << 30)
  static let debugEvent = HardFaultStatus(rawValue: 1 << 31)
}

/// The plain registers of the system control block; a system reset returns them to these values.
struct SystemControl {
  /// ACTLR.
  var auxiliaryControl: UInt32 = 0
  /// VTOR.
  var vectorTable: UInt32 = 0
  /// AIRCR.PRIGROUP.
  var priorityGroup: UInt32 = 0
  /// SCR.
  var sleep: SleepControl = []
  /// CCR.
  var configuration: ConfigurationControl = .alignStack
  /// CFSR.
  var faultStatus: ConfigurableFaultStatus = []
  /// HFSR.
  var hardFaultStatus: HardFaultStatus = []
  /// MMFAR.
  var memoryFaultAddress: UInt32 = 0
  /// BFAR.
  var busFaultAddress: UInt32 = 0
  /// CPACR: access to coprocessors 10 and 11, the floating-point unit.
  var coprocessorAccess: UInt32 = 0
  /// FPCCR.
  var floatingPointContext: UInt32 = 0xC000_0000
  /// FPCAR.
  var floatingPointAddress: UInt32 = 0
  /// FPDSCR.
  var floatingPointDefaults: UInt32 = 0

  /// What AIRCR must carry in bits 31:16 for a write to count.
  static let key: UInt32 = 0x05FA
  /// What AIRCR reads there.
  static let keyStatus: UInt32 = 0xFA05
}
