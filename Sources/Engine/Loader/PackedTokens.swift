import Basics

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
