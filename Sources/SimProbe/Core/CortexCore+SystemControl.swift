/// The system control space at 0xE000_E000; offsets count from there (ARMv7-M, B3.2).
extension CortexCore {
  /// ID_PFR0 to ID_ISAR4 from offset 0xD40 on (Cortex-M3 TRM table 4-1, Cortex-M4 TRM table 4-1).
  private static let featureRegisters: [UInt32] = [
    0x0000_0030, 0x0000_0200, 0x0010_0000, 0x0000_0000,  // PFR0, PFR1, DFR0, AFR0
    0x0010_0030, 0x0000_0000, 0x0100_0000, 0x0000_0000,  // MMFR0 to MMFR3
  ]
  private static let instructionFeatures3: [UInt32] = [
    0x0110_1110, 0x0211_1000, 0x2111_2231, 0x0111_1110, 0x0131_0132,
  ]
  private static let instructionFeatures4: [UInt32] = [
    0x0110_1110, 0x0211_2000, 0x2123_2231, 0x0111_1131, 0x0131_0132,
  ]
  private static let mediaFeature0: UInt32 = 0x1011_0021
  private static let mediaFeature1: UInt32 = 0x1100_0011

  /// Reads a word.
  func readSystemControl(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x004: return profile.interruptControllerType
    case 0x008: return system.auxiliaryControl
    case 0x010..<0x020:
      advanceSysTick()
      return sysTick.read(offset - 0x010)
    case 0x100..<0x4F0: return interrupts.read(offset)
    case 0xD00..<0xD40: return readControlBlock(offset)
    case 0xD40..<0xD60: return Self.featureRegisters[Int(offset - 0xD40) / 4]
    case 0xD60..<0xD74:
      let features = profile.processor == .cortexM3 ? Self.instructionFeatures3 : Self.instructionFeatures4
      return features[Int(offset - 0xD60) / 4]
    case 0xD88: return system.coprocessorAccess
    case 0xD90..<0xDBC: return protection.read(offset - 0xD90)
    case 0xDF0..<0xE00: return readDebugRegister(offset)
    case 0xF34..<0xF48 where profile.hasFloatingPoint: return readFloatingPointRegister(offset)
    case ComponentIdentification.firstOffset...: return profile.systemControlIdentification.register(at: offset)
    default: return 0
    }
  }

  /// Writes a word.
  func writeSystemControl(_ offset: UInt32, _ value: UInt32, by master: BusMaster) {
    switch offset {
    case 0x008: system.auxiliaryControl = value & (profile.hasFloatingPoint ? 0x307 : 0x7)
    case 0x010..<0x020:
      advanceSysTick()
      sysTick.write(offset - 0x010, value)
    case 0x100..<0x4F0: interrupts.write(offset, value)
    case 0xD00..<0xD40: writeControlBlock(offset, value, by: master)
    case 0xD88: system.coprocessorAccess = profile.hasFloatingPoint ? value & 0x00F0_0000 : 0
    case 0xD90..<0xDBC:
      protection.write(offset - 0xD90, value)
      refreshFastSlots()
    case 0xDF0..<0xE00: writeDebugRegister(offset, value, by: master)
    case 0xF00: interrupts.write(0x200 + value / 32 % 16 * 4, 1 << (value & 31))
    case 0xF34..<0xF48 where profile.hasFloatingPoint: writeFloatingPointRegister(offset, value)
    default: break
    }
  }

  /// Brings SysTick up to the present cycle.
  func advanceSysTick() {
    if sysTick.advance(to: executedCycles) { interrupts.pending.set(exception: ExceptionNumber.sysTick, true) }
  }

  // MARK: System control block

  private func readControlBlock(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0xD00: return profile.cpuid
    case 0xD04: return interruptControlState
    case 0xD08: return system.vectorTable
    case 0xD0C: return SystemControl.keyStatus << 16 | system.priorityGroup << 8
    case 0xD10: return system.sleep.rawValue
    case 0xD14: return system.configuration.rawValue
    case 0xD18, 0xD1C, 0xD20: return interrupts.priorityWord(from: Int(offset - 0xD18) + 4)
    case 0xD24: return systemHandlerState
    case 0xD28: return system.faultStatus.rawValue
    case 0xD2C: return system.hardFaultStatus.rawValue
    case 0xD30: return debug.faultStatus.rawValue
    case 0xD34: return system.memoryFaultAddress
    case 0xD38: return system.busFaultAddress
    default: return 0
    }
  }

  private func writeControlBlock(_ offset: UInt32, _ value: UInt32, by master: BusMaster) {
    switch offset {
    case 0xD04: writeInterruptControlState(value)
    case 0xD08: system.vectorTable = value & (profile.processor == .cortexM3 ? 0x3FFF_FF80 : 0xFFFF_FF80)
    case 0xD0C: writeResetControl(value, by: master)
    case 0xD10: system.sleep = SleepControl(rawValue: value).intersection(.implemented)
    case 0xD14:
      system.configuration = ConfigurationControl(rawValue: value).intersection(.implemented)
      refreshFastSlots()
    case 0xD18, 0xD1C, 0xD20: interrupts.setPriorityWord(from: Int(offset - 0xD18) + 4, value)
    case 0xD24: writeSystemHandlerState(value)
    case 0xD28: system.faultStatus.subtract(ConfigurableFaultStatus(rawValue: value))
    case 0xD2C: system.hardFaultStatus.subtract(HardFaultStatus(rawValue: value))
    case 0xD30: debug.faultStatus.subtract(DebugFaultStatus(rawValue: value))
    case 0xD34: system.memoryFaultAddress = value
    case 0xD38: system.busFaultAddress = value
    default: break
    }
  }

  /// ICSR as it reads.
  private var interruptControlState: UInt32 {
    let externals = interrupts.pending & interrupts.implemented
    let others = interrupts.active & ~ExceptionSet.exception(exceptionNumber)
    return UInt32(exceptionNumber)
      | (others == 0 ? 1 << 11 : 0)
      | UInt32(interrupts.highestPending()?.number ?? 0) << 12
      | (externals != 0 ? 1 << 22 : 0)
      | (interrupts.pending.contains(exception: ExceptionNumber.sysTick) ? 1 << 26 : 0)
      | (interrupts.pending.contains(exception: ExceptionNumber.pendSV) ? 1 << 28 : 0)
      | (interrupts.pending.contains(exception: ExceptionNumber.nonMaskable) ? 1 << 31 : 0)
  }

  private func writeInterruptControlState(_ value: UInt32) {
    if value & 1 << 25 != 0 { interrupts.pending.set(exception: ExceptionNumber.sysTick, false) }
    if value & 1 << 26 != 0 { interrupts.pending.set(exception: ExceptionNumber.sysTick, true) }
    if value & 1 << 27 != 0 { interrupts.pending.set(exception: ExceptionNumber.pendSV, false) }
    if value & 1 << 28 != 0 { interrupts.pending.set(exception: ExceptionNumber.pendSV, true) }
    if value & 1 << 31 != 0 { interrupts.pending.set(exception: ExceptionNumber.nonMaskable, true) }
  }

  /// AIRCR; without the key the write does nothing.
  private func writeResetControl(_ value: UInt32, by master: BusMaster) {
    guard value >> 16 == SystemControl.key else { return }
    system.priorityGroup = value >> 8 & 7
    if value & 1 << 1 != 0 {
      interrupts.active = 0
      exceptionNumber = 0
      selectStack()
    }
    if value & 1 << 2 != 0 {
      systemResetRequest.send()
    } else if value & 1 << 0 != 0 {
      localReset()
    }
  }

  /// SHCSR's active, pending and enable bits with the exceptions they show.
  private static let activeBits: [(bit: UInt32, exception: Int)] = [
    (0, ExceptionNumber.memoryManagement), (1, ExceptionNumber.busFault), (3, ExceptionNumber.usageFault),
    (7, ExceptionNumber.supervisorCall), (8, ExceptionNumber.debugMonitor), (10, ExceptionNumber.pendSV),
    (11, ExceptionNumber.sysTick),
  ]
  private static let pendingBits: [(bit: UInt32, exception: Int)] = [
    (12, ExceptionNumber.usageFault), (13, ExceptionNumber.memoryManagement), (14, ExceptionNumber.busFault),
    (15, ExceptionNumber.supervisorCall),
  ]
  private static let enableBits: [(bit: UInt32, exception: Int)] = [
    (16, ExceptionNumber.memoryManagement), (17, ExceptionNumber.busFault), (18, ExceptionNumber.usageFault),
  ]

  private var systemHandlerState: UInt32 {
    func word(_ bits: [(bit: UInt32, exception: Int)], _ set: ExceptionSet) -> UInt32 {
      bits.reduce(0) { $0 | (set.contains(exception: $1.exception) ? 1 << $1.bit : 0) }
    }
    return word(Self.activeBits, interrupts.active) | word(Self.pendingBits, interrupts.pending)
      | word(Self.enableBits, interrupts.enabled)
  }

  private func writeSystemHandlerState(_ value: UInt32) {
    for (bit, exception) in Self.activeBits { interrupts.active.set(exception: exception, value & 1 << bit != 0) }
    for (bit, exception) in Self.pendingBits { interrupts.pending.set(exception: exception, value & 1 << bit != 0) }
    for (bit, exception) in Self.enableBits { interrupts.enabled.set(exception: exception, value & 1 << bit != 0) }
  }

  // MARK: Floating point

  private func readFloatingPointRegister(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0xF34: return system.floatingPointContext
    case 0xF38: return system.floatingPointAddress
    case 0xF3C: return system.floatingPointDefaults
    case 0xF40: return Self.mediaFeature0
    case 0xF44: return Self.mediaFeature1
    default: return 0
    }
  }

  private func writeFloatingPointRegister(_ offset: UInt32, _ value: UInt32) {
    switch offset {
    case 0xF34: system.floatingPointContext = value & 0xC000_017B
    case 0xF38: system.floatingPointAddress = value & ~7
    case 0xF3C: system.floatingPointDefaults = value & 0x07C0_0000
    default: break
    }
  }
}
