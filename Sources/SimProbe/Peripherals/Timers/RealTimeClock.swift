/// RTC: the calendar, alarms, the wake-up timer and the backup registers (RM0090, 26).
///
/// It belongs to the backup domain: only power-on and BDCR.BDRST reset it, and PWR_CR.DBP lets it be written.
/// Calibration, time stamps and tamper detection are registers only.
final class RealTimeClock: Peripheral {
  let name = "RTC"
  let registers = RegisterFile(RegisterTable.realTimeClock.registers)
  /// Whether the backup domain takes writes (PWR_CR.DBP).
  var isWritable = false
  /// The alarms' and the wake-up timer's lines to EXTI (17 and 22).
  let alarm = Line()
  let wakeUp = Line()

  private static let tr: UInt32 = 0x00
  private static let dr: UInt32 = 0x04
  private static let cr: UInt32 = 0x08
  private static let isr: UInt32 = 0x0C
  private static let prer: UInt32 = 0x10
  private static let wutr: UInt32 = 0x14
  private static let wpr: UInt32 = 0x24
  private static let ssr: UInt32 = 0x28
  private static let firstUnprotected: UInt32 = 0x40
  private static let alarms: [UInt32] = [0x1C, 0x20]

  private enum Status {
    static let shadowReady: UInt32 = 1 << 5
    static let initialised: UInt32 = 1 << 4
    static let inInitialisation: UInt32 = 1 << 6
    static let initialise: UInt32 = 1 << 7
  }

  private var clock = PeriodCounter(hertz: 0)
  /// Periods of RTCCLK within the present second.
  private var phase: UInt64 = 0
  private var calendar = Calendar()
  private var keysSeen = 0
  /// Periods of RTCCLK until the wake-up timer runs out.
  private var wakeUpLeft: UInt64 = 0
  /// When the bits that wait for RTCCLK follow: INITF, RSF, WUTWF, ALRxWF.
  private var synchronised: UInt64?

  /// Periods of RTCCLK in a second.
  private var periodsPerSecond: UInt64 {
    let word = registers[Self.prer]
    return UInt64(word >> 16 & 0x7F + 1) * UInt64(word & 0x7FFF + 1)
  }

  // MARK: Time

  var nextEvent: UInt64? {
    var next = synchronised
    let control = registers[Self.cr]
    if control & 1 << 10 != 0, let time = clock.time(after: wakeUpLeft) { next = min(next ?? .max, time) }
    if control & 0x300 != 0, !isInitialising, let time = clock.time(after: periodsPerSecond - phase) {
      next = min(next ?? .max, time)
    }
    return next
  }

  func advance(to now: UInt64) {
    let periods = clock.take(until: now)
    if let time = synchronised, time <= now {
      synchronised = nil
      synchronise()
    }
    if registers[Self.cr] & 1 << 10 != 0 { countWakeUp(periods) }
    guard !isInitialising else { return }
    phase += periods
    while phase >= periodsPerSecond {
      phase -= periodsPerSecond
      calendar.addSecond()
      matchAlarms()
    }
  }

  func clockChanged(to hertz: UInt64, now: UInt64) {
    guard hertz != clock.hertz else { return }
    clock.change(to: hertz)
    awaitSynchronisation()
  }

  private var isInitialising: Bool { registers[Self.isr] & Status.inInitialisation != 0 }

  /// The shadow registers and the write flags follow within two periods of RTCCLK.
  private func awaitSynchronisation() {
    synchronised = clock.time(after: 2)
  }

  private func synchronise() {
    let control = registers[Self.cr]
    var status = registers[Self.isr] | Status.shadowReady
    let flags: [(isSet: Bool, mask: UInt32)] = [
      (control & 1 << 8 == 0, 1 << 0), (control & 1 << 9 == 0, 1 << 1), (control & 1 << 10 == 0, 1 << 2),
      (status & Status.initialise != 0, Status.inInitialisation),
    ]
    for flag in flags { status = flag.isSet ? status | flag.mask : status & ~flag.mask }
    registers[Self.isr] = status
  }

  // MARK: Registers

  func prepareRead(_ offset: UInt32, now: UInt64) {
    switch offset {
    case Self.tr: registers[offset] = calendar.timeRegister
    case Self.dr: registers[offset] = calendar.dateRegister
    case Self.ssr:
      let asynchronous = UInt64(registers[Self.prer] >> 16 & 0x7F + 1)
      registers[offset] = (registers[Self.prer] & 0x7FFF) - UInt32(phase / asynchronous)
    default: break
    }
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    if offset == Self.wpr { return noteKey(written & 0xFF) }
    guard isWritable, keysSeen == 2 || offset >= Self.firstUnprotected || offset == Self.isr else {
      return registers[offset] = old
    }
    switch offset {
    case Self.tr: if isInitialising { calendar.setTime(registers[offset]) }
    case Self.dr: if isInitialising { calendar.setDate(registers[offset]) }
    case Self.prer: if !isInitialising { registers[offset] = old }
    case Self.isr: writeStatus(written, old)
    case Self.cr:
      if registers[offset] & ~old & 1 << 10 != 0 { reloadWakeUp() }
      awaitSynchronisation()
      updateLines()
    default: break
    }
  }

  /// A system reset leaves the backup domain alone but for the shadow registers.
  func reset(now: UInt64) {
    keysSeen = 0
    registers[Self.isr] &= ~Status.shadowReady
    awaitSynchronisation()
  }

  /// Resets the backup domain.
  func resetBackupDomain(now: UInt64) {
    registers.reset()
    calendar = Calendar()
    (phase, keysSeen, synchronised) = (0, 0, nil)
    updateLines()
  }

  /// 0xCA and then 0x53 open the registers, anything else closes them.
  private func noteKey(_ key: UInt32) {
    keysSeen = key == 0xCA ? 1 : key == 0x53 && keysSeen == 1 ? 2 : 0
  }

  /// INIT stays as written, RSF and the flags fall where a 0 is written; only INIT is protected by the key.
  private func writeStatus(_ written: UInt32, _ old: UInt32) {
    let cleared = ~written & (0x7F00 | Status.shadowReady)
    var status = old & ~cleared
    if keysSeen == 2 { status = status & ~Status.initialise | written & Status.initialise }
    registers[Self.isr] = status
    if isInitialising, status & Status.initialise == 0 {
      registers[Self.isr] = status & ~Status.inInitialisation | Status.initialised
      phase = 0
    }
    awaitSynchronisation()
    updateLines()
  }

  // MARK: Alarms and the wake-up timer

  private func matchAlarms() {
    for (index, register) in Self.alarms.enumerated() where registers[Self.cr] & 1 << UInt32(8 + index) != 0 {
      guard calendar.matches(registers[register]) else { continue }
      registers[Self.isr] |= 1 << UInt32(8 + index)
      updateLines()
    }
  }

  private func reloadWakeUp() {
    let selection = registers[Self.cr] & 0b111
    let count = UInt64(registers[Self.wutr]) + 1 + (selection & 0b110 == 0b110 ? 0x1_0000 : 0)
    // 0 to 3 divide RTCCLK by 16, 8, 4, 2; from 4 on seconds are counted.
    wakeUpLeft = count * (selection < 4 ? 16 >> UInt64(selection) : periodsPerSecond)
  }

  private func countWakeUp(_ periods: UInt64) {
    guard periods >= wakeUpLeft else { return wakeUpLeft -= periods }
    reloadWakeUp()
    registers[Self.isr] |= 1 << 10
    updateLines()
  }

  private var isAlarmAsking: Bool { registers[Self.isr] >> 8 & registers[Self.cr] >> 12 & 0b11 != 0 }
  private var isWakeUpAsking: Bool { registers[Self.isr] & 1 << 10 != 0 && registers[Self.cr] & 1 << 14 != 0 }
  /// Whether an alarm or the wake-up timer asks for an interrupt, which ends Standby too.
  var isAsking: Bool { isAlarmAsking || isWakeUpAsking }

  private func updateLines() {
    alarm.drive(isAlarmAsking)
    wakeUp.drive(isWakeUpAsking)
  }
}
