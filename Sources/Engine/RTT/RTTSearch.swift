import Basics

/// Looks for a control block in the RAM, a piece at a time, so that other work can be done between.
struct RTTSearch {
  /// How much is read at once.
  private static let pieceByteCount: UInt32 = 2048
  /// The RAM in the order in which it is looked through: most blocks are near a region's start or end.
  private static let likelyByteCount: UInt32 = 8192

  private let ranges: [Range<UInt32>]
  private var pieces: [Range<UInt32>] = []
  private(set) var roundCount = 0

  /// Makes a search.
  init(_ ranges: [Range<UInt32>]) {
    self.ranges = ranges
  }

  /// Looks at one piece; the address of a block in it, if one is there.
  mutating func look(_ access: any DebugAccess) throws(DebugError) -> UInt32? {
    if pieces.isEmpty {
      pieces = RTTSearch.pieces(of: ranges)
      roundCount += 1
    }
    guard let piece = pieces.popLast() else { return nil }
    return try RTTSearch.find(in: piece, access, within: ranges)
  }

  /// Every place in the RAM that looks like a block.
  static func all(in ranges: [Range<UInt32>], _ access: any DebugAccess) throws(DebugError) -> [UInt32] {
    var found: [UInt32] = []
    for piece in pieces(of: ranges) {
      if let address = try find(in: piece, access, within: ranges) { found.append(address) }
    }
    return found
  }

  /// The pieces, last first.
  private static func pieces(of ranges: [Range<UInt32>]) -> [Range<UInt32>] {
    var likely: [Range<UInt32>] = []
    var others: [Range<UInt32>] = []
    for range in ranges {
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Int(pieceByteCount)) {
        let piece = start..<min(start + pieceByteCount, range.upperBound)
        let isLikely =
          start - range.lowerBound < likelyByteCount || range.upperBound - piece.upperBound < likelyByteCount
        if isLikely { likely.append(piece) } else { others.append(piece) }
      }
    }
    return Array((likely + others).reversed())
  }

  /// A block begins at a multiple of four: it holds words.
  private static func find(
    in piece: Range<UInt32>, _ access: any DebugAccess, within ranges: [Range<UInt32>]
  ) throws(DebugError) -> UInt32? {
    // A block that begins in the piece may end behind it.
    let end = ranges.first { $0.contains(piece.lowerBound) }.map { min($0.upperBound, piece.upperBound + 24) }
    let bytes = try access.readMemory(
      at: piece.lowerBound, byteCount: Int((end ?? piece.upperBound) - piece.lowerBound))
    let first = RTTControlBlock.identifier[0]
    for offset in stride(from: 0, to: bytes.count - RTTControlBlock.headerByteCount + 1, by: 4)
    where bytes[offset] == first {
      let header = Array(bytes[offset..<offset + RTTControlBlock.headerByteCount])
      if RTTControlBlock(header: header, at: piece.lowerBound + UInt32(offset)) != nil {
        return piece.lowerBound + UInt32(offset)
      }
    }
    return nil
  }
}
