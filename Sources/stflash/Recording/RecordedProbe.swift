import LinkInterface
import Trace

/// Another probe with a recorder in front of it.
final class RecordedProbe: OpenedProbe {
  private let opened: any OpenedProbe
  private let recorder: Recorder
  private let file: RecordingFile

  /// Begins to record an opened probe.
  init(
    _ opened: any OpenedProbe, to path: String, isRedacted: Bool, in context: CommandContext
  ) throws(CommandFailure) {
    let file = try RecordingFile(path, files: context.files)
    self.opened = opened
    self.file = file
    recorder = Recorder(
      opened.probe,
      options: RecordingFile.options(
        isRedacted: isRedacted, simulatedTarget: opened.simulatedTarget, in: context),
      sink: file.append)
  }

  var probe: any USBDevice { recorder }
  var isSimulated: Bool { opened.isSimulated }
  var simulatedTarget: String? { opened.simulatedTarget }

  func note(_ key: String, _ value: String) {
    recorder.note(key, value)
    opened.note(key, value)
  }

  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)? {
    try opened.openSerialPort(name, context)
  }

  func explained(_ failure: CommandFailure) -> CommandFailure { opened.explained(failure) }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? { opened.runFirmware(interruption) }

  func finish() throws(CommandFailure) {
    recorder.finish()
    try opened.finish()
    try file.finish()
  }
}
