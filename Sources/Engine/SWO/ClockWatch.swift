import LinkInterface

/// Finds HCLK out, and whether it has changed, while a program runs.
///
/// RCC's registers tell it but for the crystal. Where that is not known, the usual one is supposed, and the cycle counter is
/// compared with the probe's clock until it agrees with one of those that are built into boards.
struct ClockWatch: Sendable {
  private let fastestMegahertz: Int
  private let fixedHertz: Int?
  /// The crystal, where it is known or was found out.
  private var crystalHertz: Int?
  /// HCLK as it was found last.
  private var hertz = 0
  /// When RCC is looked at next, and after how long again.
  private var nextLook = Duration.zero
  private var interval = ClockWatch.shortestInterval
  /// The cycle counter at a time, while a crystal is looked for.
  private var measurement: (count: UInt32, time: Duration)?

  /// Programs set their clocks in their first milliseconds.
  private static let shortestInterval = Duration.milliseconds(1)
  private static let longestInterval = Duration.milliseconds(100)
  /// Long enough for a percent, with an access that takes a millisecond at an unknown moment.
  private static let measuringTime = Duration.milliseconds(100)
  /// How far a measurement may be off, in thousandths.
  private static let tolerance = 20
  /// The crystals of ST's boards and of the usual others, likeliest first.
  private static let usualCrystals = [8_000_000, 25_000_000, 12_000_000, 16_000_000, 24_000_000, 26_000_000, 4_000_000]

  init(fastestMegahertz: Int, crystalHertz: Int?, fixedHertz: Int?) {
    self.fastestMegahertz = fastestMegahertz
    self.crystalHertz = crystalHertz
    self.fixedHertz = fixedHertz
  }

  /// HCLK now.
  mutating func begin(_ access: any DebugAccess) throws(DebugError) -> Int {
    if let fixedHertz { hertz = fixedHertz } else { hertz = try read(access) }
    (interval, nextLook) = (ClockWatch.shortestInterval, access.clock.now)
    return hertz
  }

  /// HCLK, where it was looked at; nil where it was not.
  mutating func look(_ access: any DebugAccess) throws(DebugError) -> Int? {
    guard fixedHertz == nil, access.clock.now >= nextLook else { return nil }
    let found = try read(access)
    interval = found == hertz ? min(interval * 2, ClockWatch.longestInterval) : ClockWatch.shortestInterval
    nextLook = access.clock.now + interval
    hertz = found
    return found
  }

  private mutating func read(_ access: any DebugAccess) throws(DebugError) -> Int {
    let registers = try SystemClock.readRegisters(access)
    let clock = clock(registers, crystalHertz)
    if clock.isExact {
      measurement = nil
      return clock.hertz.lowerBound
    }
    var choices: [(crystal: Int, hertz: Int)] = []
    for crystal in ClockWatch.usualCrystals {
      let supposed = self.clock(registers, crystal).hertz.lowerBound
      if clock.hertz.contains(supposed) { choices.append((crystal, supposed)) }
    }
    guard let usual = choices.first else { return clock.hertz.upperBound }
    guard let measured = try measure(access, usual.hertz) else { return usual.hertz }
    let fitting = choices.first { abs($0.hertz - measured) * 1000 <= ClockWatch.tolerance * $0.hertz }
    crystalHertz = fitting?.crystal
    return fitting?.hertz ?? usual.hertz
  }

  private func clock(_ registers: SystemClock.Registers, _ crystal: Int?) -> SystemClock {
    SystemClock(
      control: registers.control, pll: registers.pll, configuration: registers.configuration,
      fastestMegahertz: fastestMegahertz, crystalHertz: crystal)
  }

  /// HCLK by the cycle counter and the probe's clock; nil until enough time has passed, or where the counter stands.
  private mutating func measure(_ access: any DebugAccess, _ supposed: Int) throws(DebugError) -> Int? {
    let begin = access.clock.now
    let count = try access.read(.cycleCount)
    let time = begin + (access.clock.now - begin) / 2
    guard let first = measurement else {
      measurement = (count, time)
      return nil
    }
    let elapsed = time - first.time
    guard elapsed >= ClockWatch.measuringTime else { return nil }
    measurement = (count, time)
    let (seconds, attoseconds) = elapsed.components
    let length = Double(seconds) + Double(attoseconds) * 1e-18
    let cycles = Double(count &- first.count)
    return cycles > 0 ? Int(cycles / length) : nil
  }
}
