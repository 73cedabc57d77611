import ArgumentParser
import Engine
import Failures

/// `run FILE`: writes what differs, lets the program run, shows what it says, and ends as it does.
struct RunCommand: TargetCommand, ProgramRunningCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Write a program, run it, show what it says, and end with its exit code.",
    discussion: """
      Semihosting, RTT and the probe's serial port are listened to, whichever the program uses. It ends by semihosting's \
      exit, by a text that --until or --fail-on name, or by a fault, which is explained (docs/running.md).
      """)

  @OptionGroup var image: ImageOptions
  @OptionGroup(title: "Listening") var listening: ListeningOptions
  @OptionGroup(title: "Ending") var ending: EndingOptions
  @OptionGroup(title: "Tests") var testing: TestingOptions
  @OptionGroup(title: "Programming") var width: WidthOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { image.fileUses + listening.fileUses + session.fileUses }

  func validate() throws {
    try session.validate()
    if probe.port != nil || probe.dfu {
      throw ValidationError("A bootloader cannot listen to a program: 'run' needs a probe.")
    }
  }

  func runProgram(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    var image = image
    let listener = try ProgramListener(
      listening, ending, startsAnew: true, program: [ImageOptions.Source(image.file).path], in: context)
    let filters = image.rest
    // What follows a program with tests says which of them, as cargo passes it on.
    if listener.symbols?.holdsTests ?? false { image.rest = [] }
    let firmware = try image.image(in: context, expectsProgram: true)
    let tests = try tests(of: listener.symbols, firmware)
    if tests == nil, testing.isUsed {
      throw .usage("\(image.name) holds no tests of embedded-test, which the options for tests are for")
    }
    let chosen = tests.map { testing.chosen(of: $0, filters: filters) }
    if testing.list {
      context.reporter.report(.result(TestList(tests: chosen ?? [])))
      return .success
    }
    let run = TargetRun(options: session, width: width, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let part = try image.part(of: firmware, for: bench.device, context.reporter)
      let session = try bench.debugSession(to: "run a program")
      try ImageOptions.explaining({ () throws(SessionError) in try write(part, session) }, with: firmware)
      guard let tests, let chosen else { return try listener.run(session, bench) }
      let result = try EmbeddedTestRun(
        listener: listener, ending: ending, chosen: chosen, filteredCount: tests.count - chosen.count,
        options: testing, reporter: context.reporter
      ).run(session, bench)
      try listener.checkFiles()
      listener.status = result.status
      return result
    }
    return listener.status
  }

  private func tests(of symbols: ProgramSymbols?, _ firmware: FirmwareImage) throws(CommandFailure) -> [EmbeddedTest]? {
    guard let symbols else { return nil }
    do throws(EmbeddedTest.ListError) {
      return try EmbeddedTest.list(symbols, firmware)
    } catch {
      switch error {
      case .version(let version):
        throw CommandFailure(
          FailureReport(
            .file, "the program holds tests by version \(version) of embedded-test's protocol, and version 1 is known"))
      case .malformed(let name):
        throw CommandFailure(FailureReport(.file, "the program's list of tests is damaged at \"\(name)\""))
      }
    }
  }

  /// Writes what the chip does not hold yet.
  private func write(_ firmware: FirmwareImage, _ session: TargetSession) throws(SessionError) {
    let plan = try session.plan(writing: firmware, with: image.parts, permitting: OptionPermissions())
    try session.execute(plan)
  }
}
