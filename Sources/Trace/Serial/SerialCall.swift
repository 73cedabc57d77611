package import LinkInterface

/// One call to a serial line, and what came of it.
package struct SerialCall: Sendable, Equatable {
  /// What was asked for.
  package enum Action: Sendable, Equatable {
    /// How characters stand on the wires.
    case configure(SerialSettings)
    /// Bytes to the other end.
    case send([UInt8])
    /// Bytes from the other end: how many were waited for, and those that came.
    case receive(byteCount: Int, [UInt8])
    /// What had come in and was not asked for was forgotten.
    case discardInput
    /// A control line was driven.
    case drive(ControlLine, active: Bool)
    /// The sending wire was held low.
    case sendBreak(Duration)
  }

  /// What was asked for.
  package var action: Action
  /// When it began, from the start of the session; for what does not take long, when it was done.
  package var began: Duration
  /// When it was done, from the start of the session.
  package var ended: Duration
  /// How it failed; nil where it did not.
  package var failure: SerialError.Reason?

  /// Makes a call.
  package init(_ action: Action, began: Duration, ended: Duration, failure: SerialError.Reason? = nil) {
    self.action = action
    self.began = began
    self.ended = ended
    self.failure = failure
  }
}
