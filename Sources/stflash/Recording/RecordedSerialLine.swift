import LinkInterface
import Trace

/// The recording of a serial line while it is made.
final class RecordedSerialLine {
  private let recorder: SerialRecorder
  private let file: RecordingFile

  /// Begins to record a line.
  init(
    _ line: any SerialLine, simulatedTarget: String?, to path: String, isRedacted: Bool, in context: CommandContext
  ) throws(CommandFailure) {
    let file = try RecordingFile(path, files: context.files)
    self.file = file
    recorder = SerialRecorder(
      line, options: RecordingFile.options(isRedacted: isRedacted, simulatedTarget: simulatedTarget, in: context),
      sink: file.append)
  }

  /// The line with the recorder in front of it.
  var line: any SerialLine { recorder }

  /// Takes note of a fact about the session.
  func note(_ key: String, _ value: String) { recorder.note(key, value) }

  /// Ends the recording; fails where some of it could not be written.
  func finish() throws(CommandFailure) {
    recorder.finish()
    try file.finish()
  }
}
