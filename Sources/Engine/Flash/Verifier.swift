/// Compares the flash byte by byte with what it should hold.
struct Verifier {
  /// Whether the same session has just written what is compared; decides which causes are likely.
  enum Context {
    case afterWriting
    case standingAlone
  }

  let reader: FlashReader
  let context: Context

  /// What the differences have in common.
  private struct Differences {
    var first: (address: UInt32, expected: UInt8, found: UInt8)?
    var count = 0
    var compared = 0
    var areAllBlank = true
    var lackOnlyOnes = true
  }

  /// Compares all blocks to the end, so that the count of differences is complete.
  ///
  /// - Parameters:
  ///   - total: how many bytes are compared in all, where others have been found equal already; nil for the blocks' own.
  ///   - advance: is told how many bytes have been compared.
  /// - Throws: `FlashError` with the cause `mismatch`, or what reading threw.
  func verify(_ blocks: [FlashBlock], of total: Int? = nil, advance: (Int) -> Void) throws(FlashError) {
    var differences = Differences()
    let pieces = blocks.flatMap { block in
      block.range.pieces(of: FlashReader.bytesPerCommand).compactMap(block.part)
    }
    var rest = pieces[...]
    while let first = rest.first {
      let reach = Verifier.reach(of: rest)
      let found = FlashBlock(
        address: first.address, bytes: try reader.readPiece(at: first.address, byteCount: reach.byteCount))
      for piece in rest.prefix(reach.pieceCount) {
        compare(piece.bytes[...], with: found.part(in: piece.range)?.bytes ?? [], at: piece.address, &differences)
        advance(piece.bytes.count)
      }
      rest = rest.dropFirst(reach.pieceCount)
    }
    guard let first = differences.first else { return }
    let mismatch = VerifyMismatch(
      address: first.address, expected: first.expected, found: first.found, differingByteCount: differences.count,
      comparedByteCount: total ?? differences.compared,
      likelyCause: try likelyCause(of: differences, first.address, first.found))
    var error = FlashError(.mismatch(mismatch))
    error.evidence.address = first.address
    throw error
  }

  /// How many of the pieces one command reads, and how many bytes that are: small ones that lie close together at once.
  private static func reach(of pieces: ArraySlice<FlashBlock>) -> (pieceCount: Int, byteCount: Int) {
    guard let first = pieces.first else { return (0, 0) }
    var (count, end) = (1, first.range.upperBound)
    for piece in pieces.dropFirst() {
      guard piece.address >= end, piece.address - end < FlashPlanner.shortGapByteCount,
        piece.range.upperBound - first.address <= FlashReader.bytesPerCommand
      else { break }
      count += 1
      end = piece.range.upperBound
    }
    return (count, Int(end - first.address))
  }

  private func compare(
    _ expected: ArraySlice<UInt8>, with found: [UInt8], at address: UInt32, _ differences: inout Differences
  ) {
    differences.compared += expected.count
    // Comparing all at once first keeps the usual case, no difference, fast.
    if expected.elementsEqual(found) { return }
    for (offset, pair) in zip(expected, found).enumerated() where pair.0 != pair.1 {
      if differences.first == nil { differences.first = (address + UInt32(offset), pair.0, pair.1) }
      differences.count += 1
      if pair.1 != 0xFF { differences.areAllBlank = false }
      if pair.1 & ~pair.0 != 0 { differences.lackOnlyOnes = false }
    }
  }

  private func likelyCause(
    of differences: Differences, _ address: UInt32, _ found: UInt8
  ) throws(FlashError) -> VerifyMismatch.LikelyCause {
    if try reader.readPiece(at: address, byteCount: 1) != [found] { return .unstableReads }
    switch context {
    case .standingAlone: return differences.areAllBlank ? .blank : .otherContent
    case .afterWriting:
      if differences.areAllBlank { return .nothingProgrammed }
      return differences.lackOnlyOnes ? .notErased : .weakProgramming
    }
  }
}
