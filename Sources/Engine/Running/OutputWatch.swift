/// A text that ends a run as soon as the program says it.
public struct OutputWatch {
  /// What it means that the program has said it.
  public enum Meaning: Sendable, Hashable {
    /// The run has succeeded.
    case success
    /// The run has failed.
    case failure
  }

  /// The text as the user gave it.
  public var text: String
  /// What it means.
  public var meaning: Meaning
  /// Whether a line holds it.
  public var isIn: (String) -> Bool

  /// Makes a watch.
  public init(_ text: String, _ meaning: Meaning, isIn: @escaping (String) -> Bool) {
    self.text = text
    self.meaning = meaning
    self.isIn = isIn
  }
}
