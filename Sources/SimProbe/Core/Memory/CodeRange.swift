/// The part of writable memory that holds code which was executed: stores there have to be noticed.
struct CodeRange {
  /// Where it begins, less what a store may reach beyond its address.
  private var start: UInt = 0
  private var byteCount: UInt = 0

  /// How far a word reaches beyond its address.
  private static let reach: UInt = 3

  /// Takes in the code of a block.
  @inline(__always)
  mutating func extend(to code: UnsafeRawPointer, byteCount codeLength: UInt) {
    let place = UInt(bitPattern: code) &- Self.reach
    let length = Self.reach + codeLength
    guard place < start || place &+ length > start &+ byteCount else { return }
    grow(to: place, place &+ length)
  }

  private mutating func grow(to place: UInt, _ end: UInt) {
    guard byteCount > 0 else {
      (start, byteCount) = (place, end - place)
      return
    }
    let newEnd = max(start + byteCount, end)
    start = min(start, place)
    byteCount = newEnd - start
  }

  /// Whether a store of up to a word there may change code.
  @inline(__always)
  func contains(_ bytes: UnsafeMutableRawPointer) -> Bool { UInt(bitPattern: bytes) &- start < byteCount }

  /// Whether a store of so many bytes may.
  @inline(__always)
  func contains(_ bytes: UnsafeMutableRawPointer, byteCount stored: UInt) -> Bool {
    UInt(bitPattern: bytes) &+ stored &- start < byteCount &+ stored
  }
}
