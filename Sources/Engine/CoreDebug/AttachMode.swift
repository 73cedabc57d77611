public import Failures

/// How to get hold of a target.
public enum AttachMode: String, Sendable, Hashable, CaseIterable {
  /// Connect and halt, without a reset.
  case normal
  /// Connect and touch nothing: no halt, no reset, no debug configuration.
  case hotPlug
  /// Connect while NRST is low and catch the core before its first instruction.
  case underReset
  /// As `normal`, and as `underReset` when that fails.
  case automatic
}

/// Whether NRST reaches the target.
public enum ResetLineFinding: String, Sendable, Hashable {
  /// Nobody pulled it.
  case notTested
  /// The core went into reset when the probe pulled it.
  case wired
  /// The core did not notice.
  case notWired
}

/// One thing that was tried to get hold of a target, and how it went.
public struct AttachStep: Sendable, Hashable {
  /// What was tried, in words: "connect without reset".
  public var action: String
  /// How it went, in words: "no answer on SWD".
  public var outcome: String
  /// Whether it worked.
  public var hasWorked: Bool

  /// The step that resets the core by the probe's own command.
  static let coreResetAction = "reset the core by RESETSYS and connect anew"

  /// Makes a step.
  public init(action: String, outcome: String, hasWorked: Bool) {
    self.action = action
    self.outcome = outcome
    self.hasWorked = hasWorked
  }
}

/// How a target was got hold of.
public struct AttachReport: Sendable, Hashable {
  /// The mode that was asked for.
  public var requestedMode: AttachMode
  /// The mode that worked; never `automatic`.
  public var mode: AttachMode
  /// What was tried, in order.
  public var steps: [AttachStep]
  /// The debug port's identification; 0x2BA0_1477 on F2 and F4.
  public var dpidr: UInt32
  /// Which core it is.
  public var cpuid: CPUID
  /// Whether NRST reaches the target.
  public var resetLine: ResetLineFinding
}

extension AttachReport {
  /// What the way in which the target was reached means for the user, one sentence each.
  public var notices: [Advice] {
    var notices: [Advice] = []
    if requestedMode == .automatic, mode == .underReset, let first = steps.first(where: { !$0.hasWorked }) {
      notices.append(
        """
        reached the target under reset only (\(first.action): \(first.outcome)): its program sleeps, resets the chip or \
        uses the SWD pins, and does so again once it runs; \
        \(.connectUnderReset, or: "connecting under reset") goes this way at once
        """)
    }
    if mode == .underReset && resetLine == .notWired {
      notices.append(
        """
        NRST does not reach the target: the core was halted as it ran and reset by SYSRESETREQ; a program that turns \
        SWD off cannot be caught so
        """)
    }
    return notices
  }
}

/// Why no mode got hold of the target.
public struct AttachFailure: Sendable, Equatable {
  /// The mode that was asked for.
  public var requestedMode: AttachMode
  /// What was tried, in order.
  public var steps: [AttachStep]
  /// Why the last try failed.
  public var cause: DebugError
  /// The voltage on the target's reference pin in millivolts; nil where the probe cannot measure it.
  public var targetMillivolts: Int?
  /// The probe.
  public var product: STLinkProduct
  /// Whether NRST reaches the target, as far as that was found out.
  public var resetLine: ResetLineFinding
  /// Whether the probe sits on one board with its chip, joined to it by jumpers.
  public var isProbeOnBoard: Bool

  /// Makes a failure.
  public init(
    requestedMode: AttachMode, steps: [AttachStep], cause: DebugError, targetMillivolts: Int?, product: STLinkProduct,
    resetLine: ResetLineFinding, isProbeOnBoard: Bool = false
  ) {
    self.isProbeOnBoard = isProbeOnBoard
    self.requestedMode = requestedMode
    self.steps = steps
    self.cause = cause
    self.targetMillivolts = targetMillivolts
    self.product = product
    self.resetLine = resetLine
  }
}
