import Basics

// What a core says of the exception it is in and of the fault behind it (ARMv7-M, B3.2); reading them changes nothing.

/// ICSR: which exception is being handled.
struct InterruptControlState: Register32 {
  static let name = "ICSR"
  static let address: UInt32 = 0xE000_ED04
  var rawValue: UInt32

  static var fields: [FieldInfo] { [Field<InterruptControlState, UInt32>.activeException.info] }
}

extension Field where Register == InterruptControlState, Value == UInt32 {
  /// VECTACTIVE: the number of the exception that is being handled; 0 in thread mode.
  static var activeException: Self { Self("VECTACTIVE", 0...8) }
}

/// VTOR: where the vector table lies.
struct VectorTableOffset: Register32 {
  static let name = "VTOR"
  static let address: UInt32 = 0xE000_ED08
  var rawValue: UInt32

  static var fields: [FieldInfo] { [] }
}

/// HFSR: why HardFault was taken.
///
/// Bits stay until they are cleared or the core is reset.
struct HardFaultStatus: Register32 {
  static let name = "HFSR"
  static let address: UInt32 = 0xE000_ED2C
  var rawValue: UInt32

  static var fields: [FieldInfo] {
    let flags: [Field<HardFaultStatus, Bool>] = [.vectorTable, .forced, .debugEvent]
    return flags.map(\.info)
  }
}

extension Field where Register == HardFaultStatus, Value == Bool {
  /// VECTTBL: the vector could not be read.
  static var vectorTable: Self { Self("VECTTBL", 1) }
  /// FORCED: another fault could not be handled; CFSR has it.
  static var forced: Self { Self("FORCED", 30) }
  /// DEBUGEVT: a breakpoint without a debugger.
  static var debugEvent: Self { Self("DEBUGEVT", 31) }
}

/// CFSR: MMFSR, BFSR and UFSR in one word.
///
/// Bits stay until they are cleared or the core is reset.
struct ConfigurableFaultStatus: Register32 {
  static let name = "CFSR"
  static let address: UInt32 = 0xE000_ED28
  var rawValue: UInt32

  static var fields: [FieldInfo] {
    (reasons.map(\.field) + [.memoryAddressValid, .busAddressValid]).map(\.info)
      .sorted { $0.bits.lowerBound < $1.bits.lowerBound }
  }

  /// Every kind of fault, in words.
  static let reasons: [(field: Field<ConfigurableFaultStatus, Bool>, text: String)] = [
    (Field("IACCVIOL", 0), "an instruction fetch that the MPU or the memory map forbids"),
    (Field("DACCVIOL", 1), "a data access that the MPU forbids"),
    (Field("MUNSTKERR", 3), "a memory fault when leaving an exception"),
    (Field("MSTKERR", 4), "a memory fault when entering an exception"),
    (Field("MLSPERR", 5), "a memory fault when saving the FPU's registers"),
    (Field("IBUSERR", 8), "a bus error at an instruction fetch"),
    (Field("PRECISERR", 9), "a bus error at a data access"),
    (Field("IMPRECISERR", 10), "a bus error at an earlier write"),
    (Field("UNSTKERR", 11), "a bus error when leaving an exception"),
    (Field("STKERR", 12), "a bus error when entering an exception"),
    (Field("LSPERR", 13), "a bus error when saving the FPU's registers"),
    (Field("UNDEFINSTR", 16), "an undefined instruction"),
    (Field("INVSTATE", 17), "a jump to an address without the Thumb bit"),
    (Field("INVPC", 18), "a return from an exception that is none"),
    (Field("NOCP", 19), "an FPU instruction with the FPU off"),
    (Field("UNALIGNED", 24), "an unaligned access"),
    (Field("DIVBYZERO", 25), "a division by zero"),
  ]
}

extension Field where Register == ConfigurableFaultStatus, Value == Bool {
  /// MMARVALID: MMFAR holds the address.
  static var memoryAddressValid: Self { Self("MMARVALID", 7) }
  /// BFARVALID: BFAR holds the address.
  static var busAddressValid: Self { Self("BFARVALID", 15) }
}

/// The fault that a core is in.
struct FaultReading: Sendable, Hashable {
  /// MMFAR and BFAR.
  private static let memoryFaultAddress: UInt32 = 0xE000_ED34
  private static let busFaultAddress: UInt32 = 0xE000_ED38
  /// NMI, HardFault, MemManage, BusFault, UsageFault, SVCall; the exceptions from which a fault is reported.
  private static let names: [UInt32: String] = [
    3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault",
  ]

  /// The exception that is being handled; 0 in thread mode.
  var activeException: UInt32
  var hardFault: HardFaultStatus
  var configurable: ConfigurableFaultStatus
  /// The address whose access has failed, where the core knows it.
  var address: UInt32?

  /// Reads it; changes nothing.
  static func read(_ access: any DebugAccess) throws(DebugError) -> FaultReading {
    let configurable = try access.read(ConfigurableFaultStatus.self)
    var reading = FaultReading(
      activeException: try access.read(InterruptControlState.self)[.activeException],
      hardFault: try access.read(HardFaultStatus.self), configurable: configurable)
    if configurable[.busAddressValid] {
      reading.address = try access.readWord(at: busFaultAddress)
    } else if configurable[.memoryAddressValid] {
      reading.address = try access.readWord(at: memoryFaultAddress)
    }
    return reading
  }

  /// The fault handler that the core is in; nil where it is in none.
  var handler: String? { FaultReading.names[activeException] }

  /// What the fault was, in words; nil where no register says.
  var reason: String? { reasons.first }

  /// Every reason that a register gives, in words.
  var reasons: [String] {
    var reasons: [String] = []
    if hardFault[.debugEvent] { reasons.append("a breakpoint without a debugger (HFSR.DEBUGEVT)") }
    if hardFault[.vectorTable] { reasons.append("its vector could not be read (HFSR.VECTTBL)") }
    let place = address.map { " at \($0.hexadecimal)" } ?? ""
    for (index, (field, text)) in ConfigurableFaultStatus.reasons.filter({ configurable[$0.field] }).enumerated() {
      // One address is known, and it is the first fault's.
      reasons.append("\(text)\(index == 0 ? place : "") (CFSR.\(field.info.name))")
    }
    return reasons
  }
}
