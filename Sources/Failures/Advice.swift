/// A sentence that tells a user what to do, or what to know, and names the remedies that a program offers.
///
/// A library words what helps; how to ask for it, by a flag, a command or a button, only the front end knows. Where it may
/// say so the sentence has a place for a `Remedy`:
///
///     "Connect under reset\(by: .connectUnderReset), with NRST wired to the probe"
///
/// `text` is the sentence without: "Connect under reset, with NRST wired to the probe". `text(naming:)` is the sentence
/// of a front end: "Connect under reset (its name there), with NRST wired to the probe".
public struct Advice: Sendable, Hashable {
  fileprivate enum Part: Sendable, Hashable {
    case words(String)
    /// A remedy with what stands around its name, and what stands there where it has none.
    case remedy(Remedy, before: String, after: String, otherwise: String)
  }

  fileprivate var parts: [Part]

  /// Makes advice of words that are the same for everybody.
  public init(_ words: String) {
    parts = [.words(words)]
  }

  /// The sentence in words for everybody, without a final full stop.
  public var text: String { text { _ in nil } }

  /// The sentence in a front end's words.
  ///
  /// - Parameter name: what a remedy is called there; nil where it has no name of its own.
  public func text(naming name: (Remedy) -> String?) -> String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .remedy(let remedy, let before, let after, let otherwise):
        name(remedy).map { before + $0 + after } ?? otherwise
      }
    }.joined()
  }

  /// The remedies that it names, in order.
  public var remedies: [Remedy] {
    parts.compactMap { if case .remedy(let remedy, _, _, _) = $0 { remedy } else { nil } }
  }
}

extension Advice: ExpressibleByStringInterpolation {
  /// The sentence as it is put together.
  public struct StringInterpolation: StringInterpolationProtocol, Sendable {
    fileprivate var parts: [Part] = []

    /// Begins an empty sentence.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Puts words into the sentence.
    public mutating func appendLiteral(_ literal: String) {
      parts.append(words: literal)
    }

    /// Puts a value's description into the sentence.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      appendLiteral(value.description)
    }

    /// Puts another sentence, or a part of one, into this one.
    public mutating func appendInterpolation(_ advice: Advice) {
      for part in advice.parts {
        if case .words(let words) = part { parts.append(words: words) } else { parts.append(part) }
      }
    }

    /// The remedy's name in parentheses behind what it does; nothing where it has no name.
    public mutating func appendInterpolation(by remedy: Remedy) {
      parts.append(.remedy(remedy, before: " (", after: ")", otherwise: ""))
    }

    /// The remedy's name behind "with"; nothing where it has no name.
    public mutating func appendInterpolation(with remedy: Remedy) {
      parts.append(.remedy(remedy, before: " with ", after: "", otherwise: ""))
    }

    /// The remedy's name behind what joins it to the sentence, such as a colon; nothing where it has no name.
    public mutating func appendInterpolation(_ remedy: Remedy, after joint: String) {
      parts.append(.remedy(remedy, before: joint, after: "", otherwise: ""))
    }

    /// The remedy's name; other words where it has none.
    public mutating func appendInterpolation(_ remedy: Remedy, or words: String) {
      parts.append(.remedy(remedy, before: "", after: "", otherwise: words))
    }
  }

  /// Makes advice of a literal with places for remedies.
  public init(stringInterpolation: StringInterpolation) {
    parts = stringInterpolation.parts
  }

  /// Makes advice of a literal.
  public init(stringLiteral words: String) {
    self.init(words)
  }
}

extension [Advice.Part] {
  /// Words that follow words are one part: advice that says the same is the same.
  fileprivate mutating func append(words: String) {
    if case .words(let earlier)? = last {
      self[count - 1] = .words(earlier + words)
    } else if !words.isEmpty {
      append(.words(words))
    }
  }
}
