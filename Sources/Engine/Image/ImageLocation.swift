/// A place in an image file, as messages name it.
public enum ImageLocation: Sendable, Equatable {
  /// A line of a text format, counted from 1.
  case line(Int)
  /// A byte of a binary format, counted from 0.
  case offset(Int)

  /// The place in prose: "line 12", "offset 0x34".
  public var text: String {
    switch self {
    case .line(let number): "line \(number)"
    case .offset(let offset): "offset 0x" + String(offset, radix: 16, uppercase: true)
    }
  }
}
