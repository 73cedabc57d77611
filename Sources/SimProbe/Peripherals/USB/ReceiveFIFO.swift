/// The receive FIFO that all OUT endpoints of an OTG core share: words, those that say what follows and those that are data
/// (RM0090, 34.11).
struct ReceiveFIFO {
  /// What a status word says has come (GRXSTSP.PKTSTS).
  enum Kind: UInt32 {
    case globalNAK = 1
    case data = 2
    case transferDone = 3
    case setupDone = 4
    case setup = 6
  }

  /// A word, and whether it is a status word.
  private struct Entry {
    let word: UInt32
    let isStatus: Bool
  }

  private var entries: [Entry] = []
  private var head = 0

  /// How many words wait.
  var count: Int { entries.count - head }

  /// The word that is read next, 0 where there is none.
  var top: UInt32 { head < entries.count ? entries[head].word : 0 }

  /// Puts a status word in, and the data that it is about, the first byte lowest.
  mutating func push(_ kind: Kind, endpoint: Int, isData1: Bool, frame: UInt32, _ bytes: [UInt8] = []) {
    let status =
      UInt32(endpoint) | UInt32(bytes.count) << 4 | (isData1 ? 0b10 : 0) << 15 | kind.rawValue << 17
      | (frame & 0xF) << 21
    entries.append(Entry(word: status, isStatus: true))
    for start in stride(from: 0, to: bytes.count, by: 4) {
      var word: UInt32 = 0
      for (index, byte) in bytes[start..<min(start + 4, bytes.count)].enumerated() {
        word |= UInt32(byte) << (8 * index)
      }
      entries.append(Entry(word: word, isStatus: false))
    }
  }

  /// Takes the next word.
  ///
  /// - Returns: what a status word was about; nil for data.
  mutating func pop() -> (kind: Kind, endpoint: Int)? {
    guard head < entries.count else { return nil }
    let entry = entries[head]
    head += 1
    if head == entries.count { clear() }
    guard entry.isStatus, let kind = Kind(rawValue: entry.word >> 17 & 0xF) else { return nil }
    return (kind, Int(entry.word & 0xF))
  }

  /// Forgets everything.
  mutating func clear() {
    entries.removeAll(keepingCapacity: true)
    head = 0
  }

  /// The words that a packet takes, with its status.
  static func wordCount(ofPacket byteCount: Int) -> Int { 1 + (byteCount + 3) / 4 }
}
