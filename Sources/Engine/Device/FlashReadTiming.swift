import Basics

/// Whether reads of the flash come too early: FLASH_ACR.LATENCY against HCLK and the supply.
///
/// A read with too few wait states gives whatever the sense amplifiers hold by then (RM0090, 3.5.1): main flash, option
/// bytes, OTP, ROM and the factory's data alike, for a program and for a debugger.
public struct FlashReadTiming: Sendable, Equatable {
  /// What the registers say of the reads.
  enum Verdict: Sendable, Equatable {
    /// Enough wait states, whatever is not known exactly.
    case sufficient
    /// Enough for some of what the clock and the supply may be.
    case uncertain
    /// Too few in any case.
    case insufficient
  }

  /// HCLK.
  var clock: SystemClock
  /// The wait states that are set.
  var latency: Int
  /// The supply in millivolts, as far as it is known.
  var millivolts: ClosedRange<Int>
  /// What the die needs.
  var waitStates: FlashWaitStates

  /// What the chips work at.
  private static let possibleMillivolts = 1700...3600
  /// How far a probe's measurement may be off, in hundredths.
  private static let tolerance = 5

  /// Reads registers only, which answer rightly whatever the flash does.
  static func read(
    _ access: any DebugAccess, _ die: Die, millivolts: Int?
  ) throws(DebugError) -> FlashReadTiming {
    let clock = try SystemClock.read(access, fastestMegahertz: die.maximumMegahertz)
    let control = try access.read(FlashAccessControl.self)
    return FlashReadTiming(
      clock: clock, latency: Int(control[.latency]), millivolts: supply(millivolts), waitStates: die.waitStates)
  }

  /// The supply as measured, with the tolerance of a probe; an open reference pin says nothing.
  private static func supply(_ millivolts: Int?) -> ClosedRange<Int> {
    guard let millivolts, possibleMillivolts.contains(millivolts) else { return possibleMillivolts }
    return millivolts * (100 - tolerance) / 100...millivolts * (100 + tolerance) / 100
  }

  /// What the registers say.
  var verdict: Verdict {
    if let most = waitStates.needed(atHertz: clock.hertz.upperBound, millivolts: millivolts.lowerBound),
      latency >= most
    {
      return .sufficient
    }
    guard let leastNeeded, latency >= leastNeeded else { return .insufficient }
    return .uncertain
  }

  /// Whether nothing that the registers do not tell could make the reads wrong.
  var isBeyondDoubt: Bool { clock.isInternal || clock.isExact && verdict == .sufficient }

  /// Whether no number of wait states would be enough.
  var isBeyondHelp: Bool { leastNeeded == nil }

  /// The wait states without which no read can be right; nil where no number of them is enough.
  private var leastNeeded: Int? {
    waitStates.needed(atHertz: clock.hertz.lowerBound, millivolts: millivolts.upperBound)
  }

  /// The registers in one sentence: "HCLK is 84 MHz, which needs 2 wait states, and FLASH_ACR sets 0".
  var sentence: String {
    let fastest = waitStates.fastestMegahertz(millivolts: millivolts.upperBound)
    guard let leastNeeded else {
      return "HCLK is \(clock.text), and the flash follows \((fastest * 1000).frequency) at the most"
    }
    guard verdict == .insufficient else {
      let unknown =
        clock.isExact ? "is \(clock.text) at a supply that is not known" : "comes from a crystal that is not known"
      return "HCLK \(unknown), and FLASH_ACR sets \(FlashReadTiming.count(latency))"
    }
    return "HCLK is \(clock.text), which needs \(FlashReadTiming.count(leastNeeded)), and FLASH_ACR sets \(latency)"
  }

  private static func count(_ waitStates: Int) -> String {
    waitStates == 1 ? "1 wait state" : "\(waitStates) wait states"
  }
}
