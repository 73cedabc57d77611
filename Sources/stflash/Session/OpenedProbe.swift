import Engine
import LinkInterface

/// A probe that a command has got hold of, and what is to be done with it in the end.
protocol OpenedProbe {
  /// The probe.
  var probe: any USBDevice { get }
  /// Whether it is simulated, so that times are simulated too.
  var isSimulated: Bool { get }
  /// The simulated board or chip; nil for what is not simulated.
  var simulatedTarget: String? { get }

  /// Takes note of a fact about the session, such as the chip's name.
  func note(_ key: String, _ value: String)

  /// The failure that a command's failure comes from, where this probe knows better than the command.
  func explained(_ failure: CommandFailure) -> CommandFailure

  /// Lets a simulated chip run on after the command where the user asked for it; what it did then, else nil.
  func runFirmware(_ interruption: Interruption) -> FirmwareRun?

  /// Keeps what has to outlive the command; called once, after the probe has been closed, after a failure too.
  func finish() throws(CommandFailure)
}

extension OpenedProbe {
  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { nil }
  var simulatedTarget: String? { nil }

  func note(_ key: String, _ value: String) {}

  func explained(_ failure: CommandFailure) -> CommandFailure { failure }
}

/// A probe on USB: nothing of it has to be kept.
struct PluggedOpenedProbe: OpenedProbe {
  let probe: any USBDevice
  let isSimulated = false

  func finish() throws(CommandFailure) {}
}
