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
