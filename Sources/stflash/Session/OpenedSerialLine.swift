import Engine
import LinkInterface

/// A serial line to a chip's ROM bootloader that a command has got hold of.
struct OpenedSerialLine: OpenedLink {
  /// The line.
  let line: any SerialLine
  /// How fast to talk.
  let baudRate: Int
  /// How the chip is brought into its bootloader; nil where somebody does it by hand.
  var sequence: BootSequence?
  /// The simulation behind it; nil for a real port.
  var bench: SimulatedBench?

  var clock: any LinkClock { line.clock }
  var isSimulated: Bool { bench != nil }
  var simulatedTarget: String? { bench?.simulatedTarget }

  func makeTarget(_ options: SessionOptions, observer: @escaping FlashObserver) -> any ProgrammableTarget {
    BootloaderTarget(line: line, baudRate: baudRate, sequence: sequence, options: options, observer: observer)
  }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { bench?.runFirmware(interruption) }

  func finish() throws(CommandFailure) { try bench?.finish() }

  /// The same with a log in front of it, where one is asked for.
  func logged(in context: CommandContext) -> OpenedSerialLine {
    guard context.verbosity == .trace else { return self }
    return OpenedSerialLine(
      line: LoggingSerialLine(line, reporter: context.reporter), baudRate: baudRate, sequence: sequence, bench: bench)
  }
}
