/// Rows of text in columns as wide as their widest cell, two spaces apart.
struct Table {
  /// The cells; every row has the same number of them.
  let rows: [[String]]

  /// The rows as lines, without spaces at their ends.
  var lines: [String] {
    guard let first = rows.first else { return [] }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
