/// Breaks lines between words, so that they fit the columns of a terminal.
///
/// What goes to a file or a pipe is never broken: there a line is what a program reads as one.
enum LineWrapping {
  /// A terminal narrower than this breaks lines better itself.
  private static let fewestColumns = 40
  /// The last column at which the second of two columns of text is looked for.
  private static let furthestIndentation = 30

  /// The text with its lines broken; words longer than a line stay whole, so that paths and addresses can be copied.
  ///
  /// What follows a break is indented: below the last column of a table's row, else by two more than the line itself.
  static func wrap(_ text: String, to columns: Int) -> String {
    guard columns >= fewestColumns else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { width(of: $0) <= columns ? [String($0)] : pieces(of: $0, columns) }
      .joined(separator: "\n")
  }

  private static func pieces(of line: Substring, _ columns: Int) -> [String] {
    let indentation = indentation(behind: line)
    var pieces: [String] = []
    var piece = ""
    var column = 0
    for (index, word) in line.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
      let width = width(of: word)
      if column + 1 + width > columns, column > indentation {
        pieces.append(String(piece.reversed().drop { $0 == " " }.reversed()))
        piece = String(repeating: " ", count: indentation) + word
        column = indentation + width
      } else if index == 0 || (column == indentation && !pieces.isEmpty) {
        // The first word of a piece; of several spaces at a break none is left.
        piece += word
        column += width
      } else {
        piece += " " + word
        column += 1 + width
      }
    }
    return pieces + [piece]
  }

  /// Where the lines that follow a break begin.
  private static func indentation(behind line: Substring) -> Int {
    let margin = line.prefix { $0 == " " }.count
    var indentation = margin + 2
    var column = 0
    var spaces = 0
    for character in line.prefix(furthestIndentation + 1) {
      if character == " " {
        spaces += 1
      } else {
        if spaces > 1 && column > margin { indentation = column }
        spaces = 0
      }
      column += 1
    }
    return indentation
  }

  /// The columns that a text takes: colours (ECMA-48, SGR) take none.
  private static func width(of text: Substring) -> Int {
    guard text.contains("\u{1B}") else { return text.count }
    var width = 0
    var isColour = false
    for character in text {
      if character == "\u{1B}" { isColour = true }
      if !isColour { width += 1 }
      if character == "m" { isColour = false }
    }
    return width
  }
}
