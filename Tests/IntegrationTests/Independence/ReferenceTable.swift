import Foundation

/// One table of Tests/Fixtures/reference: comma-separated, `#` starts a comment line, the first row names the columns.
struct ReferenceTable {
  let rows: [ReferenceRow]

  init(_ name: String, file: String = #filePath) throws {
    let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "../../Fixtures/reference")
    let text = try String(contentsOf: folder.appending(path: name + ".csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    let columns = lines.first ?? []
    rows = lines.dropFirst().map { ReferenceRow(cells: Dictionary(zip(columns, $0)) { first, _ in first }) }
  }
}

/// One row: cells by column name.
struct ReferenceRow: CustomStringConvertible, Sendable {
  let cells: [String: String]

  subscript(column: String) -> String { cells[column] ?? "" }

  /// A cell as a number, decimal or hexadecimal with 0x; nil for anything else, such as "-".
  func number(_ column: String) -> UInt32? {
    let text = self[column]
    return text.hasPrefix("0x") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
  }

  /// A cell as numbers separated by blanks.
  func numbers(_ column: String) -> [UInt32] {
    self[column].split(separator: " ").compactMap { word in
      word.hasPrefix("0x") ? UInt32(word.dropFirst(2), radix: 16) : UInt32(word)
    }
  }

  var description: String {
    cells.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
