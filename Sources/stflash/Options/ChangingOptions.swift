import ArgumentParser
import Engine

/// What a change of option bytes may do beside it.
struct ChangingOptions: ParsableArguments {
  @Flag(help: "Show what would change, and touch nothing.")
  var plan = false

  @Flag(help: "Allow what erases the whole flash: read protection from level 1 to level 0, PCROP taken off.")
  var eraseEverything = false

  @Option(
    help: ArgumentHelp(
      "Allow what cannot be undone, by its words: \"RDP level 2\", \"PCROP\".", valueName: "words"))
  var irreversible: [String] = []

  /// What is asked for beside the change.
  var choices: OptionWork {
    OptionWork(
      isShown: plan,
      permissions: OptionPermissions(mayEraseEverything: eraseEverything, commitments: irreversible))
  }
}

/// A change of option bytes, carried out or only shown.
struct OptionWork {
  /// Whether the plan is shown and nothing is touched.
  let isShown: Bool
  /// What is allowed.
  let permissions: OptionPermissions

  /// Carries a plan out, or shows it.
  func carryOut(
    _ plan: OptionPlan, _ bench: TargetRun.Bench, _ reporter: any Reporter
  ) throws(CommandFailure) -> any CommandResult {
    if isShown { return OptionPlanResult(plan: plan, permissions: permissions) }
    plan.warnings.forEach { reporter.report(.warning($0)) }
    try reporting { () throws(SessionError) in try bench.session.execute(plan, permitting: permissions) }
    return OptionWork.result(of: plan, bench)
  }

  private static func result(of plan: OptionPlan, _ bench: TargetRun.Bench) -> WorkResult {
    let end =
      plan.changes.contains { $0.effect == .nextStart }
      ? "which counts when the chip is switched off and on," : "read back and loaded,"
    let sentence =
      plan.isEmpty
      ? "\(bench.device.name) has that already: nothing was changed,"
      : "\(plan.erasedSectors.isEmpty ? "" : "erased the flash and ")set \(plan.valuesInWords) in \(bench.device.name), \(end)"
    return WorkResult(
      name: "optionsChanged", sentence: sentence,
      facts: [
        JSONMember("changes", .array(plan.changes.map(\.value))),
        JSONMember("erased", .boolean(!plan.erasedSectors.isEmpty)),
        JSONMember("needsPowerCycle", .boolean(plan.needsPowerCycle)),
      ],
      figures: bench.work.figures(isSimulated: bench.isSimulated),
      concernsProgram: plan.erasedSectors.isEmpty && !plan.isEmpty)
  }
}

extension OptionPlan {
  /// The new values by name: "BOR_LEV=2.4V, WDG_SW=hardware".
  var valuesInWords: String {
    changes.map { "\($0.field.name)=\(after.word(for: $0.field))" }.joined(separator: ", ")
  }
}
