import ArgumentParser
import Engine

/// `protect`: write-protects sectors, or read-protects the chip at level 1.
struct ProtectCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "protect", abstract: "Write-protect sectors, or read-protect the chip.",
    discussion: """
      --sectors 0-3 write-protects sectors beside those that are protected already; 'unprotect --sectors' takes that off \
      again, and nothing is erased either way. --read sets read protection level 1: no debugger gets at the flash any more, \
      and nothing takes that off but 'unprotect --erase-everything', which erases it. After a debugger's visit such a chip \
      runs its firmware only when the power was switched off and on.

      Both are changes of option bytes: 'stflash help option' tells what that means, and what else there is.
      """)

  @OptionGroup(title: "Protecting") var protecting: ProtectingOptions
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
    guard protecting.read || protecting.sectors != nil else {
      throw ValidationError(
        "Say what to protect: --sectors 0-3 against writing, --read all of the flash against a debugger.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let assignments =
      (protecting.sectors.map { [OptionAssignment.protecting($0.numbers)] } ?? [])
      + (protecting.read ? [.readProtection] : [])
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let plan = try reporting { () throws(SessionError) in try bench.session.plan(changing: assignments) }
      let work = OptionWork(isShown: protecting.plan, permissions: OptionPermissions())
      return try work.carryOut(plan, bench, context.reporter)
    }
  }
}

/// What `protect` protects.
struct ProtectingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The sectors to write-protect, such as 0-3,7.", valueName: "numbers"))
  var sectors: SectorNumbers?

  @Flag(help: "Read-protect the chip at level 1.")
  var read = false

  @Flag(help: "Show what would change, and touch nothing.")
  var plan = false

  /// Sectors by their numbers.
  struct SectorNumbers: ExpressibleByArgument {
    let numbers: [Int]

    init?(argument: String) {
      guard let numbers = OptionAssignment.sectorNumbers(argument) else { return nil }
      self.numbers = numbers
    }
  }
}
