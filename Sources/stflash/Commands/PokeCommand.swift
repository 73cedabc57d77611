import ArgumentParser
import Basics
import Engine

/// `poke ADDRESS VALUE...`: writes words of memory or a register, and shows what is there then.
struct PokeCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "poke", abstract: "Write words of RAM, or a register.",
    discussion: """
      The place is an address, or a register by the manuals' name. The target is hot-plugged unless an option says otherwise: \
      its program runs on, and may write there too. What is read there afterwards is shown, but for registers that a \
      read may change; some do not read as they were written. Flash is written by 'write', option bytes by 'option': both are refused here.
      """)

  @Argument(
    help: ArgumentHelp("An address, or the name of a register.", valueName: "address"),
    completion: TargetPlace.completion, transform: TargetPlace.parse)
  var place: TargetPlace

  @Argument(
    help: ArgumentHelp("The values, to be written one behind the other.", valueName: "value"), transform: Number.parse)
  var values: [UInt64]

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
    let bitCount = access.width.accessWidth.bitCount
    for value in values where value >> UInt64(bitCount) != 0 {
      throw ValidationError("0x\(Hexadecimal.digits(value, width: 1)) does not fit into a \(bitCount)-bit access.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let width = access.width.accessWidth
    let words = values.map { UInt32(truncatingIfNeeded: $0) }
    let run = TargetRun(options: session, usualMode: .hotPlug, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let session = try bench.debugSession(to: "write single words")
      let found = try reporting { () throws(SessionError) in
        try session.poke(words, at: place.address, width: width)
        guard TargetSession.canReadBack(at: place.address, count: words.count, width: width) else { return [UInt32]() }
        return try session.peek(at: place.address, count: words.count, width: width)
      }
      return WordsResult(name: "poked", address: place.address, width: width, values: found, written: words)
    }
  }
}
