public import Failures

/// What a link answered to an access that was not carried out: what a debugger may conclude, and what the link itself said.
///
/// Each link's driver makes it from its own status codes; nothing else knows those.
public struct TargetFault: Sendable, Equatable {
  /// What may be concluded, whatever the link.
  public enum Kind: Sendable, Hashable {
    /// Nothing tells who it is on the wires.
    case silent
    /// The link sees nothing connected, or nothing that it knows.
    case absent
    /// The debug part does not power up.
    case unpowered
    /// The target asked for patience more often than the link repeats: the access can be tried again.
    case waits
    /// The target stopped acknowledging: unplugged, unpowered, or its pins taken for something else.
    case lost
    /// Data came with a wrong parity, at either end.
    case garbled
    /// The target refused the access, or an earlier refusal is still latched.
    case refused
    /// The link refuses, or has a failure of its own.
    case ofTheLink
  }

  /// What a fault means for a user.
  public struct Meaning: Sendable, Equatable {
    /// The class, which decides the exit code.
    public var category: FailureCategory
    /// The cause in words, without the address.
    public var summary: String
    /// What may be behind it, likeliest first.
    public var causes: [FailureCause]
    /// What to do besides connecting under reset.
    public var remedies: [Advice]
    /// Whether connecting under reset may help.
    public var resetMayHelp: Bool

    /// Makes a meaning.
    public init(
      _ category: FailureCategory, _ summary: String, _ remedies: [Advice], causes: [FailureCause],
      resetMayHelp: Bool = false
    ) {
      self.category = category
      self.summary = summary
      self.causes = causes
      self.remedies = remedies
      self.resetMayHelp = resetMayHelp
    }
  }

  /// What may be concluded.
  public var kind: Kind
  /// The link's own code, for its driver.
  public var code: UInt8
  /// The code's name and number, as evidence: "AP FAULT (0x11)".
  public var answer: String
  /// What it means for a user.
  public var meaning: Meaning

  /// Makes a fault.
  public init(_ kind: Kind, code: UInt8, answer: String, meaning: Meaning) {
    self.kind = kind
    self.code = code
    self.answer = answer
    self.meaning = meaning
  }

  /// Whether the wires between link and target may have done it: garbled, or no acknowledgement.
  public var mayBeOfTheWires: Bool { kind == .garbled || kind == .lost }
}

extension DebugError {
  /// What the link answered, where it did; nil for every other failure.
  var fault: TargetFault? {
    if case .fault(let fault, _, _) = self { fault } else { nil }
  }

  /// Whether the target did not get round to an access.
  var isWait: Bool { fault?.kind == .waits }

  /// Whether the wires between link and target may have done it.
  var mayBeOfTheWires: Bool { fault?.mayBeOfTheWires ?? false }
}
