import LinkInterface
import Logging

/// Another probe whose transfers are logged.
struct LoggedProbe: OpenedProbe {
  private let opened: any OpenedProbe
  let probe: any USBDevice

  /// Puts the log in front of an opened probe where it is asked for.
  static func wrapping(_ opened: any OpenedProbe, in context: CommandContext) -> any OpenedProbe {
    context.logger.logLevel == .trace ? LoggedProbe(opened, logger: context.logger) : opened
  }

  private init(_ opened: any OpenedProbe, logger: Logger) {
    self.opened = opened
    probe = LoggingProbe(opened.probe, logger: logger)
  }

  var isSimulated: Bool { opened.isSimulated }
  var simulatedTarget: String? { opened.simulatedTarget }

  func note(_ key: String, _ value: String) { opened.note(key, value) }

  func explained(_ failure: CommandFailure) -> CommandFailure { opened.explained(failure) }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { opened.runFirmware(interruption) }

  func finish() throws(CommandFailure) { try opened.finish() }
}
