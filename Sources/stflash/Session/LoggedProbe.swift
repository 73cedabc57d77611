import LinkInterface

/// Another probe whose transfers are logged.
struct LoggedProbe: OpenedProbe {
  private let opened: any OpenedProbe
  let probe: any USBDevice

  /// Puts the log in front of an opened probe where it is asked for.
  static func wrapping(_ opened: any OpenedProbe, in context: CommandContext) -> any OpenedProbe {
    context.verbosity == .trace ? LoggedProbe(opened, reporter: context.reporter) : opened
  }

  private init(_ opened: any OpenedProbe, reporter: any Reporter) {
    self.opened = opened
    probe = LoggingProbe(opened.probe, reporter: reporter)
  }

  var isSimulated: Bool { opened.isSimulated }
  var simulatedTarget: String? { opened.simulatedTarget }

  func note(_ key: String, _ value: String) { opened.note(key, value) }

  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)? {
    try opened.openSerialPort(name, context)
  }

  func explained(_ failure: CommandFailure) -> CommandFailure { opened.explained(failure) }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { opened.runFirmware(interruption) }

  func finish() throws(CommandFailure) { try opened.finish() }
}
