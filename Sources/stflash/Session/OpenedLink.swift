import Engine
import LinkInterface

/// A way to a chip that a command has got hold of, and what is to be done with it in the end.
protocol OpenedLink {
  /// The clock by which its time passes.
  var clock: any LinkClock { get }
  /// Whether it is simulated, so that times are simulated too.
  var isSimulated: Bool { get }
  /// The simulated board or chip; nil for what is not simulated.
  var simulatedTarget: String? { get }

  /// Makes the chip that it leads to, which nobody has touched yet.
  func makeTarget(_ options: SessionOptions, observer: @escaping FlashObserver) -> any ProgrammableTarget

  /// Walks from the link to the flash by the chip's bootloader; a probe has another way to go (`Diagnosis`).
  func diagnose(_ options: SessionOptions, observer: @escaping Diagnosis.Observer) -> DiagnosisReport

  /// Opens a serial port of the board's, set up by nobody yet.
  ///
  /// - Parameter name: a path, or a port of the simulated chip; nil for the COM port of the probe.
  /// - Returns: nil where there is none and none was named.
  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)?

  /// Takes note of a fact about the session, such as the chip's name.
  func note(_ key: String, _ value: String)

  /// The failure that a command's failure comes from, where this link knows better than the command.
  func explained(_ failure: CommandFailure) -> CommandFailure

  /// Lets a simulated chip run on after the command where the user asked for it; what it did then, else nil.
  func runFirmware(_ interruption: Interruption) -> FirmwareRun?

  /// Keeps what has to outlive the command; called once, after the link has been closed, after a failure too.
  func finish() throws(CommandFailure)
}

extension OpenedLink {
  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { nil }
  var simulatedTarget: String? { nil }

  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)? { nil }

  func note(_ key: String, _ value: String) {}

  func diagnose(_ options: SessionOptions, observer: @escaping Diagnosis.Observer) -> DiagnosisReport {
    DiagnosisReport(findings: [])
  }

  func explained(_ failure: CommandFailure) -> CommandFailure { failure }
}
