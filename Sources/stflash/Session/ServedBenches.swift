import Failures
import LinkServer
import SimProbe

/// Simulated probes for other programs, with what is to be kept and told of them when all is over.
struct ServedBenches {
  /// The devices in the order in which the user named them.
  private(set) var devices: [ServedDevice] = []
  private var benches: [SimulatedBench] = []
  private var logs: [ClientLog] = []
  private var recorders: [RecordedVirtualDevice] = []

  /// Adds a device, with the bench that it is on and who watches it.
  mutating func add(
    _ device: ServedDevice, on bench: SimulatedBench, loggedBy log: ClientLog,
    recordedBy recorder: RecordedVirtualDevice?
  ) {
    devices.append(device)
    benches.append(bench)
    logs.append(log)
    if let recorder { recorders.append(recorder) }
  }

  /// What the chips' serial ports are connected to, to be served beside the carriers.
  var serialConnections: [SerialConnection] {
    zip(devices, benches).flatMap { device, bench in bench.serialConnections(by: device) }
  }

  /// Connects a serial port of the only chip to a pseudo-terminal.
  func openSerialPort(
    named port: String
  ) throws(CommandFailure) -> (path: String, connection: SerialConnection) {
    guard let bench = benches.first, let device = devices.first,
      let cable = bench.simulation.connectSerialCable(to: .serialPort(port))
    else {
      throw .usage(
        "the simulated chip has no serial port \"\(port)\"",
        remedies: benches.first.map { ["it has \($0.simulation.serialPortNames.joined(separator: ", "))"] } ?? [])
    }
    do throws(ServerError) {
      let terminal = try PseudoTerminal()
      return (terminal.path, SerialConnection(terminal, to: cable, of: device))
    } catch {
      throw CommandFailure(error)
    }
  }

  /// A client has gone: what is to be told of it, and of what the chips do now that it held.
  func clientHasGone(_ client: Int, after commandCount: Int, in context: CommandContext) -> [OutputEvent] {
    let free = devices.indices.filter { !devices[$0].isHeld }
    let work = free.map { (bench: benches[$0], work: logs[$0].summary()) }.filter { $0.work != nil }
    return [.result(ClientSummary(client: client, commandCount: commandCount, work: work.compactMap(\.work)))]
      + work.compactMap { $0.bench.runFirmware(context.interruption) }.map { .result($0) }
  }

  /// Tells what nobody has been told yet, lets those chips run on where that was asked for, and writes state files and
  /// recordings.
  func finish(in context: CommandContext) throws(CommandFailure) {
    for (bench, log) in zip(benches, logs) {
      if let work = log.summary() {
        context.reporter.report(.work(work))
        if let run = bench.runFirmware(context.interruption) { context.reporter.report(.result(run)) }
      }
      try bench.finish()
    }
    for recorder in recorders { try recorder.finish() }
  }
}
