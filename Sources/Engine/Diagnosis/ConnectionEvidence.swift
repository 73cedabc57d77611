public import Failures

/// What is known when no way of connecting got hold of a target.
public struct ConnectionEvidence: Sendable, Equatable {
  /// How the last attempt ended.
  public enum Symptom: Sendable, Equatable {
    /// Nothing answers on SWD.
    case silent
    /// Something answers, with errors on the way.
    case garbled
    /// The target asks for patience for ever.
    case waits
    /// The target answers and stays in reset.
    case staysInReset
    /// The target is in reset at every look and has executed something in between.
    case resetsAgain
    /// The target answers and its core does not halt.
    case neverHalts
    /// The target answers and refuses accesses.
    case refuses
  }

  /// How the last attempt ended.
  public var symptom: Symptom
  /// The voltage on the target's reference pin in millivolts; nil where the probe cannot measure it.
  public var millivolts: Int?
  /// Whether the probe sits on one board with its chip, joined to it by jumpers.
  public var isProbeOnBoard: Bool
  /// Whether connecting under reset has been tried.
  public var hasTriedReset: Bool
  /// Whether NRST reaches the target, as far as that was found out.
  public var resetLine: ResetLineFinding

  /// Makes evidence.
  public init(
    symptom: Symptom, millivolts: Int?, isProbeOnBoard: Bool, hasTriedReset: Bool, resetLine: ResetLineFinding
  ) {
    self.symptom = symptom
    self.millivolts = millivolts
    self.isProbeOnBoard = isProbeOnBoard
    self.hasTriedReset = hasTriedReset
    self.resetLine = resetLine
  }
}

extension ConnectionEvidence {
  /// Below this a reference pin measures nothing but leakage (stlink-org/stlink 1098 and others: 1.2 to 1.55 V).
  static let unpoweredMillivolts = 1600
  /// The least that every F2 and F4 line works at with all its supply supervision on (data sheets, VDD).
  private static let lowestMillivolts = 1800

  /// What may be behind it, likeliest first.
  ///
  /// The supply comes first where the voltage speaks against it. A silent wire has several causes that no host can tell
  /// apart; they are all named.
  public var causes: [FailureCause] {
    switch symptom {
    case .silent: silentCauses
    case .garbled: suppliesFirst([.badCable, .brownOut, .capacitorMissing])
    case .waits: suppliesFirst(hasTriedReset ? [.resetOpen, .sleeps, .capacitorMissing] : [.sleeps, .badCable])
    case .staysInReset: [.resetHeldLow, .resetLoop] + brownOutCauses
    case .resetsAgain: [.resetLoop, .watchdogResets, .resetHeldLow]
    case .neverHalts: suppliesFirst([.resetOpen, .sleeps, .capacitorMissing])
    case .refuses: suppliesFirst([.cloneChip, .readProtected, .capacitorMissing])
    }
  }

  private var silentCauses: [FailureCause] {
    // A program that closes SWD is ruled out only by a reset that has reached the chip.
    let isProgramPossible = !(hasTriedReset && resetLine == .wired)
    let program: [FailureCause] = isProgramPossible ? [.pinsReused, .sleeps] + (hasTriedReset ? [.resetOpen] : []) : []
    let wires: [FailureCause] = isProbeOnBoard ? [.jumpersOpen] : [.badCable]
    let rest: [FailureCause] = isProbeOnBoard ? [.badCable] : [.jumpersOpen]
    return suppliesFirst(wires + brownOutCauses + program + rest + [.targetUnpowered, .readProtectedForEver])
  }

  /// A chip below its brown-out level is in its power reset, and silent; the highest level releases it at this supply at
  /// the latest (DS8626, table 22, VBOR3, rising).
  private var brownOutCauses: [FailureCause] {
    guard let millivolts, (ConnectionEvidence.lowestMillivolts..<2970).contains(millivolts) else { return [] }
    return [.brownOutLevel]
  }

  private func suppliesFirst(_ others: [FailureCause]) -> [FailureCause] {
    guard let millivolts, millivolts < ConnectionEvidence.lowestMillivolts else { return others }
    let supply: [FailureCause] =
      millivolts < ConnectionEvidence.unpoweredMillivolts ? [.targetUnpowered, .supplyLow] : [.supplyLow, .brownOut]
    return supply + others.filter { !supply.contains($0) }
  }
}

extension AttachFailure {
  /// The failure as evidence for its causes.
  var evidence: ConnectionEvidence {
    ConnectionEvidence(
      symptom: cause.connectionSymptom, millivolts: targetMillivolts, isProbeOnBoard: isProbeOnBoard,
      hasTriedReset: hasTriedReset, resetLine: resetLine)
  }

  /// Whether a reset was part of what was tried.
  var hasTriedReset: Bool { requestedMode == .underReset || requestedMode == .automatic }
}

extension DebugError {
  /// How an attempt to connect ended.
  fileprivate var connectionSymptom: ConnectionEvidence.Symptom {
    switch self {
    case .fault(let fault, _, _):
      switch fault.kind {
      case .silent, .absent: return .silent
      case .waits, .unpowered: return .waits
      case .garbled, .lost: return .garbled
      case .refused, .ofTheLink: return .refuses
      }
    case .targetTimeout(_, _, let value):
      // S_RESET_ST clears when it is read: where it stays, the core is in reset, or is reset again all the time.
      let dhcsr = DHCSR(rawValue: value ?? 0)
      guard dhcsr[.reset] else { return .neverHalts }
      return dhcsr[.retired] ? .resetsAgain : .staysInReset
    default: return .refuses
    }
  }
}
