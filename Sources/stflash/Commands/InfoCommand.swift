import ArgumentParser
import Engine

/// `info`: the probe and the chip behind it.
struct InfoCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Show the probe and the chip behind it.")

  @OptionGroup var session: SessionOptionGroup
  @OptionGroup(title: "Output") var output: OutputOptions

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, exit: .unchanged, context: context)
    try run { bench throws(CommandFailure) in
      guard let description = bench.session.probeDescription else {
        throw CommandFailure(FailureReport(.probe, "the probe has not been described"))
      }
      return InfoResult(
        probe: ProbeFacts(description, isSimulated: bench.isSimulated),
        target: TargetFacts(device: bench.device, protection: bench.session.protection))
    }
  }
}

/// What is known of a probe and the chip behind it.
struct InfoResult: CommandResult {
  let probe: ProbeFacts
  let target: TargetFacts

  let name = "info"
  let isConfirmation = false

  var members: [JSONMember] {
    [JSONMember("probe", .object(probe.members)), JSONMember("target", .object(target.members))]
  }

  var lines: [String] {
    let map = target.device.sectorMap
    let rows: [(String, String)] = [
      ("probe", "\(probe.isSimulated ? "simulated " : "")\(probe.name)"),
      ("firmware", probe.firmware),
      ("serial", probe.serial ?? "not told"),
      ("location", probe.location ?? (probe.isSimulated ? "simulated" : "not known")),
      ("clock", probe.clockKHz.map { "\($0) kHz" } ?? "not told"),
      ("voltage", probe.millivolts.map(\.volts) ?? "not measured"),
      ("target", "\(target.device.name) (\(target.device.die.core.rawValue)), \(target.revision)"),
      (
        "flash",
        "\(map.byteCount.byteSize), \(map.sectors.count) sectors in \(map.bankCount == 1 ? "one bank" : "two banks")"
      ),
      ("RAM", target.device.contiguousRAMByteCount.byteSize),
      ("protection", target.protectionLine),
    ]
    return rows.map { "\($0.0.padded(to: 11))\($0.1)" }
  }
}
