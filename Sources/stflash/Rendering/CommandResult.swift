import Engine

/// What a command found out or did: the part of its output that goes to stdout.
protocol CommandResult {
  /// The name of the JSON event.
  var name: String { get }
  /// The members of the JSON event.
  var members: [JSONMember] { get }
  /// The result as text, one line each.
  var lines: [String] { get }
  /// Whether the text only says that all went well, so that `--quiet` leaves it out.
  var isConfirmation: Bool { get }

  /// Whether the text is one that can be read back, so that not even a terminal breaks its lines.
  var isVerbatim: Bool { get }

  /// What the command fails with although it was carried out to its end; nil for nothing.
  var failure: CommandFailure? { get }

  /// The result with what is known only when the target has been left.
  func completed(by statement: ClosingStatement) -> any CommandResult
}

extension CommandResult {
  /// Most results are for people.
  var isVerbatim: Bool { false }

  /// Most results are no failure.
  var failure: CommandFailure? { nil }

  /// Most results do not depend on how the target was left.
  func completed(by statement: ClosingStatement) -> any CommandResult { self }
}
