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
    for block in blocks {
      var offset = 0
      while offset < block.bytes.count {
        let count = min(FlashReader.bytesPerCommand, block.bytes.count - offset)
        let address = block.address + UInt32(offset)
        let found = try reader.readPiece(at: address, byteCount: count)
        compare(block.bytes[offset..<offset + count], with: found, at: address, &differences)
        offset += count
        advance(count)
      }
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
