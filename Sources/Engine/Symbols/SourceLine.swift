/// A place in a program's source.
public struct SourceLine: Sendable, Hashable, CustomStringConvertible {
  /// The file, with its folder as the compiler was given it.
  public var file: String
  /// The line, from 1; nil where the compiler made the code up for no line.
  public var line: Int?
  /// The column, from 1; nil where the compiler gives none.
  public var column: Int?

  /// Makes a location.
  public init(file: String, line: Int?, column: Int? = nil) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// As compilers and editors write it: "src/main.c:12:3".
  public var description: String {
    guard let line else { return file }
    return "\(file):\(line)" + (column.map { ":\($0)" } ?? "")
  }
}
