/// PWR: write access to the backup domain, the choice of Stop and Standby with their flags, and the bits that tools wait
/// for (RM0090, 5.4).
final class PowerControl: Peripheral {
  let name = "PWR"
  let registers: RegisterFile
  /// CR.DBP: whether the backup domain takes writes.
  let backupAccess = Line()

  private static let cr: UInt32 = 0x00
  private static let csr: UInt32 = 0x04
  /// ODEN and ODSWEN in CR, ODRDY and ODSWRDY in CSR.
  private static let overdrive: UInt32 = 0x3_0000
  /// The over-drive's switching time in nanoseconds (DS9405, table 20, typical with HSI).
  private static let overdriveTime: UInt64 = 45_000

  private var overdriveReady: UInt64?

  init(die: Die) {
    registers = RegisterFile([
      RegisterDescription(
        "CR", at: Self.cr, reset: die.power.scaling.reset << 14,
        [RegisterField("LPDS", 0), RegisterField("PDDS", 1), RegisterField("CWUF", 2, .writeOnly)]
          + [RegisterField("CSBF", 3, .writeOnly), RegisterField("PVDE", 4), RegisterField("PLS", 5...7)]
          + [RegisterField("DBP", 8), RegisterField("FPDS", 9), RegisterField("LPUDS", 10), RegisterField("MRUDS", 11)]
          + [RegisterField("ADCDC1", 13), RegisterField("VOS", die.power.scaling.bits), RegisterField("ODEN", 16)]
          + [RegisterField("ODSWEN", 17), RegisterField("UDEN", 18...19)]),
      RegisterDescription(
        "CSR", at: Self.csr, reset: die.power.statusReset,
        [RegisterField("WUF", 0, .readOnly), RegisterField("SBF", 1, .readOnly), RegisterField("PVDO", 2, .readOnly)]
          + [RegisterField("BRR", 3, .readOnly), RegisterField("EWUP", 8), RegisterField("BRE", 9)]
          + [RegisterField("VOSRDY", 14, .readOnly), RegisterField("ODRDY", 16, .readOnly)]
          + [RegisterField("ODSWRDY", 17, .readOnly), RegisterField("UDRDY", 18...19)]),
    ])
  }

  private enum Status {
    static let wakeUp: UInt32 = 1 << 0
    static let standby: UInt32 = 1 << 1
    static let backupReady: UInt32 = 1 << 3
    static let pinEnable: UInt32 = 1 << 8
    static let backupEnable: UInt32 = 1 << 9
    /// What only a power-on resets.
    static let kept: UInt32 = wakeUp | standby | backupReady | backupEnable
  }

  /// WUF: something that ends Standby has happened and was not acknowledged.
  var hasWokenUp: Bool { registers[Self.csr] & Status.wakeUp != 0 }
  /// EWUP: whether a rising edge at PA0 ends Standby.
  var wakesByPin: Bool { registers[Self.csr] & Status.pinEnable != 0 }
  /// BRE: whether the backup SRAM keeps its contents in Standby.
  var keepsBackupMemory: Bool { registers[Self.csr] & Status.backupEnable != 0 }

  /// From the event that ends Stop to the first instruction, in nanoseconds: typical values with the regulator in its
  /// normal and its low-power mode, and with the flash in deep power-down (DS8626, table 36).
  var wakeUpTime: UInt64 {
    let control = registers[Self.cr]
    if control & 1 << 9 != 0 { return 110_000 }
    return control & 1 != 0 ? 17_000 : 13_000
  }

  /// Notes an event that ends Standby: WUF.
  func noteWakeUp() { registers[Self.csr] |= Status.wakeUp }

  /// Notes that the part has been in Standby: SBF.
  func noteStandby() { registers[Self.csr] |= Status.standby }

  /// Clears what outlives a system reset.
  func powerOnReset() { registers.reset() }

  /// PDDS: whether deep sleep is Standby and not Stop.
  var entersStandby: Bool { registers[Self.cr] & 1 << 1 != 0 }

  var nextEvent: UInt64? { overdriveReady }

  func advance(to now: UInt64) {
    guard let ready = overdriveReady, ready <= now else { return }
    registers[Self.csr] |= registers[Self.cr] & Self.overdrive
    overdriveReady = nil
  }

  func isSteady(_ offset: UInt32) -> Bool { true }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.csr {
      let isOn = registers[Self.csr] & Status.backupEnable != 0
      registers[Self.csr] = registers[Self.csr] & ~Status.backupReady | (isOn ? Status.backupReady : 0)
    }
    guard offset == Self.cr else { return }
    // CWUF and CSBF clear the flags of the last Standby.
    registers[Self.csr] &= ~(written >> 2 & 0b11)
    switchOverdrive(now)
    backupAccess.drive(registers[Self.cr] & 1 << 8 != 0)
  }

  /// A system reset keeps the flags of Standby and the backup regulator (RM0090, 5.4.3).
  func reset(now: UInt64) {
    let kept = registers[Self.csr] & Status.kept
    registers.reset()
    registers[Self.csr] |= kept
    overdriveReady = nil
    backupAccess.drive(false)
  }

  /// ODRDY and ODSWRDY follow ODEN and ODSWEN: up after their time, down at once.
  private func switchOverdrive(_ now: UInt64) {
    let wanted = registers[Self.cr] & Self.overdrive
    registers[Self.csr] &= ~Self.overdrive | wanted
    let isDue = wanted & ~registers[Self.csr] != 0
    overdriveReady = isDue ? now + Self.overdriveTime : nil
  }
}
