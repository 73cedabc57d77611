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
    let served = try simulators.served(in: context)
    let loop = EventLoop(interruption: context.interruption)
    let end: ToolProcess.End
    do throws(ServerError) {
      let bus = try UmockdevBus(devices: served.devices) { [reporter = context.reporter] event in
        switch event {
        case .opened(let device): reporter.report(.note("\(device) has been opened"))
        case .closed(let device): reporter.report(.note("\(device) has been closed"))
        }
      }
      loop.add(bus)
      SignalHandling.beginServing()
      let tool = try ToolProcess(program, environment: bus.environment)
      end = tool.wait(serving: loop, interruption: context.interruption)
    } catch {
      throw CommandFailure(error.failureReport)
    }
    try served.finish(in: context)
    return ExitStatus(rawValue: end.shellCode)
  }
}
