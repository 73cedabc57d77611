import Failures
import LinkInterface
import LinkServer
import SimProbe
import Sockets

/// The serial ports of a simulated chip, and what they are connected to on this system.
extension SimulatedBench {
  /// A cable from a chip to an end on this system.
  struct SerialLink {
    let cable: SerialCable
    let endpoint: any SerialEndpoint
  }

  /// Connects a serial port as an option asks for it, and tells where it is.
  func connect(_ choice: SerialPortChoice, in context: CommandContext) throws(CommandFailure) {
    let place = try place(of: choice)
    guard let cable = simulation.connectSerialCable(to: place.place) else {
      throw .usage(
        "the simulated chip has no serial port \"\(choice.port ?? "")\"",
        remedies: ["it has \(simulation.serialPortNames.joined(separator: ", "))"])
    }
    let endpoint: any SerialEndpoint
    var ending: String?
    if choice.usesStandardStreams {
      let terminal = StandardTerminal(
        port: place.name, reporter: context.reporter, interruption: context.interruption)
      if terminal.isTerminal { ending = "Ctrl-] ends the command" }
      endpoint = terminal
    } else {
      do throws(ServerError) {
        endpoint = try PseudoTerminal(link: choice.path)
      } catch {
        throw CommandFailure(error)
      }
    }
    serialLinks.append(SerialLink(cable: cable, endpoint: endpoint))
    context.reporter.report(.result(ConnectedSerialPort(port: place.name, path: choice.path, ending: ending)))
  }

  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)? {
    if let line = simulation.openCable(to: name?.uppercased()) { return line }
    guard let name else { return nil }
    throw .usage(
      "the simulated chip has no serial port \"\(name)\"",
      remedies: ["it has \(simulation.serialPortNames.joined(separator: ", "))"])
  }

  private func place(
    of choice: SerialPortChoice
  ) throws(CommandFailure) -> (place: SerialCable.Place, name: String) {
    if let port = choice.port { return (.serialPort(port), port) }
    guard let pins = simulation.comPort else {
      throw .usage(
        "no COM port of a probe is wired to the simulated chip",
        remedies: ["Name a serial port of the chip: --sim-tty \(simulation.serialPortNames.first ?? "USART1")=PATH"])
    }
    return (pins, "COM port")
  }

  /// The connections, for an event loop that keeps the chip's time beside the system's.
  func serialConnections(by device: ServedDevice) -> [SerialConnection] {
    serialLinks.map { SerialConnection($0.endpoint, to: $0.cable, of: device) }
  }
}
