import ArgumentParser
import Engine

/// `peek ADDRESS [COUNT]`: shows words of memory, or a register with its fields.
struct PeekCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "peek", abstract: "Show words of memory, or a register with its fields.",
    discussion: """
      The place is an address, or a register by the manuals' name: FLASH_SR, DBGMCU_IDCODE, RCC_CSR. The target is hot-plugged \
      unless an option says otherwise: its program runs on. Reading some registers changes them, such as a serial port's \
      data register.
      """)

  @Argument(
    help: ArgumentHelp("An address, or the name of a register.", valueName: "address"),
    completion: TargetPlace.completion, transform: TargetPlace.parse)
  var place: TargetPlace

  @Argument(help: ArgumentHelp("How many values; 1 if nothing is said."), transform: Number.index)
  var count: Int?

  @OptionGroup(title: "Accesses") var access: AccessOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func validate() throws {
    try session.validate()
    if count == 0 { throw ValidationError("0 values are nothing to show.") }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let width = access.width.accessWidth
    let run = TargetRun(options: session, usualMode: .hotPlug, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let session = try bench.debugSession(to: "read single words")
      let values = try reporting { () throws(SessionError) in
        try session.peek(at: place.address, count: count ?? 1, width: width)
      }
      return WordsResult(name: "words", address: place.address, width: width, values: values)
    }
  }
}
