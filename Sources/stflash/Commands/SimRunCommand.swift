import ArgumentParser
import LinkServer
import Sockets

/// `sim run`: another program, with simulated probes plugged in.
struct SimRunCommand: ProgramRunningCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program with simulated probes plugged in.",
    discussion: """
      The program finds the probes on USB as it would find real ones; neither privileges nor a kernel with USB are \
      needed. --carrier says how: "fuse" serves /dev/bus/usb to the program as a file system of its own, which works \
      for every program but needs /dev/fuse and user namespaces; "umockdev" redirects the program's calls, which \
      needs the package umockdev and a program that is linked dynamically. Without it the first one that works here \
      is taken. The exit code is the program's.

        stflash --sim nucleo-f207zg sim run -- st-info --probe

      With --uart the program gets a serial port of the chip instead, as a pseudo-terminal in the place of @TTY@. Linux's \
      pseudo-terminals know no parity and no control lines: stm32flash needs -m 8n1.

        stflash --sim stm32f412ce --sim-boot system sim run --uart -- stm32flash -m 8n1 -w fw.bin -v @TTY@
      """)

  @OptionGroup(title: "Running") var running: CarrierOption
  @OptionGroup var simulators: SimulatorsOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { simulators.fileUses }

  @Argument(
    parsing: .postTerminator, help: ArgumentHelp("The program and its arguments, behind --.", valueName: "program"))
  var program: [String] = []

  func validate() throws {
    if simulators.world.simTty.contains(where: \.usesStandardStreams) {
      throw ValidationError("Input and output are the program's: give --sim-tty a path.")
    }
    if running.uart && simulators.targets.dfu {
      throw ValidationError("--uart and --dfu exclude each other: the bootloader serves one of them.")
    }
    if running.uart && simulators.targets.sim.count > 1 {
      throw ValidationError("--uart connects a serial port of one chip: give one --sim.")
    }
    if program.isEmpty { throw ValidationError("Name the program behind --: sim run -- st-info --probe") }
  }

  func runProgram(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    SignalHandling.beginServing()
    if running.uart { return try runAtSerialPort(in: context) }
    let served = try simulators.served(in: context)
    let loop = EventLoop(interruption: context.interruption)
    let end: ToolProcess.End
    let obstacle: String?
    do throws(ServerError) {
      let bus = try bus(of: served.devices, in: context)
      loop.add(bus)
      served.serialConnections.forEach(loop.add)
      let tool = try ToolProcess(program, environment: bus.environment)
      end = tool.wait(serving: loop, interruption: context.interruption)
      obstacle = bus.obstacle
    } catch {
      throw CommandFailure(error)
    }
    if let obstacle { context.reporter.report(.warning(obstacle)) }
    try served.finish(in: context)
    return ExitStatus(rawValue: end.shellCode)
  }

  /// Runs the program with a serial port of the chip instead of a probe.
  private func runAtSerialPort(in context: CommandContext) throws(CommandFailure) -> ExitStatus {
    let served = try simulators.served(in: context, hasSerialPort: true)
    let port = running.uartPort?.uppercased() ?? "USART1"
    let terminal = try served.openSerialPort(named: port)
    let loop = EventLoop(interruption: context.interruption)
    loop.add(terminal.connection)
    let arguments = program.map { $0.replacing("@TTY@", with: terminal.path) }
    if arguments == program {
      context.reporter.report(.warning("@TTY@ stands in no argument; the serial port is \(terminal.path)"))
    }
    let end: ToolProcess.End
    do throws(ServerError) {
      let tool = try ToolProcess(arguments, environment: [:])
      end = tool.wait(serving: loop, interruption: context.interruption)
    } catch {
      throw CommandFailure(error)
    }
    served.programHasGone(from: port, after: terminal.connection.traffic)
    try served.finish(in: context)
    return ExitStatus(rawValue: end.shellCode)
  }

  private func bus(
    of devices: [ServedDevice], in context: CommandContext
  ) throws(ServerError) -> any VirtualBus {
    if let carrier = running.carrier { return try bus(carrier, of: devices, in: context) }
    do throws(ServerError) {
      return try bus(.fuse, of: devices, in: context)
    } catch let obstacle {
      context.reporter.report(.note("not over FUSE: cannot \(obstacle.operation): \(obstacle.text)"))
      do throws(ServerError) {
        return try bus(.umockdev, of: devices, in: context)
      } catch {
        throw ServerError(
          error.operation,
          text: "neither of the two ways works here: FUSE, cannot \(obstacle.operation): \(obstacle.text); "
            + "umockdev, \(error.text)", remedies: error.remedies)
      }
    }
  }

  private func bus(
    _ carrier: CarrierOption.Carrier, of devices: [ServedDevice], in context: CommandContext
  ) throws(ServerError) -> any VirtualBus {
    let observer = { [reporter = context.reporter] (event: BusEvent) in
      switch event {
      case .opened(let device): reporter.report(.note("\(device) has been opened"))
      case .closed(let device): reporter.report(.note("\(device) has been closed"))
      }
    }
    switch carrier {
    case .umockdev: return try UmockdevBus(devices: devices, observer: observer)
    case .fuse:
      #if os(Linux)
      return try FUSEBus(devices: devices, observer: observer)
      #else
      throw ServerError("run a program with a simulated probe", text: "there is no FUSE of that kind on this system")
      #endif
    }
  }
}
