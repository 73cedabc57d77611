import Basics

/// Something in the option bytes that makes trouble by itself, whatever the program does.
struct OptionProblem: Sendable, Equatable {
  /// What it is, in words and numbers.
  var text: String
  /// What it does to the chip.
  var cause: FailureCause
  /// Whether the chip may not work at all because of it.
  var isSevere = false
}

extension ProtectionState {
  /// Everything in the option bytes that makes trouble, worst first.
  ///
  /// - Parameter millivolts: the supply; nil where it is not known.
  func problems(millivolts: Int?) -> [OptionProblem] {
    let options = optionControl
    var problems: [OptionProblem] = []
    if let highest = options.brownOutMillivolts, let millivolts,
      (ConnectionEvidence.unpoweredMillivolts..<highest).contains(millivolts)
    {
      problems.append(
        OptionProblem(
          text:
            "brown-out reset \(options.brownOutReset), which the supply of \(millivolts.volts) does not reach for sure",
          cause: .brownOutLevel, isSevere: true))
    }
    if startsWatchdogAtReset {
      problems.append(
        OptionProblem(text: "the watchdog starts at every reset (WDG_SW)", cause: .watchdogResets))
    }
    let modes = [
      (options[.keepsRunningInStop], "Stop mode resets (nRST_STOP)"),
      (options[.keepsRunningInStandby], "Standby mode resets (nRST_STDBY)"),
    ].filter { !$0.0 }.map(\.1)
    if !modes.isEmpty {
      problems.append(OptionProblem(text: modes.joined(separator: ", "), cause: .lowPowerResets))
    }
    return problems
  }
}

extension FlashOptionControl {
  /// The threshold of the brown-out reset (BOR_LEV; RM0090, 3.9.10).
  var brownOutReset: String {
    switch self[.brownOutLevel] {
    case 0: "below 2.7 V (level 3)"
    case 1: "below 2.4 V (level 2)"
    case 2: "below 2.1 V (level 1)"
    default: "off"
    }
  }

  /// The supply below which the chip may be reset: the highest that the threshold is for a falling supply (DS8626, table
  /// 22, VBOR1 to VBOR3); nil where the brown-out reset is off.
  fileprivate var brownOutMillivolts: Int? {
    [0: 2880, 1: 2560, 2: 2240][self[.brownOutLevel]]
  }
}
