/// In which condition a session has left the target and the probe.
public struct ClosingStatement: Sendable, Equatable {
  /// What the core was doing when it was last looked at; nil where nobody could look.
  public var core: CoreStatus?
  /// What became of the program; nil where the core was left halted, or nobody could look.
  public var program: ProgramLook?
  /// What is known of the chip over a link that does not show its core; nil where it does.
  public var condition: String?
  /// Whether the chip waits in its bootloader for somebody to start its program.
  public var waitsForStart = false
  /// Why the core is not left as asked; nil where it is.
  public var reason: String?
  /// Whether the chip was reset before its core was let go, because its flash had changed.
  public var wasReset: Bool
  /// What could not be brought in order, one sentence each.
  public var problems: [String]

  /// Whether everything is as asked.
  public var isClean: Bool { problems.isEmpty && reason == nil }

  /// The statement as text, one fact a line.
  public var lines: [String] {
    [state + (reason.map { ": \($0)" } ?? "")] + problems
  }

  private var state: String {
    if let condition { return "the chip is \(condition)" }
    if let program, !program.isRunning {
      return wasReset ? "after a reset the core is \(program.text)" : "the core is \(program.text)"
    }
    if let core { return "the core is \(core)" + (wasReset ? " after a reset" : "") }
    return program == nil
      ? "the core's state is not known" : "the core runs and does not answer" + (wasReset ? " after a reset" : "")
  }
}
