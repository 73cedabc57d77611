import Basics

/// A firmware: which bytes go to which addresses of the target.
///
/// Every file format turns into this one value: segments in rising order that neither overlap nor touch. Ranges are
/// closed, so that the last byte of the address space can be part of one.
public struct FirmwareImage: Sendable, Equatable {
  /// The bytes; at least one segment, in rising order, with a gap between any two.
  public let segments: [Segment]
  /// Where the file says that execution starts, bit 0 set for Thumb code; nil where it says nothing.
  public let entryPoint: UInt32?
  /// The format of the file that the image was read from.
  public let format: ImageFormat
  /// The chip family that a UF2 file names; nil for other formats and for files that name none.
  public let family: UF2Family?
  /// The USB device that a DFU suffix names; nil for files without one.
  public internal(set) var dfuDevice: DFUFileDevice?
  /// What the file holds and the image does not, one part each, in words; empty where the image is all of it.
  public internal(set) var leftOut: [String]

  init(
    segments: [Segment], entryPoint: UInt32?, format: ImageFormat, family: UF2Family? = nil, leftOut: [String] = []
  ) {
    self.segments = segments
    self.entryPoint = entryPoint
    self.format = format
    self.family = family
    self.leftOut = leftOut
  }

  /// Makes an image of one piece of memory.
  ///
  /// - Returns: nil when there are no bytes or when they run past the end of the address space.
  public init?(address: UInt32, bytes: [UInt8]) {
    guard let segment = Segment(address: address, bytes: bytes) else { return nil }
    self.init(segments: [segment], entryPoint: nil, format: .binary)
  }

  /// Makes an image of pieces in any order, joining those that touch.
  ///
  /// - Throws: `ImageError` when there is no piece, or when two hold different bytes for the same address.
  public init(joining pieces: [Segment], entryPoint: UInt32? = nil, name: String = "image") throws(ImageError) {
    var assembler = SegmentAssembler(file: name, format: .binary)
    for piece in pieces {
      try assembler.add(piece.bytes[...], at: piece.address, from: nil)
    }
    self.init(segments: try assembler.finish(), entryPoint: entryPoint, format: .binary)
  }

  /// The image without the erased bytes (0xFF) at its end; nil when it holds nothing else.
  public func withoutErasedTail() -> FirmwareImage? {
    var segments = segments
    while let last = segments.popLast() {
      let count = last.bytes.count - last.bytes.reversed().prefix { $0 == 0xFF }.count
      guard let kept = Segment(address: last.address, bytes: Array(last.bytes[..<count])) else { continue }
      return with(segments + [kept])
    }
    return nil
  }

  /// The same image with other segments.
  func with(_ segments: [Segment]) -> FirmwareImage {
    var image = FirmwareImage(
      segments: segments, entryPoint: entryPoint, format: format, family: family, leftOut: leftOut)
    image.dfuDevice = dfuDevice
    return image
  }

  /// The number of bytes in all segments, gaps not counted.
  public var totalByteCount: Int {
    segments.reduce(0) { $0 + $1.bytes.count }
  }

  /// The addresses from the lowest byte to the highest, gaps included.
  public var span: ClosedRange<UInt32> {
    guard let first = segments.first, let last = segments.last else {
      preconditionFailure("an image has at least one segment")
    }
    return first.range.lowerBound...last.range.upperBound
  }

  /// The parts of the image that lie in a range, in rising order; empty when none does.
  public func segments(in range: ClosedRange<UInt32>) -> [Segment] {
    segments[firstIndex(endingAtOrAfter: range.lowerBound)...]
      .prefix { $0.address <= range.upperBound }
      .compactMap { $0.part(in: range) }
  }

  /// The bytes of a range; nil unless the image holds every one of them.
  public func bytes(in range: ClosedRange<UInt32>) -> [UInt8]? {
    guard let part = segments(in: range).first, part.range == range else { return nil }
    return part.bytes
  }

  /// The image's bytes of a range, with a fill for those that the image does not hold.
  public func bytes(in range: ClosedRange<UInt32>, filledWith fill: UInt8) -> [UInt8] {
    var result = [UInt8](repeating: fill, count: range.count)
    for part in segments(in: range) {
      let start = Int(part.address - range.lowerBound)
      result.replaceSubrange(start..<start + part.bytes.count, with: part.bytes)
    }
    return result
  }

  /// The first two words at an address, as the core reads them on reset; nil when the image does not hold them all.
  public func vectorTable(at address: UInt32) -> VectorTable? {
    guard address <= UInt32.max - 7, let bytes = bytes(in: address...address + 7) else { return nil }
    return VectorTable(
      address: address, initialStackPointer: bytes.littleEndianWord(at: 0),
      resetHandler: bytes.littleEndianWord(at: 4))
  }

  /// The position of the first segment that ends at an address or after it, found by bisection.
  private func firstIndex(endingAtOrAfter address: UInt32) -> Int {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].range.upperBound < address {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
