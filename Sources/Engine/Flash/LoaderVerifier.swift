/// Compares the flash with what it should hold by checksums that the loader forms, and byte by byte where those differ.
struct LoaderVerifier {
  let loader: Loader
  let observer: FlashObserver
  let context: Verifier.Context

  /// What one sum covers: what would have to be read over the link if it differs.
  private static let bytesPerSum = 16_384

  /// Compares all blocks.
  ///
  /// - Throws: `FlashError` with the cause `mismatch` or `checksum`.
  func verify(_ blocks: [FlashBlock], _ progress: inout PhaseProgress) throws(FlashError) {
    let pieces = blocks.flatMap(LoaderVerifier.wholeWords)
    let jobs = pieces.map { piece in
      LoaderJob(
        command: .sum(piece.range), action: "verifying \(piece.range.addresses)",
        time: Loader.timeToSum(byteCount: piece.bytes.count))
    }
    let sums = try loader.perform(jobs) { _, done in
      for (job, _) in done {
        if case .sum(let range) = job.command { progress.advance(by: range.count) }
      }
    }
    let differing = zip(pieces, sums).filter { ChecksumUnit.sum(of: $0.0.bytes) != $0.1 }
    let edges = blocks.flatMap(LoaderVerifier.edges)
    let doubtful = (differing.map(\.0) + edges).sorted { $0.address < $1.address }
    let reader = FlashReader(access: loader.access, observer: observer)
    let total = blocks.reduce(0) { $0 + $1.bytes.count }
    try Verifier(reader: reader, context: context).verify(doubtful, of: total) { _ in }
    progress.advance(by: edges.reduce(0) { $0 + $1.bytes.count })
    if let (piece, sum) = differing.first {
      throw FlashError(.checksum(piece.range, expected: ChecksumUnit.sum(of: piece.bytes), found: sum))
    }
  }

  /// The part of a block that is whole words, in pieces.
  private static func wholeWords(of block: FlashBlock) -> [FlashBlock] {
    let words = words(of: block)
    return stride(from: Int(words.lowerBound), to: Int(words.upperBound), by: bytesPerSum).compactMap {
      block.part(in: UInt32($0)..<min(UInt32($0 + bytesPerSum), words.upperBound))
    }
  }

  /// The bytes before the first and after the last whole word.
  private static func edges(of block: FlashBlock) -> [FlashBlock] {
    let words = words(of: block)
    return words.isEmpty ? [block] : block.parts(outside: words)
  }

  private static func words(of block: FlashBlock) -> Range<UInt32> {
    let start = (block.range.lowerBound + 3) & ~3
    return start..<max(start, block.range.upperBound & ~3)
  }
}
