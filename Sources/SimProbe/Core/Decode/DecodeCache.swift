/// Decoded instructions by a hash of their bits.
///
/// What it holds is a function of an instruction's bits, not of its address: nothing has to be invalidated. The owner
/// frees it with `deallocate()`.
struct DecodeCache {
  private struct Entry {
    /// The instruction: a 16-bit one in the low half, a 32-bit one with its first halfword in the high half.
    var word: UInt32
    var operation: Operation
  }

  private let decoder: Decoder
  private let entries: UnsafeMutablePointer<Entry>

  private static let bits: UInt32 = 11

  /// A cache in front of a decoder.
  init(_ decoder: Decoder) {
    self.decoder = decoder
    entries = .allocate(capacity: 1 << Int(Self.bits))
    let undefined = Entry(word: .max, operation: decoder.decode(.max, isWide: true))
    entries.initialize(repeating: undefined, count: 1 << Int(Self.bits))
  }

  /// The place of a decoded instruction, valid until the next call.
  @inline(__always)
  func operation(of word: UInt32) -> UnsafeMutablePointer<Operation> {
    let entry = entries + Int((word &* 0x9E37_79B1) >> (32 - Self.bits))
    if entry.pointee.word != word { decode(word, into: entry) }
    return UnsafeMutableRawPointer(entry).advanced(by: MemoryLayout<Entry>.offset(of: \.operation) ?? 0)
      .assumingMemoryBound(to: Operation.self)
  }

  @inline(never)
  private func decode(_ word: UInt32, into entry: UnsafeMutablePointer<Entry>) {
    entry.pointee = Entry(word: word, operation: decoder.decode(word, isWide: word >= 0xE800_0000))
  }

  /// Frees the memory.
  func deallocate() {
    entries.deallocate()
  }
}
