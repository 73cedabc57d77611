/// Debug Halting Control and Status Register (ARMv7-M, C1.6.2).
///
/// Survives every reset but power-on, its control bits at least; S_RETIRE_ST and S_RESET_ST clear when it is read.
struct DHCSR: Register32 {
  /// The manual's name.
  static let name = "DHCSR"
  /// In the system control space.
  static let address: UInt32 = 0xE000_EDF0
  /// The register's bits.
  var rawValue: UInt32

  /// Makes a value from the register's bits.
  init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Every named field, lowest first.
  static var fields: [FieldInfo] {
    let flags: [Field<DHCSR, Bool>] = [
      .debugEnable, .haltRequest, .stepRequest, .interruptMask, .snapStall, .registerReady, .halted, .sleeping,
      .lockedUp, .retired, .reset,
    ]
    return flags.map(\.info)
  }

  /// "DBGKEY: Debug key. Software must write 0xA05F to this field to enable write accesses to bits [15:0], otherwise
  /// the processor ignores the write access."
  private static let key: UInt32 = 0xA05F_0000

  /// The value to write that enables debugging and requests what is named; everything else is off.
  ///
  /// C_STEP and C_MASKINTS may only change while the core is halted and stays so.
  static func request(halt: Bool = false, step: Bool = false, maskInterrupts: Bool = false) -> DHCSR {
    var value = DHCSR(rawValue: key)
    value[.debugEnable] = true
    value[.haltRequest] = halt
    value[.stepRequest] = step
    value[.interruptMask] = maskInterrupts
    return value
  }

  /// The value to write that ends debugging: the core runs, and BKPT is a fault again.
  static let disableDebug = DHCSR(rawValue: key)
}

extension Field where Register == DHCSR, Value == Bool {
  /// C_DEBUGEN: halting debug is enabled.
  static var debugEnable: Self { Self("C_DEBUGEN", 0) }
  /// C_HALT: a halt is requested.
  static var haltRequest: Self { Self("C_HALT", 1) }
  /// C_STEP: one instruction when C_HALT goes to 0.
  static var stepRequest: Self { Self("C_STEP", 2) }
  /// C_MASKINTS: PendSV, SysTick and external interrupts are held off.
  static var interruptMask: Self { Self("C_MASKINTS", 3) }
  /// C_SNAPSTALL: a stalled access is broken off.
  static var snapStall: Self { Self("C_SNAPSTALL", 5) }
  /// S_REGRDY: no core register transfer is running.
  static var registerReady: Self { Self("S_REGRDY", 16) }
  /// S_HALT: the core is halted.
  static var halted: Self { Self("S_HALT", 17) }
  /// S_SLEEP: the core sleeps in WFI or WFE.
  static var sleeping: Self { Self("S_SLEEP", 18) }
  /// S_LOCKUP: a fault within a fault handler has stopped the core.
  static var lockedUp: Self { Self("S_LOCKUP", 19) }
  /// S_RETIRE_ST: an instruction has completed since the last read.
  static var retired: Self { Self("S_RETIRE_ST", 24) }
  /// S_RESET_ST: the core is in reset or has been since the last read.
  static var reset: Self { Self("S_RESET_ST", 25) }
}
