import ArgumentParser
import Engine
import ProbeServer

/// `sim serve`: simulated probes for programs that reach a probe over the network.
struct SimServeCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve simulated probes to other programs.",
    discussion: """
      With --tcp as ST's stlink-server does, which OpenOCD can talk to. For interface/stlink.cfg add \
      -c "hla_stlink_backend tcp", for interface/stlink-dap.cfg -c "st-link backend tcp"; a port other than 7184 \
      stands behind "tcp".

        stflash --sim stm32f407vg sim serve --tcp
      """)

  @Flag(help: "Serve the protocol of ST's stlink-server.")
  var tcp = false

  @Argument(help: "The port.")
  var port: UInt16 = STLinkServer.defaultPort

  @Option(help: ArgumentHelp("The IPv4 address to listen on.", valueName: "address"))
  var listen = "127.0.0.1"

  @OptionGroup(title: "Simulator") var simulators: SimulatorsOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func validate() throws {
    if !tcp { throw ValidationError("Say how to serve: --tcp.") }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let benches = try simulators.benches(in: context)
    let devices = try simulators.devices(of: benches, in: context)
    let loop = EventLoop(interruption: context.interruption)
    let server: STLinkServer
    do throws(ServerError) {
      server = try STLinkServer(
        devices: devices.map(\.served), address: listen, port: port
      ) { [reporter = context.reporter] event in
        reporter.report(event.output)
      }
    } catch {
      throw CommandFailure(error.failureReport)
    }
    loop.add(server)
    context.reporter.report(.result(ServedProbes(devices.map(\.served), address: listen, port: server.port)))
    loop.run()
    for bench in benches { try bench.finish() }
    for device in devices { try device.recorder?.finish() }
  }
}

extension STLinkServer.Event {
  /// The event as a user sees it.
  fileprivate var output: OutputEvent {
    switch self {
    case .connected(let client): .note("client \(client) has connected")
    case .turnedAway: .warning("a client was turned away: too many are connected")
    case .opened(let client, let device): .note("client \(client) uses \(device)")
    case .refused(let client, let device): .warning("client \(client) wants \(device), which another client uses")
    case .malformed(let client): .warning("client \(client) sent something that is no request of stlink-server")
    case .disconnected(let client, let commands): .result(ClientSummary(client: client, commandCount: commands))
    }
  }
}

extension ServerError {
  /// The failure as the command line shows it.
  var failureReport: FailureReport {
    FailureReport(.usage, "cannot \(operation): \(text)")
  }
}
