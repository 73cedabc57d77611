import ArgumentParser
import Engine

/// `unprotect`: takes protection off.
struct UnprotectCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "unprotect", abstract: "Take write protection off sectors, or read protection off the chip.",
    discussion: """
      --sectors clears the write protection (nWRP) of all sectors and erases nothing of the flash. --erase-everything also \
      takes off read protection at level 1 and PCROP; the chip erases its whole flash by that, and nothing brings it back. \
      Level 2 stays for ever.

      Either way the chip erases and programs its option bytes anew, which takes about half a second. A chip that loses its \
      power in that moment is left with read protection level 1 (and PCROP on every sector): its firmware is lost then, and \
      --erase-everything brings the chip back.
      """)

  @OptionGroup(title: "Unprotecting") var unprotecting: UnprotectingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func validate() throws {
    try session.validate()
    guard unprotecting.sectors != unprotecting.eraseEverything else {
      throw ValidationError(
        "Say what may happen: --sectors clears write protection and erases nothing, --erase-everything takes all "
          + "protection off and erases the whole flash.")
    }
  }

  private var eraseEverything: Bool { unprotecting.eraseEverything }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, running: running, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let permissions = OptionPermissions(mayEraseEverything: eraseEverything)
      let plan = try reporting { () throws(SessionError) -> OptionPlan in try self.plan(bench.session) }
      if unprotecting.plan { return OptionPlanResult(plan: plan, permissions: permissions) }
      let freed = bench.session.protection?.writeProtectedSectors ?? []
      try reporting { () throws(SessionError) in try bench.session.execute(plan, permitting: permissions) }
      return WorkResult(
        name: "unprotected", sentence: sentence(freed, bench.device),
        facts: [
          JSONMember("sectors", .array(freed.map { .integer($0.number) })),
          JSONMember("erased", .boolean(eraseEverything)),
        ],
        figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: !eraseEverything)
    }
  }

  private func plan(_ session: any ProgrammableTarget) throws(SessionError) -> OptionPlan {
    eraseEverything ? try session.planLiftingAllProtection() : try session.planLiftingWriteProtection()
  }

  private func sentence(_ freed: [Sector], _ device: Device) -> String {
    if eraseEverything { return "took all protection off \(device.name) and erased its flash," }
    if freed.isEmpty { return "\(device.name) has no write-protected sector: nothing was changed," }
    return "took the write protection off \(freed.count == 1 ? "sector" : "sectors") \(freed.list) of \(device.name),"
  }
}

/// What `unprotect` may do; one of them has to be said.
struct UnprotectingOptions: ParsableArguments {
  @Flag(help: "Clear the write protection of all sectors; nothing of the flash is erased.")
  var sectors = false

  @Flag(help: "Take all protection off; this erases the whole flash.")
  var eraseEverything = false

  @Flag(help: "Show what would change, and touch nothing.")
  var plan = false
}
