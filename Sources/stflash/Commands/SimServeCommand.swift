import ArgumentParser
import Engine
import Failures
import LinkServer
import Sockets

/// `sim serve`: simulated probes for programs that reach a probe over the network.
struct SimServeCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve simulated probes to other programs.",
    discussion: """
      With --tcp as ST's stlink-server does, which OpenOCD can talk to. For interface/stlink.cfg add \
      -c "hla_stlink_backend tcp", for interface/stlink-dap.cfg -c "st-link backend tcp"; a port other than 7184 \
      stands behind "tcp".

      With --sim-tty as a serial port: the chip's ROM bootloader with --sim-boot system, else what its firmware does there.

      With --usbip for Linux's kernel, which makes a USB device of it that every program sees: as root, \
      modprobe vhci-hcd and usbip attach -r HOST -b 1-1 (1-2 for the second probe). 'sim attach' does both ends at once.

        stflash --sim stm32f407vg sim serve --tcp
        stflash --sim nucleo-f207zg sim serve --usbip
        stflash --sim stm32f412ce --sim-boot system sim serve --sim-tty USART1=/tmp/tty
      """)

  @Argument(help: "The port: 7184 for --tcp and 3240 for --usbip, unless it is given; 0 takes any that is free.")
  var port: UInt16?

  @OptionGroup(title: "Serving") var serving: ServingOptions
  @OptionGroup var simulators: SimulatorsOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { simulators.fileUses }

  func validate() throws {
    if !serving.tcp && !serving.usbip && simulators.world.simTty.isEmpty {
      throw ValidationError("Say how to serve: --tcp, --usbip, --sim-tty USART1=PATH, or several of them.")
    }
    if serving.tcp && serving.usbip && port != nil {
      throw ValidationError("Give a port only with one of --tcp and --usbip.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.beginServing()
    let served = try simulators.served(in: context, forKernel: serving.usbip)
    let loop = EventLoop(interruption: context.interruption)
    for spoken in serving.protocols {
      let server: NetworkServer
      let devices = spoken == .usbip ? served.devices : served.probes
      do throws(ServerError) {
        server = try NetworkServer(
          spoken, devices: devices, address: serving.listen, port: port
        ) {
          event in event.output(served, in: context).forEach(context.reporter.report)
        }
      } catch {
        throw CommandFailure(error)
      }
      loop.add(server)
      context.reporter.report(
        .result(ServedProbes(devices, address: serving.listen, port: server.port, as: spoken)))
    }
    served.serialConnections.forEach(loop.add)
    loop.run()
    try served.finish(in: context)
  }
}

extension ServerEvent {
  /// The event as a user sees it.
  func output(_ served: ServedBenches, in context: CommandContext) -> [OutputEvent] {
    switch self {
    case .connected(let client): [.note("client \(client) has connected")]
    case .turnedAway: [.warning("a client was turned away: too many are connected")]
    case .opened(let client, let device): [.note("client \(client) uses \(device)")]
    case .refused(let client, let device): [.warning("client \(client) wants \(device), which another client uses")]
    case .dropped(let client, let device):
      [.warning("client \(client) has been silent for long, and loses \(device) to another client")]
    case .malformed(let client):
      [.warning("client \(client) sent something that is no request, and is disconnected")]
    case .disconnected(let client, let commands): served.clientHasGone(client, after: commands, in: context)
    }
  }
}
