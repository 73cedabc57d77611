import Basics

/// One thing that a host had a probe do: a command with its data and its status, or a transfer beside the commands.
public struct DecodedOperation: Sendable, Equatable {
  /// What went out or came in, as far as it is worth showing.
  public enum Payload: Sendable, Equatable {
    /// A word, and what its fields say.
    case word(UInt32, parts: [String])
    /// Something that has words of its own: a version, a voltage.
    case text(String)
    /// Bytes of the target's memory, or bytes that nobody has a meaning for.
    case bytes([UInt8])
  }

  /// A word of a known register that was read or written.
  public struct RegisterWord: Sendable, Equatable {
    /// Where the register is.
    public var address: UInt32
    /// The word.
    public var value: UInt32
    /// Whether it was written.
    public var isWritten: Bool
  }

  /// The place among the session's operations, from 1.
  public var number: Int
  /// The transfers that it is made of, by their positions in the session.
  public var transfers: [Int]
  /// When it began, from the start of the session; nil where nobody knows.
  public var start: Duration?
  /// When it had ended; nil where nobody knows.
  public var end: Duration?
  /// The command's name.
  public var name: String
  /// Whether the command is one that somebody has documented.
  public var isKnown = true
  /// What the command is about: a register's name, an address and a size, a level.
  public var subject: String?
  /// The target's address that it begins at; nil where it has none.
  public var address: UInt32?
  /// What went out besides the command block.
  public var outgoing: Payload?
  /// What came back besides the status.
  public var incoming: Payload?
  /// The known registers among what went out or came back.
  public var registers: [RegisterWord] = []
  /// What the operation is good for, where that shows only from those before it: a job for the RAM loader.
  public var meaning: String?
  /// The status; nil where the command has none, or none came.
  public var status: STLinkStatus?
  /// What went wrong on the cable.
  public var problem: String?
  /// Whether the session lacks the reply that the command has.
  public var lacksReply = false
  /// The bytes to the probe, command blocks included.
  public var sentByteCount = 0
  /// The bytes from the probe.
  public var receivedByteCount = 0

  /// How long it took; nil where a time is missing.
  public var duration: Duration? {
    guard let start, let end else { return nil }
    return end - start
  }

  /// The operation on one line, without number and time.
  ///
  /// The same operation gives the same text wherever it stands, but for what it means; bytes are shown by number, first
  /// bytes and checksum.
  public var text: String {
    var words = [name]
    if let subject { words.append(subject) }
    if let outgoing { words.append("<- \(outgoing.text)") }
    if let incoming { words.append("-> \(incoming.text)") }
    if let status { words.append(status == .ok ? "OK" : "\(status)") }
    if let problem = problem ?? (lacksReply ? "no reply recorded" : nil) { words.append("! \(problem)") }
    return words.joined(separator: " ") + (meaning.map { "; \($0)" } ?? "")
  }

  /// The bytes that `text` shows only a summary of, 16 a line, with the addresses where there are some.
  public var dataLines: [String] {
    let bytes = [outgoing, incoming].compactMap(\.?.bytes).flatMap { $0 }
    return stride(from: 0, to: bytes.count, by: 16).map { offset in
      let row = bytes[offset..<min(offset + 16, bytes.count)]
      let place = (address ?? 0) &+ UInt32(truncatingIfNeeded: offset)
      return Hexadecimal.digits(place, width: 8) + "  " + Payload.digits(row)
    }
  }
}

extension DecodedOperation.Payload {
  /// The bytes shown of many.
  private static let shownByteCount = 8

  /// The bytes; nil for what is none.
  public var bytes: [UInt8]? {
    if case .bytes(let bytes) = self { bytes } else { nil }
  }

  /// The payload in a few words.
  public var text: String {
    switch self {
    case .word(let value, let parts):
      return "0x" + Hexadecimal.digits(value, width: 8) + (parts.isEmpty ? "" : " [\(parts.joined(separator: " "))]")
    case .text(let text):
      return text
    case .bytes(let bytes) where bytes.count <= 2 * Self.shownByteCount:
      return bytes.isEmpty ? "nothing" : Self.digits(bytes[...])
    case .bytes(let bytes):
      return Self.digits(bytes.prefix(Self.shownByteCount)) + " ... (\(bytes.count.inBytes), CRC-32 "
        + Hexadecimal.digits(CRC32.checksum(of: bytes), width: 8) + ")"
    }
  }

  static func digits(_ bytes: ArraySlice<UInt8>) -> String {
    bytes.map { Hexadecimal.digits($0, width: 2) }.joined(separator: " ")
  }
}
