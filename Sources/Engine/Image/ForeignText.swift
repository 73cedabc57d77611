import Failures

/// Text that is no Intel HEX and no S-record.
enum ForeignText {
  /// A text has more different characters than this; a fill pattern such as 0x55, which is "U", has fewer.
  private static let leastCharacters = 8

  /// Recognises text; nil for everything else.
  static func recognise(_ content: [UInt8]) -> ForeignContent? {
    if isUTF16(content) {
      return ForeignContent("text in UTF-16", "Save it as plain text (ASCII or UTF-8), or make it again")
    }
    guard isText(content) else { return nil }
    let head = String(decoding: content.prefix(512), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let start = head.lowercased()
    return kinds.first { start.hasPrefix($0.start) }.map { ForeignContent($0.title, $0.remedy) }
      ?? ForeignContent("text", "Give the firmware itself; this is another kind of file")
  }

  private static let kinds: [(start: String, title: String, remedy: Advice)] = [
    (
      "version https://git-lfs", "a pointer of Git LFS, which stands for the file",
      "Fetch the file itself: git lfs pull"
    ),
    ("<!doctype html", "a web page (HTML)", "Download the file itself; this is a page about it"),
    ("<html", "a web page (HTML)", "Download the file itself; this is a page about it"),
    ("404:", "the answer of a web server that has no such file", "Check the address that the file was downloaded from"),
    ("<?xml", "XML", "Give the firmware itself; this is another kind of file"),
    ("{", "JSON", "Give the firmware itself; this is another kind of file"),
    ("#!", "a script", "Run it if it builds the firmware, and give that"),
    ("@", "TI-TXT or Verilog hexadecimal text", "Convert it: srec_cat and objcopy make Intel HEX of it"),
    ("-----begin ", "a key or certificate (PEM)", "Give the firmware itself; this is another kind of file"),
  ]

  /// Whether all of the content is UTF-8 without control characters other than those that lay text out.
  private static func isText(_ content: [UInt8]) -> Bool {
    var seen = [Bool](repeating: false, count: 256)
    for byte in content {
      switch byte {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1A: break
      case 0x20..<0x7F, 0x80...: seen[Int(byte)] = true
      default: return false
      }
    }
    return seen.count(where: { $0 }) > leastCharacters && String(validating: content, as: UTF8.self) != nil
  }

  /// Whether every second byte of the beginning is 0 and the others are printable, in either order; a byte order mark
  /// may stand in front.
  private static func isUTF16(_ content: [UInt8]) -> Bool {
    let hasMark = content.starts(with: [0xFF, 0xFE]) || content.starts(with: [0xFE, 0xFF])
    let characters = content.dropFirst(hasMark ? 2 : 0).prefix(64)
    guard characters.count >= 16 || hasMark && characters.count >= 2 else { return false }
    return [0, 1].contains { position in
      characters.enumerated().allSatisfy { index, byte in
        index % 2 == position ? byte == 0 : (0x20..<0x7F).contains(byte) || [0x09, 0x0A, 0x0D].contains(byte)
      }
    }
  }
}
