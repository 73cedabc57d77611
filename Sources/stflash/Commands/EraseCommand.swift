import ArgumentParser
import Basics
import Engine

/// `erase [ADDR SIZE | --sector N ... | --all]`: erases sectors, or everything.
struct EraseCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erase sectors, or the whole flash.",
    discussion: """
      Without a range and without --sector the whole flash is erased, as st-flash does. A range must begin and end \
      with a sector; 'stflash erase --plan' shows the sectors. A size of 0 is an error.
      """)

  @Argument(help: ArgumentHelp("The first address of the range."), transform: Number.address)
  var address: UInt32?

  @Argument(help: ArgumentHelp("The size of the range in bytes."), transform: Number.byteCount)
  var size: Int?

  @OptionGroup(title: "Erasing") var erasing: ErasingOptions
  @OptionGroup(title: "Programming") var width: WidthOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func validate() throws {
    try session.validate()
    if address != nil && size == nil {
      throw ValidationError("A range needs an address and a size: erase 0x08004000 16k.")
    }
    if size == 0 {
      throw ValidationError("A range of 0 bytes erases nothing; the whole flash is erased with --all.")
    }
    if [address != nil, !erasing.sector.isEmpty, erasing.all].count(where: { $0 }) > 1 {
      throw ValidationError("A range, --sector and --all exclude each other.")
    }
  }

  /// What is to be erased.
  var request: EraseRequest {
    if let address, let size { return .range(address: address, byteCount: size) }
    return erasing.sector.isEmpty ? .all : .sectors(erasing.sector)
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, width: width, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      return try reporting { () throws(SessionError) in
        let plan = try bench.session.plan(erasing: request)
        if erasing.plan { return PlanResult(plan: plan) }
        return result(try bench.session.execute(plan, verifies: true), instead: plan.parallelism, bench)
      }
    }
  }

  /// - Parameter planned: the width that was to be used.
  private func result(_ plan: FlashPlan, instead planned: Parallelism, _ bench: TargetRun.Bench) -> WorkResult {
    let remark = plan.parallelism == planned ? "" : " at \(plan.parallelism.name) because \(planned.name) failed,"
    let sectors = plan.erasedSectors
    let byteCount = sectors.reduce(0) { $0 + $1.byteCount }
    let what = byteCount == bench.device.flashByteCount ? "the whole flash" : sectors.count.of("sector")
    return WorkResult(
      name: "erased", sentence: "erased \(what) of \(bench.device.name), \(byteCount.byteSize),\(remark)",
      facts: [
        JSONMember("sectors", .array(sectors.map { .integer($0.number) })), JSONMember("bytes", .integer(byteCount)),
        JSONMember("widthBits", .integer(plan.parallelism.byteCount * 8)),
      ],
      figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: false)
  }
}

/// What `erase` erases where no range says it.
struct ErasingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A sector to erase; may be given several times.", valueName: "number"), transform: Number.index)
  var sector: [Int] = []

  @Flag(help: "Erase the whole flash; the same as no range and no --sector.")
  var all = false

  @Flag(help: "Show what would be done and touch nothing.")
  var plan = false

  @Flag(help: "Taken for the sake of st-flash's command lines: after an erase the chip is reset anyway.")
  var reset = false
}
