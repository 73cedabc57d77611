import ArgumentParser
import ProbeServer

/// `sim run`: another program, with simulated probes plugged in.
struct SimRunCommand: ProgramRunningCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program with simulated probes plugged in.",
    discussion: """
      The program finds the probes on USB as it would find real ones; neither privileges nor a kernel with USB are \
      needed, but the package umockdev is. Programs that are linked statically cannot be run this way. The exit code \
      is the program's.

        stflash --sim nucleo-f207zg sim run -- st-info --probe
      """)

  @OptionGroup(title: "Simulator") var simulators: SimulatorsOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("The program and its arguments, behind --.", valueName: "program"))
  var program: [String] = []

  func validate() throws {
    if program.isEmpty { throw ValidationError("Name the program behind --: sim run -- st-info --probe") }
  }

  func runProgram(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    let benches = try simulators.benches(in: context)
    let devices = try simulators.devices(of: benches, in: context)
    let loop = EventLoop(interruption: context.interruption)
    let end: ToolProcess.End
    do throws(ServerError) {
      let bus = try UmockdevBus(devices: devices.map(\.served)) { [reporter = context.reporter] event in
        switch event {
        case .opened(let device): reporter.report(.note("\(device) has been opened"))
        case .closed(let device): reporter.report(.note("\(device) has been closed"))
        }
      }
      loop.add(bus)
      let tool = try ToolProcess(program, environment: bus.environment)
      end = tool.wait(serving: loop, interruption: context.interruption)
    } catch {
      throw CommandFailure(error.failureReport)
    }
    for device in devices { context.reporter.report(.note(device.served.summary)) }
    for bench in benches { try bench.finish() }
    for device in devices { try device.recorder?.finish() }
    return ExitStatus(rawValue: end.shellCode)
  }
}

extension ServedDevice {
  /// What went over the device in words.
  fileprivate var summary: String {
    "\(name): \(traffic.outputCount) transfers out (\(traffic.outputBytes) bytes), "
      + "\(traffic.inputCount) in (\(traffic.inputBytes) bytes)"
  }
}
