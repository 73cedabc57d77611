/// What Intel HEX and S-records have in common: lines of hexadecimal digits behind a mark.
enum RecordText {
  /// One line that is neither blank nor a comment.
  struct Line {
    /// The number of the line in the file, from 1.
    var number: Int
    /// The line without the blanks around it, without its end and without a comment.
    var characters: ArraySlice<UInt8>
    /// The position of the line's first character in the file.
    var start: Int
  }

  /// UTF-8's byte order mark, which some editors put at the start of a text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// The first characters of a text after a byte order mark, blank lines and comments; nil where there are fewer.
  static func firstCharacters(of text: [UInt8], count: Int) -> [UInt8]? {
    let start = text.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    var rest = text[start...].drop(while: isBlank)
    while let first = rest.first, isComment(first) {
      rest = rest.drop { $0 != carriageReturn && $0 != lineFeed }.drop(while: isBlank)
    }
    let characters = rest.prefix(count)
    return characters.count == count ? Array(characters) : nil
  }

  /// Calls a closure for each line that holds a record; CR, LF and CR LF all end a line.
  ///
  /// Neither format knows comments, and several tools write them: from `;` or `#` on, nothing counts.
  static func forEachLine(
    of text: [UInt8], _ body: (Line) throws(ImageError) -> Void
  ) throws(ImageError) {
    var position = text.starts(with: byteOrderMark) ? byteOrderMark.count : 0
    var number = 0
    while position < text.count {
      number += 1
      let start = position
      while position < text.count, text[position] != carriageReturn, text[position] != lineFeed {
        position += 1
      }
      var first = start
      var end = text[start..<position].firstIndex(where: isComment) ?? position
      while first < end, isBlank(text[first]) { first += 1 }
      while end > first, isBlank(text[end - 1]) { end -= 1 }
      if first < end {
        try body(Line(number: number, characters: text[first..<end], start: start))
      }
      let isPair = position + 1 < text.count && text[position] == carriageReturn && text[position + 1] == lineFeed
      position += isPair ? 2 : 1
    }
  }

  /// The bytes that a line's digits make, from a position on; a single digit left over at the end makes none.
  ///
  /// - Throws: `ImageError.Reason.digit` with the column in the line, counted from 1.
  static func bytes(
    of line: Line, from first: Int, in file: String, format: ImageFormat
  ) throws(ImageError) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity((line.characters.endIndex - first) / 2)
    var high: UInt8?
    var index = first
    while index < line.characters.endIndex {
      let character = line.characters[index]
      guard let digit = value(of: character) else {
        let column = index - line.start + 1
        throw ImageError(.digit(column: column, found: character), in: file, format: format, at: .line(line.number))
      }
      if let complete = high {
        result.append(complete << 4 | digit)
        high = nil
      } else {
        high = digit
      }
      index += 1
    }
    return result
  }

  /// Whether a character is a hexadecimal digit, in either case.
  static func isDigit(_ character: UInt8) -> Bool {
    value(of: character) != nil
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  private static let carriageReturn: UInt8 = 0x0D
  private static let lineFeed: UInt8 = 0x0A

  private static func isComment(_ character: UInt8) -> Bool {
    character == UInt8(ascii: ";") || character == UInt8(ascii: "#")
  }

  /// Space, tab, line ends, and the Ctrl-Z with which DOS programs end a text.
  private static func isBlank(_ character: UInt8) -> Bool {
    [0x20, 0x09, carriageReturn, lineFeed, 0x1A].contains(character)
  }
}
