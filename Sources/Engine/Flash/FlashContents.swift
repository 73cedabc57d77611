/// What the flash holds, as far as planning has to know it.
///
/// Short stretches are read over the link. Long ones are left to the loader where it may run: it looks through a sector
/// in the time in which the link carries a few hundred bytes.
final class FlashContents {
  /// A stretch up to this length is read before a loader is started for it.
  private static let shortByteCount = 4096

  private let reader: FlashReader
  /// How much is read first: content that differs mostly shows at once.
  private let firstLookByteCount: Int
  /// How much is compared at once.
  private let pieceByteCount: Int
  private let startLoader: (() throws(FlashError) -> Loader?)?
  private var loader: Loader?
  private var hasTriedLoader = false
  /// What has been read ahead.
  private var known: [FlashBlock] = []

  /// Makes a way to look at the flash.
  ///
  /// - Parameters:
  ///   - firstLookByteCount: how much is read first; few bytes where the link takes as long for many as for many commands.
  ///   - pieceByteCount: how much is compared at once.
  ///   - startLoader: is called once, when a loader is first wanted; nil where none may run. The loader goes on
  ///     for whoever wants it next.
  init(
    reader: FlashReader, firstLookByteCount: Int = 256, pieceByteCount: Int = FlashReader.bytesPerCommand,
    startLoader: (() throws(FlashError) -> Loader?)? = nil
  ) {
    self.reader = reader
    self.firstLookByteCount = firstLookByteCount
    self.pieceByteCount = pieceByteCount
    self.startLoader = startLoader
  }

  /// Whether a long stretch is as quickly looked at as a short one.
  var isQuick: Bool { hasTriedLoader ? loader != nil : startLoader != nil }

  /// The bytes of a range.
  func bytes(in range: Range<UInt32>) throws(FlashError) -> [UInt8] {
    var bytes = known.first { $0.range.contains(range.lowerBound) }?.part(in: range)?.bytes ?? []
    let rest = range.lowerBound + UInt32(bytes.count)..<range.upperBound
    for piece in rest.pieces(of: FlashReader.bytesPerCommand) {
      bytes += try reader.read(piece, phase: nil)
      try loader?.stayAwake()
    }
    return bytes
  }

  /// Reads at once what small ranges lie close together, with the gaps between: each would cost a command of its own.
  ///
  /// - Parameter ranges: by rising address.
  func readAhead(of ranges: [Range<UInt32>]) throws(FlashError) {
    let small = ranges.filter { $0.count < FlashPlanner.shortGapByteCount }
    for stretch in small.joined(over: FlashPlanner.shortGapByteCount) where !small.contains(stretch) {
      known.append(FlashBlock(address: stretch.lowerBound, bytes: try bytes(in: stretch)))
    }
  }

  /// The bytes from the first to the last one of a range that is programmed; nil where it is blank.
  func programmedPart(of range: Range<UInt32>) throws(FlashError) -> FlashBlock? {
    var range = range
    if let loader = try loader(for: range.count) {
      let rows = range.rows
      let isEdgeBlank = try bytes(in: range.lowerBound..<rows.lowerBound).allSatisfy { $0 == 0xFF }
      switch (isEdgeBlank, try loader.firstProgrammed(in: rows)) {
      case (true, let first?): range = first..<range.upperBound
      case (true, nil): range = rows.upperBound..<range.upperBound
      case (false, _): break
      }
    }
    let bytes = try bytes(in: range)
    guard let first = bytes.firstIndex(where: { $0 != 0xFF }), let last = bytes.lastIndex(where: { $0 != 0xFF })
    else { return nil }
    return FlashBlock(address: range.lowerBound + UInt32(first), bytes: Array(bytes[first...last]))
  }

  /// Whether ranges are blank; looking stops soon after the first byte that is programmed.
  func areBlank(_ ranges: [Range<UInt32>]) throws(FlashError) -> Bool {
    for range in ranges {
      let (look, rest) = range.split(after: firstLookByteCount)
      guard try firstLook(at: look).allSatisfy({ $0 == 0xFF }) else { return false }
      if let loader = try loader(for: rest.count) {
        guard try loader.firstProgrammed(in: rest.rows) == nil else { return false }
        for edge in rest.parts(outside: rest.rows) {
          guard try bytes(in: edge).allSatisfy({ $0 == 0xFF }) else { return false }
        }
      } else {
        for piece in rest.pieces(of: pieceByteCount) {
          guard try bytes(in: piece).allSatisfy({ $0 == 0xFF }) else { return false }
        }
      }
    }
    return true
  }

  /// Whether the flash holds what the blocks say.
  func holds(_ blocks: [FlashBlock]) throws(FlashError) -> Bool {
    for block in blocks {
      let (look, rest) = block.range.split(after: firstLookByteCount)
      guard try firstLook(at: look) == block.part(in: look)?.bytes ?? [] else { return false }
      var parts: [Range<UInt32>] = []
      if let loader = try loader(for: rest.count) {
        let words = rest.words
        guard let content = block.part(in: words)?.bytes,
          try loader.sums(of: [words]) == [ChecksumUnit.sum(of: content)]
        else { return false }
        parts = rest.parts(outside: words)
      } else {
        parts = rest.pieces(of: pieceByteCount)
      }
      for part in parts where try !isEqual(block, part) { return false }
    }
    return true
  }

  /// The bytes of a range that is looked at first, by whoever asks about it: read once.
  private func firstLook(at range: Range<UInt32>) throws(FlashError) -> [UInt8] {
    let bytes = try bytes(in: range)
    if !known.contains(where: { $0.range.covers(range) }) {
      known.append(FlashBlock(address: range.lowerBound, bytes: bytes))
    }
    return bytes
  }

  private func isEqual(_ block: FlashBlock, _ range: Range<UInt32>) throws(FlashError) -> Bool {
    try bytes(in: range) == block.part(in: range)?.bytes ?? []
  }

  /// The loader, where a stretch is long enough for one.
  private func loader(for byteCount: Int) throws(FlashError) -> Loader? {
    guard byteCount > FlashContents.shortByteCount else { return nil }
    if !hasTriedLoader, let startLoader {
      hasTriedLoader = true
      loader = try startLoader()
    }
    return loader
  }
}

extension Range<UInt32> {
  /// The whole rows of 16 bytes in it.
  var rows: Range<UInt32> { aligned(to: 16) }
  /// The whole words in it.
  var words: Range<UInt32> { aligned(to: 4) }

  private func aligned(to byteCount: UInt32) -> Range<UInt32> {
    let start = Swift.min((lowerBound + byteCount - 1) & ~(byteCount - 1), upperBound)
    return start..<Swift.max(start, upperBound & ~(byteCount - 1))
  }

  /// Whether another one lies in it.
  func covers(_ other: Range<UInt32>) -> Bool { lowerBound <= other.lowerBound && other.upperBound <= upperBound }

  /// The words that hold it.
  var coveringWords: Range<UInt32> { lowerBound & ~3..<(upperBound + 3) & ~3 }

  /// What is left of it on both sides of a range that lies in it.
  func parts(outside hole: Range<UInt32>) -> [Range<UInt32>] {
    [lowerBound..<hole.lowerBound, hole.upperBound..<upperBound].filter { !$0.isEmpty }
  }

  /// Its first bytes, and the others.
  fileprivate func split(after byteCount: Int) -> (Range<UInt32>, Range<UInt32>) {
    let middle = lowerBound + UInt32(Swift.min(byteCount, count))
    return (lowerBound..<middle, middle..<upperBound)
  }

  /// Cut into pieces.
  func pieces(of byteCount: Int) -> [Range<UInt32>] {
    stride(from: lowerBound, to: upperBound, by: byteCount).map { $0..<Swift.min($0 + UInt32(byteCount), upperBound) }
  }
}

extension [Range<UInt32>] {
  /// The ranges, which rise, with those made one that overlap, touch, or have a gap of less than some bytes between them.
  func joined(over gapByteCount: Int) -> [Range<UInt32>] {
    var joined: [Range<UInt32>] = []
    for range in self {
      if let last = joined.last, range.lowerBound < last.upperBound + UInt32(gapByteCount) {
        joined[joined.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
      } else {
        joined.append(range)
      }
    }
    return joined
  }
}
