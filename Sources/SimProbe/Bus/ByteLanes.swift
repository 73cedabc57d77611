/// The bytes of a word that a narrow access touches: the lanes that the low address bits and the width select.
struct ByteLanes: Equatable {
  private let shift: UInt32
  private let mask: UInt32

  init(_ address: UInt32, _ width: BusWidth) {
    shift = (address & 0b11) * 8
    mask = width == .word ? 0xFFFF_FFFF : 1 << (width.rawValue * 8) - 1
  }

  /// The lanes of a word, right-aligned.
  func extract(from word: UInt32) -> UInt32 {
    word >> shift & mask
  }

  /// A right-aligned value in its lanes, zeros elsewhere.
  func place(_ value: UInt32) -> UInt32 {
    (value & mask) << shift
  }

  /// A word with these lanes replaced.
  func merge(_ value: UInt32, into word: UInt32) -> UInt32 {
    word & ~(mask << shift) | place(value)
  }
}
