import Basics
import Engine

/// A change of option bytes that is shown and not carried out.
struct OptionPlanResult: CommandResult {
  /// The plan.
  let plan: OptionPlan
  /// What the command line allows beside the change.
  let permissions: OptionPermissions

  let name = "optionPlan"
  let isConfirmation = false

  var lines: [String] {
    ["option bytes of \(plan.deviceName)"] + ownLines + ["nothing was touched"]
  }

  /// The lines between what it is of and that nothing was touched.
  var ownLines: [String] {
    changeLines + costLines + plan.commitments.map { "cannot be undone: \($0.meaning)" }
      + plan.warnings.map { "warning: \($0)" } + missing.map { "needs \($0)" }
  }

  private var changeLines: [String] {
    let changes = plan.changes
    let head = ["field", "before", "after", "acts"]
    let rows = changes.map { [$0.field.name, $0.before, $0.after, $0.effect.text] }
    return (rows.isEmpty ? [] : Table(rows: [head] + rows).lines)
      + changes.map { "afterwards \($0.meaning) (\($0.field.name))" }
  }

  private var costLines: [String] {
    guard !plan.isEmpty else { return ["the chip has that already: nothing to do"] }
    let erase = plan.erasedSectors.isEmpty ? "" : "; the whole flash is erased, sectors \(plan.erasedSectors.list)"
    return [
      "the option bytes are erased and programmed anew\(erase); about \(plan.typicalDuration.inWords), and the chip is "
        + (plan.changes.contains { $0.effect == .nextStart } ? "not reset" : "reset"),
      "power lost in that moment leaves read protection at level 1"
        + (plan.after.layout.die.hasCodeReadProtection ? " and PCROP on every sector" : "")
        + ": the firmware is lost then",
    ]
  }

  /// What the command line has to say in addition before the plan is carried out.
  private var missing: [String] {
    (plan.erasedSectors.isEmpty || permissions.mayEraseEverything ? [] : ["--erase-everything"])
      + plan.commitments.filter { commitment in
        !permissions.commitments.contains { $0.lowercased() == commitment.words.lowercased() }
      }.map { "--irreversible \"\($0.words)\"" }
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(plan.deviceName)),
      JSONMember("changes", .array(plan.changes.map(\.value))),
      JSONMember("registersBefore", registers(plan.before)), JSONMember("registersAfter", registers(plan.after)),
      JSONMember("erasedSectors", .array(plan.erasedSectors.map { .integer($0.number) })),
      JSONMember("irreversible", .strings(plan.commitments.map(\.words))),
      JSONMember("needs", .strings(missing)),
      JSONMember("needsPowerCycle", .boolean(plan.needsPowerCycle)),
      JSONMember("predictedSeconds", .seconds(plan.typicalDuration)),
      JSONMember("warnings", .strings(plan.warnings)), JSONMember("executed", .boolean(false)),
    ]
  }

  private func registers(_ options: OptionBytes) -> JSONValue {
    .object([
      JSONMember("optcr", .integer(Int(options.optionControl.rawValue))),
      JSONMember("optcr1", options.optionControl1.map { .integer(Int($0.rawValue)) } ?? .null),
    ])
  }
}
