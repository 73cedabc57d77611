/// Collects the pieces of a file in whatever order they come and makes segments of them.
///
/// Pieces that touch are joined. Two pieces may hold the same address only with the same byte, since nobody can tell
/// which of two different ones was meant. What overlaps is compared, so that the limit counts every piece in full: a file
/// that points at the same bytes ten thousand times is refused before they are looked at.
struct SegmentAssembler {
  /// More than the largest external memory that such a chip can address would be; a damaged or hostile file could
  /// otherwise ask for gigabytes by pointing at the same bytes again and again.
  static let byteLimit = 0x1000_0000

  private struct Piece {
    var address: UInt32
    var bytes: ArraySlice<UInt8>
    var location: ImageLocation?

    var last: UInt32 { address + UInt32(bytes.count - 1) }
  }

  private let file: String
  private let format: ImageFormat
  private var pieces: [Piece] = []
  private var byteCount = 0

  init(file: String, format: ImageFormat) {
    self.file = file
    self.format = format
  }

  /// Takes a piece; no bytes are no piece.
  mutating func add(_ bytes: ArraySlice<UInt8>, at address: UInt32, from location: ImageLocation?) throws(ImageError) {
    guard !bytes.isEmpty else { return }
    guard bytes.count - 1 <= Int(UInt32.max - address) else {
      throw error(.pastAddressSpace(address: address, byteCount: bytes.count), at: location)
    }
    byteCount += bytes.count
    guard byteCount <= SegmentAssembler.byteLimit else {
      throw error(.tooLarge(limit: SegmentAssembler.byteLimit), at: location)
    }
    pieces.append(Piece(address: address, bytes: bytes, location: location))
  }

  /// The segments that the pieces make.
  ///
  /// - Throws: `ImageError` when there was no piece, or when two pieces contradict each other.
  consuming func finish() throws(ImageError) -> [FirmwareImage.Segment] {
    guard !pieces.isEmpty else { throw error(.noData, at: nil) }
    if !zip(pieces, pieces.dropFirst()).allSatisfy({ $0.address <= $1.address }) {
      pieces.sort { $0.address < $1.address }
    }
    var segments: [FirmwareImage.Segment] = []
    var start = pieces[0].address
    var joined: [UInt8] = []
    for index in pieces.indices {
      let piece = pieces[index]
      if Int(piece.address) > Int(start) + joined.count {
        segments += FirmwareImage.Segment(address: start, bytes: joined).map { [$0] } ?? []
        joined = []
        start = piece.address
      }
      let offset = Int(piece.address) - Int(start)
      let common = min(joined.count - offset, piece.bytes.count)
      try compare(index, with: joined[offset..<offset + common])
      joined += piece.bytes.dropFirst(common)
    }
    segments += FirmwareImage.Segment(address: start, bytes: joined).map { [$0] } ?? []
    return segments
  }

  /// Holds a piece against what earlier ones have put where it begins.
  private func compare(_ index: Int, with earlier: ArraySlice<UInt8>) throws(ImageError) {
    let piece = pieces[index]
    guard !earlier.elementsEqual(piece.bytes.prefix(earlier.count)) else { return }
    let same = zip(earlier, piece.bytes).prefix { $0 == $1 }.count
    let address = piece.address + UInt32(same)
    let other = pieces[..<index].last { $0.address <= address && address <= $0.last }
    throw error(
      .overlap(
        address: address, first: earlier[earlier.startIndex + same], second: piece.bytes[piece.bytes.startIndex + same],
        otherLocation: other?.location),
      at: piece.location)
  }

  private func error(_ reason: ImageError.Reason, at location: ImageLocation?) -> ImageError {
    ImageError(reason, in: file, format: format, at: location)
  }
}
