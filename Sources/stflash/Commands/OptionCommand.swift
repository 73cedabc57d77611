import ArgumentParser
import Engine

/// `option [NAME=VALUE ...]`: shows the option bytes, or changes some of their fields.
struct OptionCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "option", abstract: "Show option bytes by name, or change some.",
    discussion: """
      Without changes every field that the chip has is shown, with its value, its bits and what it means. With NAME=VALUE \
      only the named fields change: BOR_LEV=2.4V, WDG_SW=hardware, nRST_STOP=0, RDP=level1, WRP=2,5-7 (sectors that are \
      write-protected, and no others; none and all too), PCROP=1, or bits (RDP=0x55, BOR_LEV=0b01, nWRP3=0, \
      OPTCR=0x0FFFAAEC). --plan shows what would change, when it would act and what it costs.

      A change erases the option bytes and programs them anew. A chip that loses its power in that moment is left with read \
      protection level 1 (and PCROP on every sector): its firmware is lost then, and 'unprotect --erase-everything' brings \
      the chip back. What is stored is read back and compared, and the chip is reset so that it loads it.
      """)

  @Argument(
    help: ArgumentHelp("A field and its value, such as BOR_LEV=2.4V.", valueName: "name=value"),
    completion: .list(OptionCommand.suggestions))
  var changes: [String] = []

  @OptionGroup(title: "Changing") var changing: ChangingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  /// What can stand behind `option`: every name with each of its words.
  static let suggestions = OptionAssignment.names.flatMap { name in
    OptionAssignment.words(for: name).map { "\(name)=\($0)" }
  }

  func validate() throws {
    try session.validate()
    guard changes.isEmpty else { return }
    if changing.plan { throw ValidationError("--plan shows a change: option BOR_LEV=2.4V --plan.") }
    if changing.eraseEverything || !changing.irreversible.isEmpty {
      throw ValidationError("--erase-everything and --irreversible allow a change, and none is asked for.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    if changes.isEmpty { return try show(in: context) }
    let assignments = try assignments()
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let plan = try reporting { () throws(SessionError) in try bench.session.plan(changing: assignments) }
      return try changing.choices.carryOut(plan, bench, context.reporter)
    }
  }

  private func assignments() throws(CommandFailure) -> [OptionAssignment] {
    var assignments: [OptionAssignment] = []
    for change in changes {
      assignments.append(try reporting { () throws(OptionValueError) in try OptionAssignment(change) })
    }
    return assignments
  }

  private func show(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, usualMode: .hotPlug, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let reading = try reporting { () throws(SessionError) in try bench.session.readOptions() }
      return OptionsResult(deviceName: bench.device.name, reading: reading)
    }
  }
}
