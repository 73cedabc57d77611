/// A row of a benchmark's table.
enum TableRow {
  /// Texts beside each other, each followed by spaces up to its column's width.
  static func text(_ columns: [(text: String, width: Int)]) -> String {
    columns.map { $0.text + String(repeating: " ", count: max(0, $0.width - $0.text.count)) }.joined()
  }
}
