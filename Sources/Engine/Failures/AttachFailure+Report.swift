extension AttachFailure {
  /// The failure as a user reads it: the last try's cause, everything that was tried, and what to check on this board.
  ///
  /// No chip id is ever shown here: after a failed command the probe's buffer holds bytes of something else.
  public var report: FailureReport {
    let inner = cause.ownReport
    var evidence = steps.map { "\($0.action): \($0.outcome)" } + inner.evidence
    evidence.append(supplyEvidence)
    if let finding = resetLineEvidence { evidence.append(finding) }
    return FailureReport(
      inner.category, "cannot connect to the target: \(inner.summary)", evidence: evidence,
      remedies: isSilent ? silentTargetRemedies : ([resetRemedy] + inner.remedies + [powerRemedy]).compactMap { $0 })
  }

  /// What a reset can still do: nothing where it was tried over a wired NRST.
  private var resetRemedy: String? {
    guard cause.resetMayHelp else { return nil }
    switch resetLine {
    case .wired: return nil
    case .notWired: return "Wire NRST to the probe: without it a target that sleeps or locks up cannot be caught"
    case .notTested: return hasTriedReset ? nil : StatusExplanation.connectUnderReset
    }
  }

  private var hasTriedReset: Bool { requestedMode == .underReset || requestedMode == .automatic }

  /// Whether nothing at all answered on SWD.
  private var isSilent: Bool {
    guard case .status(let status, _, _) = cause else { return false }
    return [.getIDCodeError, .noDeviceConnected, .unknownJTAGChain].contains(status)
  }

  private var supplyEvidence: String {
    guard let targetMillivolts else { return "target voltage: this probe cannot measure it" }
    return "target voltage: \(Quantity.volts(millivolts: targetMillivolts))"
  }

  private var resetLineEvidence: String? {
    switch resetLine {
    case .notTested: nil
    case .wired: "NRST reaches the target"
    case .notWired: "NRST does not reach the target: the core did not notice when it was pulled low"
    }
  }

  /// What to check when nothing answers, likeliest first: jumpers, power, reset, wires, the program in the chip.
  private var silentTargetRemedies: [String] {
    let power = powerRemedy
    let isUnpowered = targetMillivolts.map { $0 < AttachFailure.lowestSupplyMillivolts } ?? false
    var remedies = isUnpowered ? [power, jumperRemedy] : [jumperRemedy, power]
    remedies += [
      "Check that nothing holds NRST low: a button, a supervisor, another programmer",
      product.generation == .v21 ? nil : "Check SWDIO, SWCLK and GND: loose or swapped wires look like this",
      hasTriedReset
        ? "If a program in the chip takes over the SWD pins, wire NRST to the probe, or start with BOOT0 high"
        : "If a program in the chip sleeps or takes over the SWD pins, connect under reset (--connect-under-reset)",
      "A chip at read protection level 2 never answers again",
    ]
    return remedies.compactMap { $0 }
  }

  /// The jumpers that join a board's ST-LINK to its chip, by the boards that carry this kind of probe.
  private var jumperRemedy: String? {
    switch product.generation {
    case .v21:
      "Fit both ST-LINK jumpers: CN2 on a Nucleo-64, CN4 on a Nucleo-144 or 32F429IDISCOVERY, CN3 on an STM32F4DISCOVERY"
    case .v2: "On a Discovery board fit both ST-LINK jumpers: CN3 on an STM32F4DISCOVERY, CN4 on a 32F429IDISCOVERY"
    case .v3: "On a board with its own ST-LINK, check that the jumpers between ST-LINK and chip are fitted"
    case .v1, .v3Power: nil
    }
  }

  private var powerRemedy: String? {
    guard let targetMillivolts else { return "Check that the target has its supply" }
    let volts = Quantity.volts(millivolts: targetMillivolts)
    if targetMillivolts < AttachFailure.lowestSupplyMillivolts {
      return "Power the target: its reference pin has \(volts), and it needs at least 1.8 V"
    }
    return isSilent
      ? "Check the chip's own supply (jumper IDD or JP5): the \(volts) are measured on the board, not at the chip" : nil
  }

  /// The least that every F2 and F4 line works at with all its supply supervision on (data sheets, VDD).
  private static let lowestSupplyMillivolts = 1800
}
