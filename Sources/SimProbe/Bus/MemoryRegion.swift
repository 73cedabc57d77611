/// A block of guest memory.
///
/// Offsets are checked in every build: a caller that goes past the end traps; only the core's execution loop, which is
/// handed `bytes` with their limits, checks for itself. Words are little-endian, as the guest
/// sees them. One region belongs to one chip; it is not shared between threads.
final class MemoryRegion {
  /// The size in bytes.
  let byteCount: Int

  /// The bytes themselves, valid for the life of the region.
  let bytes: UnsafeMutableRawPointer

  /// Makes a region filled with one byte value.
  init(byteCount: Int, filledWith byte: UInt8) {
    self.byteCount = byteCount
    bytes = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 16)
    bytes.initializeMemory(as: UInt8.self, repeating: byte, count: byteCount)
  }

  deinit {
    bytes.deallocate()
  }

  /// Reads a byte.
  func byte(at offset: Int) -> UInt8 {
    check(offset, 1)
    return bytes.load(fromByteOffset: offset, as: UInt8.self)
  }

  /// Reads a halfword at any alignment.
  func halfword(at offset: Int) -> UInt16 {
    check(offset, 2)
    return UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  /// Reads a word at any alignment.
  func word(at offset: Int) -> UInt32 {
    check(offset, 4)
    return UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  /// Reads as many bytes as the width says, right-aligned.
  func load(_ width: BusWidth, at offset: Int) -> UInt32 {
    switch width {
    case .byte: UInt32(byte(at: offset))
    case .halfword: UInt32(halfword(at: offset))
    case .word: word(at: offset)
    }
  }

  /// Writes as many of the low bytes of a value as the width says.
  func store(_ value: UInt32, _ width: BusWidth, at offset: Int) {
    check(offset, Int(width.rawValue))
    switch width {
    case .byte: bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: offset, as: UInt8.self)
    case .halfword:
      bytes.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, toByteOffset: offset, as: UInt16.self)
    case .word: bytes.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
    }
  }

  /// Fills a range with one byte value.
  func fill(_ range: Range<Int>, with byte: UInt8) {
    check(range.lowerBound, range.count)
    (bytes + range.lowerBound).initializeMemory(as: UInt8.self, repeating: byte, count: range.count)
  }

  /// Fills the region, whose size is a multiple of 8, with the generator's bytes.
  func randomize(with generator: inout ChipRandom) {
    var offset = 0
    while offset + 8 <= byteCount {
      bytes.storeBytes(of: generator.next().littleEndian, toByteOffset: offset, as: UInt64.self)
      offset += 8
    }
  }

  /// A copy of a range.
  func contents(_ range: Range<Int>) -> [UInt8] {
    check(range.lowerBound, range.count)
    return [UInt8](UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count))
  }

  /// Replaces the bytes from an offset on.
  func replace(at offset: Int, with contents: [UInt8]) {
    check(offset, contents.count)
    contents.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      (bytes + offset).copyMemory(from: start, byteCount: source.count)
    }
  }

  @inline(__always)
  private func check(_ offset: Int, _ count: Int) {
    precondition(offset >= 0 && count >= 0 && offset <= byteCount - count, "outside the memory region")
  }
}
