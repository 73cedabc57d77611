import Basics

/// Packs firmware for the loader, which unpacks it while it programs: bytes that have come before are named instead of sent.
///
/// firmware/loader/flash-loader.s describes the tokens. Thumb code comes to some 0.65 to 0.75 of its size; what would hardly get
/// smaller is better sent as it is.
struct LoaderPacker {
  /// How far back a token can name bytes: what the loader remembers.
  static let windowByteCount = 8192

  /// What the loader remembers, the last byte last, and the address behind it.
  private var window: [UInt8] = []
  private var end: UInt32 = 0

  /// Packs whole words that are to be programmed at an address.
  ///
  /// - Returns: what is sent instead; nil where that would not be clearly less, and the loader then must get the words as they
  ///   are. What was packed before is named only where the block goes on from it.
  mutating func pack(_ block: FlashBlock) -> [UInt8]? {
    let known = block.address == end ? window : []
    // Most of what does not get smaller shows it soon, and the search would cost the time in which it could be sent.
    if block.bytes.count > Self.sampleByteCount {
      let sample = Array(block.bytes.prefix(Self.sampleByteCount))
      guard isWorthIt(Self.packed(sample, behind: []), insteadOf: sample) else { return nil }
    }
    let packed = Self.packed(block.bytes, behind: known)
    guard isWorthIt(packed, insteadOf: block.bytes) else { return nil }
    window = (known + block.bytes).suffix(Self.windowByteCount)
    end = block.address &+ UInt32(block.bytes.count)
    return packed
  }

  private static let sampleByteCount = 4096

  private static func packed(_ bytes: [UInt8], behind known: [UInt8]) -> [UInt8] {
    var tokens = PackedTokens()
    PackingSearch(known + bytes, from: known.count).tokens { tokens.append($0) }
    return tokens.bytes
  }

  private func isWorthIt(_ packed: [UInt8], insteadOf bytes: [UInt8]) -> Bool {
    packed.count < bytes.count * 15 / 16
  }
}

/// One step of unpacking.
enum PackingToken: Equatable {
  /// A byte as it is.
  case literal(UInt8)
  /// Bytes that stand at a distance of 1 to 8192 before.
  case match(distance: Int, length: Int)
}

/// Tokens as the loader takes them: control bits and bytes in words of their own, each where it is first needed.
struct PackedTokens {
  private var words: [UInt32] = []
  private var bits = (word: 0, left: 0)
  private var literals = (word: 0, left: 0)

  /// Everything appended so far, as it stands in the ring.
  var bytes: [UInt8] { words.flatMap(\.littleEndianBytes) }

  mutating func append(_ token: PackingToken) {
    switch token {
    case .literal(let byte):
      append(bit: 1)
      append(byte: byte)
    case .match(let distance, let length):
      append(bit: 0)
      append(number: (distance - 1) >> 8 + 1)
      append(byte: UInt8(truncatingIfNeeded: distance - 1))
      append(number: length - 1)
    }
  }

  private mutating func append(number: Int) {
    for shift in (0..<Int.bitWidth - 1 - number.leadingZeroBitCount).reversed() {
      append(bit: 1)
      append(bit: UInt32(truncatingIfNeeded: number >> shift) & 1)
    }
    append(bit: 0)
  }

  private mutating func append(bit: UInt32) {
    if bits.left == 0 {
      bits = (words.count, 32)
      words.append(0)
    }
    bits.left -= 1
    words[bits.word] |= bit << UInt32(bits.left)
  }

  private mutating func append(byte: UInt8) {
    if literals.left == 0 {
      literals = (words.count, 4)
      words.append(0)
    }
    words[literals.word] |= UInt32(byte) << UInt32(8 * (4 - literals.left))
    literals.left -= 1
  }
}
