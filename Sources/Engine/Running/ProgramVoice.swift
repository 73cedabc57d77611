/// A way by which a running program says something, looked after while the core runs.
protocol ProgramVoice: AnyObject {
  /// Fetches what has come since the last time; takes as long as one exchange, and never waits for the program.
  ///
  /// - Parameter atOnce: whether it is looked in any case, and not only where it is time to.
  func poll(atOnce: Bool) throws(DebugError) -> [ProgramOutput]

  /// Takes note that the chip has been reset.
  func hasBeenReset()

  /// Takes what it has put into chip or probe out again; called once, on every way out.
  func finish() throws(DebugError)

  /// What the user should know in the end; empty for nothing.
  var remarks: [String] { get }
}

extension ProgramVoice {
  func hasBeenReset() {}
  func finish() throws(DebugError) {}
  var remarks: [String] { [] }
}
