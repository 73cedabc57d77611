import ArgumentParser
import Engine
import Failures
import LinkInterface

/// One run of the command line, with everything outside of it handed in: a test runs it like the process does.
struct Application {
  /// The streams.
  let console: Console
  /// The files.
  let files: FileSystem
  /// The probes.
  let bus: any ProbeBus
  /// The user's request to stop.
  let interruption: Interruption

  /// Parses and carries out a command line.
  ///
  /// - Parameter arguments: what stands behind the program's name.
  func run(_ arguments: [String]) -> ExitStatus {
    let status = perform(arguments)
    // Results that nobody could be told are no success.
    if status == .success, let number = console.output.failure {
      let error = FileSystemError(operation: "write", path: FileSystem.standardStream, reason: .system(number))
      console.printMessage("stflash: error: \(error.report.summary)")
      return ExitStatus(error.report.category)
    }
    return status
  }

  /// The same under the name by which the program was called, which may be another program's.
  func run(_ arguments: [String], calledAs path: String) -> ExitStatus {
    guard let frontEnd = FrontEnd(program: path) else { return run(arguments) }
    do throws(FrontEnd.Refusal) {
      return run(try frontEnd.translated(arguments))
    } catch {
      console.printMessage("stflash: error: \(error.text)")
      return .usage
    }
  }

  /// Ends a run whose command line the system does not tell.
  func refuseUnknownCommandLine() -> ExitStatus {
    console.printMessage(
      "stflash: error: cannot read the command line: /proc/self/cmdline is not there (is /proc mounted here?)")
    return .file
  }

  private func perform(_ arguments: [String]) -> ExitStatus {
    if let answer = CompletionRequest(arguments) { return complete(answer) }
    do {
      var command = try Stflash.parseAsRoot(try normalized(arguments))
      if let command = command as? any StflashCommand { return carryOut(command, arguments) }
      // Only ArgumentParser's own commands come here: help, and groups of verbs, which answer by throwing their help.
      try command.run()
      return .success
    } catch {
      return answer(error, to: arguments)
    }
  }

  /// Answers a shell that completes a command line; whatever fails then completes nothing.
  private func complete(_ request: CompletionRequest) -> ExitStatus {
    switch request {
    case .script(let shell): console.output.write(CompletionScript.text(for: shell))
    case .candidates(let words):
      guard let root = KnownCommand.root else { return .success }
      let completer = CommandLineCompleter(root: root, values: CompletionValues(bus: bus))
      for line in completer.answer(to: words) { console.output.write(line + "\n") }
    }
    return .success
  }

  private func carryOut(_ command: any StflashCommand, _ arguments: [String]) -> ExitStatus {
    let output = command.output
    let uses = command.fileUses
    let isOutputTaken = uses.contains(where: \.takesStandardOutput)
    // What goes to standard output then is the file, and nothing else.
    let console = isOutputTaken && !output.json ? Console(errorOnly: self.console) : self.console
    let messages = MessageStream(console: console)
    let reporter: any Reporter =
      output.json
      ? JSONReporter(output: console.output)
      : TextReporter(console: console, messages: messages, verbosity: output.verbosity)
    var files = files
    files.interruption = interruption
    let context = CommandContext(
      arguments: arguments, files: files, bus: bus, reporter: reporter, verbosity: output.verbosity,
      interruption: interruption)
    var status = ExitStatus.success
    do throws(CommandFailure) {
      if isOutputTaken && output.json {
        throw .usage("--json and a file both go to standard output", remedies: ["Name a file instead of \"-\""])
      }
      try FileUse.check(uses)
      if let command = command as? any ProgramRunningCommand {
        status = try command.runProgram(in: context)
      } else {
        try command.run(in: context)
      }
    } catch {
      reporter.report(.failure(error.report))
      status = ExitStatus(error.report.category)
    }
    reporter.report(.end(status))
    return status
  }

  /// The arguments with the verb in front.
  private func normalized(_ arguments: [String]) throws -> [String] {
    if let number = arguments.prefix(while: { $0 != "--" }).first(where: isNegativeNumber) {
      throw ValidationError("'\(number)' is negative; addresses and sizes count up from zero.")
    }
    if let option = arguments.prefix(while: { $0 != "--" }).first(where: hidesHelp) {
      throw ValidationError("Unknown option '\(option)'")
    }
    let declared = DeclaredOptions.tabulated(for: Stflash.self)
    let line = ArgumentNormalizer(declared: declared).normalize(arguments)
    // ArgumentParser answers with the help of everything, as if that had been asked for.
    guard line.first == "help" else { return line }
    let words = line.dropFirst().filter { !$0.hasPrefix("-") }
    if let unknown = declared.unknownVerb(on: words) { throw ValidationError("There is no command '\(unknown)'") }
    return ["help"] + words
  }

  /// Whether ArgumentParser would find the `h` of help in a long option with one dash, such as `-hot-plug`.
  private func hidesHelp(_ argument: String) -> Bool {
    argument.hasPrefix("-") && argument.count > 2 && argument.contains("h")
      && !argument.hasPrefix("--") && !argument.hasPrefix("-s") && !argument.dropFirst().allSatisfy("hqv".contains)
  }

  private func isNegativeNumber(_ argument: String) -> Bool {
    argument.hasPrefix("-") && argument.dropFirst().first?.isNumber ?? false
  }

  /// Answers what ArgumentParser throws: requests for help, version and completions, and wrong command lines.
  private func answer(_ error: any Error, to arguments: [String]) -> ExitStatus {
    guard Stflash.exitCode(for: error) != .success else {
      console.output.write(Stflash.fullMessage(for: error) + "\n")
      return .success
    }
    let advice = KnownCommand.root.flatMap { CommandAdvisor(root: $0).advice(on: arguments) }
    if arguments.contains("--json") {
      let report = FailureReport(
        .usage, advice?.summary ?? Stflash.message(for: error),
        remedies: advice?.remedies.map { Advice($0) } ?? ["stflash help VERB tells what each verb takes"])
      let reporter = JSONReporter(output: console.output)
      reporter.report(.failure(report))
      reporter.report(.end(.usage))
    } else if let advice {
      console.printMessage("stflash: error: \(advice.summary.printable)")
      for remedy in advice.remedies { console.printMessage("  try: \(remedy.printable)") }
    } else {
      let prefix = "Error: "
      let text = Stflash.fullMessage(for: error)
      let body = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
      console.printMessage("stflash: error: \(body.printable)")
    }
    return .usage
  }
}
