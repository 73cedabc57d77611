/// ADC1 to ADC3 with their common registers: conversions take their time and find nothing at the pins (RM0090, 13).
///
/// The internal channels read what a part at 25 °C and 3.3 V reads; every other channel reads 0.
final class AnalogConverters: Peripheral {
  let name = "ADC"
  let registers: RegisterFile
  /// The interrupt (line 18).
  let interrupt = Line()

  private static let sr: UInt32 = 0x00
  private static let cr1: UInt32 = 0x04
  private static let cr2: UInt32 = 0x08
  private static let sqr1: UInt32 = 0x2C
  private static let sqr3: UInt32 = 0x34
  private static let dr: UInt32 = 0x4C
  private static let commonControl: UInt32 = 0x304
  private static let stride: UInt32 = 0x100

  /// Sampling times in periods of ADCCLK by SMPx (RM0090, 13.13.4).
  private static let samplingTimes: [UInt64] = [3, 15, 28, 56, 84, 112, 144, 480]
  /// Successive approximation, in periods by RES.
  private static let resolutionTimes: [UInt64] = [12, 10, 8, 6]

  private var hertz = ClockTree.reset.apb2
  private var ends: [UInt64?]

  init(die: Die) {
    let count = UInt32(die.converterCount)
    ends = Array(repeating: nil, count: Int(count))
    var table = RegisterTable.analogConverter
    for index in 1..<3 where index < count { table = table.adding(.analogConverter, at: UInt32(index) * Self.stride) }
    registers = RegisterFile(table.adding(.analogCommon, at: 0x300).registers)
  }

  var nextEvent: UInt64? { ends.compactMap(\.self).min() }

  func advance(to now: UInt64) {
    for index in ends.indices {
      while let end = ends[index], end <= now { finish(index, at: end) }
    }
  }

  func clockChanged(to hertz: UInt64, now: UInt64) { self.hertz = hertz }

  func postpone(by nanoseconds: UInt64) { ends = ends.map { $0.map { $0 + nanoseconds } } }

  func didRead(_ offset: UInt32, now: UInt64) {
    guard offset % Self.stride == Self.dr, offset < 0x300 else { return }
    registers[offset - Self.dr + Self.sr] &= ~(1 << 1)
    updateInterrupt()
  }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    let index = Int(offset / Self.stride)
    if ends.indices.contains(index), offset % Self.stride == Self.cr2 {
      let base = UInt32(index) * Self.stride
      let control = registers[base + Self.cr2]
      if control & 1 == 0 {
        ends[index] = nil
      } else if control & 1 << 30 != 0 {
        registers[base + Self.cr2] &= ~(1 << 30)
        registers[base + Self.sr] |= 1 << 4
        ends[index] = now + conversionTime(base)
      }
    }
    updateInterrupt()
  }

  func reset(now: UInt64) {
    registers.reset()
    ends = ends.map { _ in nil }
    updateInterrupt()
  }

  private func channel(_ base: UInt32) -> UInt32 { registers[base + Self.sqr3] & 0x1F }

  /// Sampling and approximation in periods of PCLK2 / ADCPRE, as nanoseconds.
  private func conversionTime(_ base: UInt32) -> UInt64 {
    let channel = channel(base)
    let sampling =
      channel < 10
      ? registers[base + 0x10] >> (channel * 3) & 0b111 : registers[base + 0x0C] >> ((channel - 10) * 3) & 0b111
    let resolution = registers[base + Self.cr1] >> 24 & 0b11
    let periods = Self.samplingTimes[Int(sampling)] + Self.resolutionTimes[Int(resolution)]
    let divider = UInt64(registers[Self.commonControl] >> 16 & 0b11) * 2 + 2
    return hertz > 0 ? periods * divider * 1_000_000_000 / hertz : 0
  }

  private func finish(_ index: Int, at end: UInt64) {
    let base = UInt32(index) * Self.stride
    let isLeftAligned = registers[base + Self.cr2] & 1 << 11 != 0
    let resolution = registers[base + Self.cr1] >> 24 & 0b11
    let value = sample(channel(base)) >> (resolution * 2)
    registers[base + Self.dr] = isLeftAligned ? value << 4 : value
    registers[base + Self.sr] |= 1 << 1
    ends[index] = registers[base + Self.cr2] & 1 << 1 != 0 ? end + conversionTime(base) : nil
    updateInterrupt()
  }

  /// Twelve bits of a channel: 17 is the 1.21 V reference, 16 and 18 the temperature sensor at 0.76 V.
  private func sample(_ channel: UInt32) -> UInt32 {
    switch channel {
    case 17: 1502
    case 16, 18: 943
    default: 0
    }
  }

  private func updateInterrupt() {
    interrupt.drive(
      ends.indices.contains { index in
        let base = UInt32(index) * Self.stride
        return registers[base + Self.sr] & 1 << 1 != 0 && registers[base + Self.cr1] & 1 << 5 != 0
      })
  }
}
