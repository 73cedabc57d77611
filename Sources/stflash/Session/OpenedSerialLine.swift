import Engine
import Failures
import LinkInterface
import Trace

/// A serial line to a chip's ROM bootloader that a command has got hold of.
struct OpenedSerialLine: OpenedLink {
  /// The line, with log and recorder in front of it.
  private(set) var line: any SerialLine
  /// How fast to talk.
  let baudRate: Int
  /// How the chip is brought into its bootloader; nil where somebody does it by hand.
  let sequence: BootSequence?
  /// The pins that a sequence may drive.
  let pins: any HostPins
  /// What is behind it.
  private let end: End
  /// The recording of it; nil where none is made.
  private var recording: RecordedSerialLine?

  /// What is behind a line.
  enum End {
    /// A port of this machine.
    case port
    /// A simulated chip, and what to do about one that is silent, where that is known.
    case simulated(SimulatedBench, silentBecause: Advice?)
    /// A recording.
    case replayed(ReplayedSerialLine)
  }

  /// Takes a line over.
  init(_ line: any SerialLine, _ pins: any HostPins, to end: End, baudRate: Int, sequence: BootSequence?) {
    self.line = line
    self.pins = pins
    self.end = end
    self.baudRate = baudRate
    self.sequence = sequence
  }

  var clock: any LinkClock { line.clock }
  var isSimulated: Bool { simulatedTarget != nil }

  var simulatedTarget: String? {
    switch end {
    case .port: nil
    case .simulated(let bench, _): bench.simulatedTarget
    case .replayed(let replay): replay.simulatedTarget
    }
  }

  func makeTarget(_ options: SessionOptions, observer: @escaping FlashObserver) -> any ProgrammableTarget {
    BootloaderTarget(
      line: line, baudRate: baudRate, sequence: sequence, pins: pins, options: options, observer: observer)
  }

  func diagnose(_ options: SessionOptions, observer: @escaping Diagnosis.Observer) -> DiagnosisReport {
    BootloaderDiagnosis(
      line: line, baudRate: baudRate, sequence: sequence, pins: pins, options: options, observer: observer
    ).run()
  }

  func note(_ key: String, _ value: String) { recording?.note(key, value) }

  func explained(_ failure: CommandFailure) -> CommandFailure {
    switch end {
    case .replayed(let replay): return replay.explained(failure)
    case .simulated(_, let remedy?) where failure.report.category == .noTarget:
      var failure = failure
      failure.report.remedies.insert(remedy, at: 0)
      return failure
    case .port, .simulated: return failure
    }
  }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? {
    if case .simulated(let bench, _) = end { bench.runFirmware(interruption) } else { nil }
  }

  func finish() throws(CommandFailure) {
    try recording?.finish()
    switch end {
    case .port: break
    case .simulated(let bench, _): try bench.finish()
    case .replayed(let replay): try replay.finish()
    }
  }

  /// The same with log and recorder in front of it, where they are asked for.
  func decorated(by trace: TraceOptions, in context: CommandContext) throws(CommandFailure) -> OpenedSerialLine {
    var decorated = self
    if context.verbosity == .trace {
      decorated.line = LoggingSerialLine(decorated.line, reporter: context.reporter)
    }
    if let path = trace.record {
      let recording = try RecordedSerialLine(
        decorated.line, simulatedTarget: simulatedTarget, to: path, isRedacted: trace.recordRedact, in: context)
      decorated.line = recording.line
      decorated.recording = recording
    }
    return decorated
  }
}

/// Pins that are not there: a recording knows what went over the line only, and what was recorded of it came after them.
final class RecordedPins: HostPins {
  func drive(_ pin: Int, high: Bool) {}
  func release() {}
}
