import Basics

/// Words of the text form of a session, for its writer and its reader.
///
/// One transfer a line, so that a session can be reviewed, trimmed and written by hand:
///
///     stflash-trace 1
///     start 1700000000.000000000
///     device 3 17
///     meta chip: STM32F207ZG
///     mask voltage 2 0-3
///     # submitted, completed, what was asked, how it ended
///     0.000000000 0.000100000 control-in 8006000100001200 = 1201000200000040830448370001010203ff01
///     0.000200000 0.000300000 out 02 f180,00*14
///     0.000210000 0.000400000 in 81 6 = 240083044837
///     - - in 81 2 ! EPIPE 01
///
/// Times are seconds from the start, "-" where they are not known, and both may be left out. Bytes are hexadecimal
/// digits, "-" for none; "ff*3840" is one byte again and again, and commas join such parts with others. The end of a
/// transfer is `= BYTES` (what came in; left out for a transfer that goes out), `! STATUS BYTES` (it failed with a Linux
/// error, after these bytes had come in; `sent N` when N had gone out), or `?` (the recording does not tell). `~length`,
/// `~sent` and `~received` at the end mark what the recording knows only in part.
/// `again N COUNT PERIOD` stands for the N transfers before it, COUNT times more and each time PERIOD seconds later ("-"
/// where their times are not known). What stands behind a "#" is a comment, except in metadata.
enum TextForm {
  /// The first word of the first line.
  static let title = "stflash-trace"
  /// The version that is written, and the only one that is read.
  static let version = "1"

  /// Stands for no bytes and for an unknown time.
  static let none = "-"

  /// Stands between parts of a transfer's bytes.
  static let partSeparator: Character = ","
  /// Stands between a byte and how often it comes.
  static let repetition: Character = "*"
  /// The fewest equal bytes that are written as a repetition.
  static let fewestRepeated = 6

  /// What a transfer costs that `again` stands for, beside its bytes, of the bytes that a text may stand for.
  static let transferCost = 256

  /// The first words of lines that are no transfers.
  enum Header: String {
    case start
    case device
    case meta
    case mask
    case again
  }

  /// The kinds of transfers.
  enum Kind: String {
    case output = "out"
    case input = "in"
    case controlOut = "control-out"
    case controlIn = "control-in"
  }

  /// The signs before a transfer's end.
  enum End: String {
    case completed = "="
    case failed = "!"
    case unknown = "?"
  }

  /// The word before the number of bytes that had gone out.
  static let sent = "sent"

  /// The marks for what is not known.
  static let gaps: [(word: String, gap: Exchange.Gaps)] = [
    ("~length", .requestedLength), ("~sent", .outgoingBytes), ("~received", .incomingBytes),
  ]
}

extension TextForm {
  /// Bytes, with those that come again and again as one and their number.
  static func text(_ bytes: [UInt8]) -> String {
    if bytes.isEmpty { return none }
    var parts: [String] = []
    var start = 0
    var position = 0
    while position < bytes.count {
      var end = position + 1
      while end < bytes.count, bytes[end] == bytes[position] { end += 1 }
      if end - position >= fewestRepeated {
        if start < position { parts.append(Hexadecimal.text(bytes[start..<position])) }
        parts.append("\(Hexadecimal.text([bytes[position]]))\(repetition)\(end - position)")
        start = end
      }
      position = end
    }
    if start < bytes.count { parts.append(Hexadecimal.text(bytes[start...])) }
    return parts.joined(separator: String(partSeparator))
  }

  /// A time in seconds, to the nanosecond.
  static func text(_ time: Duration) -> String {
    let (seconds, nanoseconds) = time.wholeSecondsAndNanoseconds
    let digits = String(nanoseconds)
    return "\(seconds)." + String(repeating: "0", count: 9 - digits.count) + digits
  }
}
