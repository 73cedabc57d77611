/// A named stretch of a chip's address space.
public struct MemoryRegion: Sendable, Equatable {
  /// The manual's name: "SRAM1", "CCM", "system memory".
  public var name: String
  /// The addresses, the last one excluded.
  public var range: Range<UInt32>

  /// Makes a region of `byteCount` bytes from `start` on.
  public init(_ name: String, start: UInt32, byteCount: UInt32) {
    self.name = name
    range = start..<start + byteCount
  }
}
