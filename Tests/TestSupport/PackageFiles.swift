import Foundation

/// The package's own files, for tests of what stands in them.
public enum PackageFiles {
  /// A line of code.
  public struct Line: Sendable, CustomStringConvertible {
    /// The file, from the package's folder on.
    public let file: String
    /// Its number, from 1.
    public let number: Int
    /// The line without its comment.
    public let code: Substring

    /// As an editor takes it, with the code.
    public var description: String { "\(file):\(number): \(code.trimmingPrefix { $0 == " " })" }
  }

  /// The folder of Package.swift.
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  /// The text of a file.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// The bytes of a file.
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }

  /// The lines of the Swift files below a folder.
  public static func lines(below folder: String) throws -> [Line] {
    let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
    var found: [Line] = []
    for case let url as URL in files ?? .init() where url.pathExtension == "swift" {
      let file = String(url.standardizedFileURL.path.dropFirst(root.path.count + 1))
      let lines = try text(file).split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        found.append(Line(file: file, number: index + 1, code: withoutComment(line)))
      }
    }
    return found
  }

  /// A comment begins at the line's start or behind a blank; "https://" does not begin one.
  private static func withoutComment(_ line: Substring) -> Substring {
    if line.trimmingPrefix(while: { $0 == " " }).hasPrefix("//") { return "" }
    return line.firstRange(of: " //").map { line[..<$0.lowerBound] } ?? line
  }
}
