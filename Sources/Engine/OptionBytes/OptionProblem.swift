import Basics
import Failures

/// Something in the option bytes that makes trouble by itself, whatever the program does.
struct OptionProblem: Sendable, Equatable {
  /// What it is, in words and numbers.
  var text: String
  /// What it does to the chip.
  var cause: FailureCause
  /// Whether the chip may not work at all because of it.
  var isSevere = false
}

extension OptionBytes {
  /// Everything in the option bytes that makes trouble, worst first.
  ///
  /// - Parameter millivolts: the supply; nil where it is not known.
  func problems(millivolts: Int?) -> [OptionProblem] {
    var problems: [OptionProblem] = []
    if let highest = brownOutThreshold?.falling, let millivolts,
      (ConnectionEvidence.unpoweredMillivolts..<highest).contains(millivolts)
    {
      problems.append(
        OptionProblem(
          text:
            "brown-out reset \(brownOutReset), which the supply of \(millivolts.volts) does not reach for sure",
          cause: .brownOutLevel, isSevere: true))
    }
    if self[.softwareWatchdog] == 0 {
      problems.append(
        OptionProblem(text: "the watchdog starts at every reset (WDG_SW)", cause: .watchdogResets))
    }
    let modes = [
      (self[.keepsRunningInStop], "Stop mode resets (nRST_STOP)"),
      (self[.keepsRunningInStandby], "Standby mode resets (nRST_STDBY)"),
    ].filter { $0.0 == 0 }.map(\.1)
    if !modes.isEmpty {
      problems.append(OptionProblem(text: modes.joined(separator: ", "), cause: .lowPowerResets))
    }
    return problems
  }

  /// The threshold of the brown-out reset (BOR_LEV; RM0090, 3.9.10).
  var brownOutReset: String {
    switch self[.brownOutLevel] {
    case 0b00: "below 2.7 V (level 3)"
    case 0b01: "below 2.4 V (level 2)"
    case 0b10: "below 2.1 V (level 1)"
    default: "off"
    }
  }

  /// The supplies in millivolts that a brown-out level makes necessary: below `falling` the chip may be reset, below
  /// `rising` it may not start; the highest that the data sheets give each (DS8626, table 22, VBOR1 to VBOR3).
  ///
  /// Nil where the brown-out reset is off.
  var brownOutThreshold: (falling: Int, rising: Int)? {
    switch self[.brownOutLevel] {
    case 0b00: (2880, 2970)
    case 0b01: (2560, 2630)
    case 0b10: (2240, 2330)
    default: nil
    }
  }
}
