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
    let pieces = blocks.flatMap { block in
      block.range.words.pieces(of: LoaderVerifier.bytesPerSum).compactMap(block.part)
    }
    let sums = try loader.sums(of: pieces.map(\.range)) { progress.advance(by: $0.count) }
    let differing = zip(pieces, sums).filter { ChecksumUnit.sum(of: $0.0.bytes) != $0.1 }
    let edges = blocks.flatMap { $0.parts(outside: $0.range.words) }
    let doubtful = (differing.map(\.0) + edges).sorted { $0.address < $1.address }
    let reader = FlashReader(access: loader.access, observer: observer)
    let total = blocks.reduce(0) { $0 + $1.bytes.count }
    try Verifier(reader: reader, context: context).verify(doubtful, of: total) { _ in }
    progress.advance(by: edges.reduce(0) { $0 + $1.bytes.count })
    if let (piece, sum) = differing.first {
      throw FlashError(.checksum(piece.range, expected: ChecksumUnit.sum(of: piece.bytes), found: sum))
    }
  }
}
