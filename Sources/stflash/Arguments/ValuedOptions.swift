import ArgumentParser

extension DeclaredOptions {
  /// The options, with their dashes, that take the next argument as their value.
  ///
  /// Asking the commands (`init(of:)`) takes longer than everything else at a start, so the answer stands here; a test
  /// holds it against theirs and prints the line that is missing.
  static let valuedOptions: Set<String> = [
    "--against", "--area", "--args", "--baud", "--boot-sequence", "--carrier", "--chip", "--deep-flash-sector",
    "--device", "--fail-on", "--flash", "--flash-size", "--format", "--freq", "--input", "--irreversible", "--listen",
    "--mask", "--on-reset", "--patch", "--port", "--record", "--replay", "--replay-mask", "--report", "--rtt",
    "--rtt-mode", "--rtt-raw", "--sector", "--sectors", "--semihosting-dir", "--semihosting-time", "--serial",
    "--sim", "--sim-adapter", "--sim-boot", "--sim-fault", "--sim-on-for", "--sim-option", "--sim-pace",
    "--sim-probe", "--sim-run", "--sim-state", "--sim-tty", "--sim-voltage", "--skip", "--swo-baud", "--swo-clock",
    "--swo-raw",
    "--then", "--timeline", "--timeout", "--tty", "--tty-baud", "--uart-port", "--until", "--voltage", "--wait",
    "--width", "-s",
  ]

  /// What `init(of:)` finds, from the commands' configurations and the table, in microseconds instead of milliseconds.
  static func tabulated(for command: any ParsableCommand.Type) -> DeclaredOptions {
    let help = Verb(name: "help", verbs: [])  // ArgumentParser's own
    return DeclaredOptions(verbs: verbs(below: command) + [help], valued: valuedOptions)
  }

  private static func verbs(below command: any ParsableCommand.Type) -> [Verb] {
    command.configuration.subcommands.flatMap { subcommand in
      let configuration = subcommand.configuration
      let names = [configuration.commandName].compactMap(\.self) + configuration.aliases
      return names.map { Verb(name: $0, verbs: verbs(below: subcommand)) }
    }
  }
}
