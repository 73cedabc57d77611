/// The calendar of RTC: time and date in the packed decimals of its registers (RM0090, 26.6.1 and 26.6.2).
struct Calendar: Equatable {
  private var seconds: UInt32 = 0
  private var minutes: UInt32 = 0
  private var hours: UInt32 = 0
  private var day: UInt32 = 1
  private var weekday: UInt32 = 1
  private var month: UInt32 = 1
  private var year: UInt32 = 0

  /// RTC_TR in the 24-hour format.
  var timeRegister: UInt32 {
    Calendar.packed(hours) << 16 | Calendar.packed(minutes) << 8 | Calendar.packed(seconds)
  }

  /// RTC_DR.
  var dateRegister: UInt32 {
    Calendar.packed(year) << 16 | weekday << 13 | Calendar.packed(month) << 8 | Calendar.packed(day)
  }

  /// Takes the time from RTC_TR.
  mutating func setTime(_ word: UInt32) {
    seconds = Calendar.unpacked(word & 0x7F)
    minutes = Calendar.unpacked(word >> 8 & 0x7F)
    hours = Calendar.unpacked(word >> 16 & 0x3F)
  }

  /// Takes the date from RTC_DR.
  mutating func setDate(_ word: UInt32) {
    day = Calendar.unpacked(word & 0x3F)
    month = Calendar.unpacked(word >> 8 & 0x1F)
    weekday = word >> 13 & 0b111
    year = Calendar.unpacked(word >> 16 & 0xFF)
  }

  /// Goes on by a second; every fourth year is a leap year.
  mutating func addSecond() {
    seconds += 1
    guard seconds > 59 else { return }
    (seconds, minutes) = (0, minutes + 1)
    guard minutes > 59 else { return }
    (minutes, hours) = (0, hours + 1)
    guard hours > 23 else { return }
    (hours, day, weekday) = (0, day + 1, weekday % 7 + 1)
    let lengths: [UInt32] = [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day > lengths[Int(max(month, 1) - 1) % 12] else { return }
    (day, month) = (1, month + 1)
    guard month > 12 else { return }
    (month, year) = (1, (year + 1) % 100)
  }

  /// Whether an alarm register's fields that are not masked equal the time (RM0090, 26.6.7).
  func matches(_ alarm: UInt32) -> Bool {
    let time = timeRegister
    if alarm & 1 << 7 == 0, (alarm ^ time) & 0x7F != 0 { return false }
    if alarm & 1 << 15 == 0, (alarm ^ time) & 0x7F00 != 0 { return false }
    if alarm & 1 << 23 == 0, (alarm ^ time) & 0x7F_0000 != 0 { return false }
    guard alarm & 1 << 31 == 0 else { return true }
    let isWeekday = alarm & 1 << 30 != 0
    return alarm >> 24 & (isWeekday ? 0xF : 0x3F) == (isWeekday ? weekday : Calendar.packed(day))
  }

  private static func packed(_ value: UInt32) -> UInt32 { (value / 10) << 4 | value % 10 }
  private static func unpacked(_ word: UInt32) -> UInt32 { (word >> 4) * 10 + (word & 0xF) }
}
