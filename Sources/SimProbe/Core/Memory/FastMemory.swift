/// Memory that the core may reach without asking the bus: plain RAM, or flash that can be read without side effects.
///
/// The bus hands regions over with `setFastMemory(_:)` and takes them back the same way whenever an access would have
/// to stall, fault or be noticed (flash busy, read protection, remapping). Contents may change at any time; nothing
/// about them is cached. Every 128 MiB of the address space can hold one region; other regions go over the bus.
struct FastMemory {
  /// The first address.
  var base: UInt32
  /// The bytes, which the chip owns and keeps alive while they are handed over.
  var bytes: UnsafeMutableRawPointer
  /// How many bytes there are.
  var byteCount: UInt32
  /// Whether the core may write there by itself.
  var isWritable: Bool
  /// Whether the core may fetch instructions there by itself.
  var isExecutable: Bool
  /// Whether it is the main flash, whose reads may wait.
  var isFlash = false

  /// The size of the slots that can hold one region each, as a power of two.
  static let slotBits: UInt32 = 27
}

/// One slot as the execution loop uses it.
struct FastSlot {
  /// The bytes; without a region they are never touched.
  var bytes: UnsafeMutableRawPointer
  /// The first address.
  var base: UInt32 = 0
  /// An access at an offset below this may be up to a word wide; 0 without a region.
  var readLimit: UInt32 = 0
  /// The same for reads that may wait (`FlashAccelerator`).
  var delayedLimit: UInt32 = 0
  /// The same for writes.
  var writeLimit: UInt32 = 0
  /// A block of code at an offset below this can be decoded.
  var blockLimit: UInt32 = 0
  /// Whether fetches may wait.
  var isDelayed = false

  /// What bytes of memory hold, extended with zeros.
  @inline(__always)
  static func load(_ width: BusWidth, _ bytes: UnsafeMutableRawPointer) -> UInt32 {
    switch width {
    case .word: UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
    case .halfword: UInt32(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
    case .byte: UInt32(bytes.load(as: UInt8.self))
    }
  }

  /// Puts the low bytes of a value into memory.
  @inline(__always)
  static func store(_ value: UInt32, _ width: BusWidth, _ bytes: UnsafeMutableRawPointer) {
    switch width {
    case .word: bytes.storeBytes(of: value.littleEndian, as: UInt32.self)
    case .halfword: bytes.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, as: UInt16.self)
    case .byte: bytes.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    }
  }
}
