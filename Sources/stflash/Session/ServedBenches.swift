import Failures
import LinkServer
import SimProbe
import Sockets

/// Simulated probes for other programs, with what is to be kept and told of them when all is over.
struct ServedBenches {
  /// A bench with what of it is served.
  struct Served {
    let bench: SimulatedBench
    /// What is told of its clients' work.
    let log: ClientLog
    /// The probe; nil where it is not served.
    var probe: ServedDevice?
    /// What shows itself at the board's own USB socket; nil where nothing does.
    var socket: ServedDevice?
    /// What the firmware is on the chip's own USB; nil where no cable is plugged in there.
    var chipUSB: ServedDevice?
    /// Who records one of them.
    var recorder: RecordedVirtualDevice?

    var devices: [ServedDevice] { [probe, socket, chipUSB].compactMap(\.self) }
  }

  private var all: [Served] = []

  /// The probes in the order in which the user named their targets.
  var probes: [ServedDevice] { all.compactMap(\.probe) }
  /// The devices on the bus: first the probes, then what shows itself at the boards' own sockets.
  var devices: [ServedDevice] { probes + all.compactMap(\.socket) + all.compactMap(\.chipUSB) }

  /// Adds a bench.
  mutating func add(_ served: Served) { all.append(served) }

  /// What the chips' serial ports are connected to, to be served beside the carriers.
  var serialConnections: [SerialConnection] {
    all.flatMap { served in served.devices.first.map(served.bench.serialConnections) ?? [] }
  }

  /// Connects a serial port of the only chip to a pseudo-terminal.
  func openSerialPort(
    named port: String
  ) throws(CommandFailure) -> (path: String, connection: SerialConnection) {
    guard let bench = all.first?.bench, let device = devices.first,
      let cable = bench.simulation.connectSerialCable(to: .serialPort(port))
    else {
      throw .usage(
        "the simulated chip has no serial port \"\(port)\"",
        remedies: all.first.map { ["it has \($0.bench.simulation.serialPortNames.joined(separator: ", "))"] } ?? [])
    }
    do throws(ServerError) {
      let terminal = try PseudoTerminal()
      return (terminal.path, SerialConnection(terminal, to: cable, of: device))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The program has gone that a serial port of the only chip was connected to.
  func programHasGone(from port: String, after traffic: SerialCable.Traffic) { all.first?.log.take(traffic, at: port) }

  /// A client has gone: what is to be told of it, and of what the chips do now that it held.
  func clientHasGone(_ client: Int, after commandCount: Int, in context: CommandContext) -> [OutputEvent] {
    let free = all.filter { $0.devices.allSatisfy { !$0.isHeld } }
    let work = free.map { (bench: $0.bench, work: $0.log.summary()) }.filter { $0.work != nil }
    return [.result(ClientSummary(client: client, commandCount: commandCount, work: work.compactMap(\.work)))]
      + work.compactMap { $0.bench.runFirmware(context.interruption) }.map { .result($0) }
  }

  /// Tells what nobody has been told yet, lets those chips run on where that was asked for, and writes state files and
  /// recordings.
  func finish(in context: CommandContext) throws(CommandFailure) {
    for served in all {
      if let work = served.log.summary() {
        context.reporter.report(.work(work))
        if let run = served.bench.runFirmware(context.interruption) { context.reporter.report(.result(run)) }
      }
      try served.bench.finish()
    }
    for served in all { try served.recorder?.finish() }
  }
}
