import Basics

/// What would be programmed into OTP: worked out and checked before anything is touched.
public struct OTPPlan: Sendable, Equatable {
  /// Something that nothing takes back: whoever wants it has to say so in words.
  public struct Commitment: Sendable, Equatable {
    /// The words.
    public let words: String
    /// What it means, in a sentence.
    public let meaning: String
  }

  /// The bytes of blocks that do not stand there yet, by rising address.
  public let data: [FlashBlock]
  /// The blocks that are open and will be closed.
  public let lockedBlocks: [Int]
  /// What cannot be undone.
  public let commitments: [Commitment]

  /// Whether there is nothing to do.
  public var isEmpty: Bool { data.isEmpty && lockedBlocks.isEmpty }

  /// How many bytes of data will be programmed.
  public var byteCount: Int { data.reduce(0) { $0 + $1.bytes.count } }

  /// What will be done, a line each.
  public var lines: [String] {
    data.map { "program \($0.range.addresses) (\($0.bytes.count.byteSize)) of OTP, for ever" }
      + lockedBlocks.map { "lock    block \($0) of OTP, for ever" }
  }

  /// - Parameter contents: what stands there before.
  init(programming data: [FlashBlock], locking lockedBlocks: [Int], in contents: OTPContents) {
    self.data = data
    self.lockedBlocks = lockedBlocks
    let programming = Commitment(words: "OTP", meaning: "what is programmed into OTP stays there for ever")
    commitments =
      (data.isEmpty ? [] : [programming])
      + lockedBlocks.map { number in
        let block = contents.blocks[number]
        let newCount = data.compactMap { $0.part(in: block.range) }.flatMap(\.bytes).count { $0 != 0xFF }
        let erased = block.bytes.count - block.programmedByteCount - newCount
        return Commitment(
          words: "OTP lock \(number)",
          meaning: "block \(number) of OTP is closed for ever then; \(max(0, erased)) of its "
            + "\(block.bytes.count.inBytes) are still erased")
      }
  }

  /// Refuses what cannot be undone and was not asked for in words.
  func check(_ words: [String]) throws(OTPRefusal) {
    for commitment in commitments where !words.contains(where: { $0.lowercased() == commitment.words.lowercased() }) {
      throw .irreversible(commitment.words, meaning: commitment.meaning)
    }
  }
}

// From what is wanted to what has to be programmed.
extension OTPContents {
  /// For bytes to stand at an address; lock bytes are no data.
  func plan(writing bytes: [UInt8], at address: UInt32) throws(OTPRefusal) -> OTPPlan {
    OTPPlan(programming: try stretches(writing: bytes, at: address), locking: [], in: self)
  }

  /// For a block to be closed.
  func plan(locking number: Int) throws(OTPRefusal) -> OTPPlan {
    guard blocks.indices.contains(number) else { throw .noSuchBlock(number) }
    return OTPPlan(programming: [], locking: blocks[number].isLocked ? [] : [number], in: self)
  }

  /// For everything to stand there that an image holds for OTP, lock bytes too.
  func plan(writing image: FirmwareImage) throws(OTPRefusal) -> OTPPlan {
    var data: [FlashBlock] = []
    for piece in image.part(in: [OTPContents.dataRange])?.segments ?? [] {
      data += try stretches(writing: piece.bytes, at: piece.address)
    }
    var locked: [Int] = []
    for piece in image.part(in: [OTPContents.lockRange])?.segments ?? [] {
      let first = Int(piece.address - OTPContents.lockRange.lowerBound)
      for (block, wanted) in zip(blocks[first...], piece.bytes) where wanted != block.lock {
        guard wanted == OTPContents.locked, block.lock == OTPContents.open else {
          throw .otherLock(block.number, wanted: wanted, found: block.lock)
        }
        locked.append(block.number)
      }
    }
    return OTPPlan(programming: data, locking: locked, in: self)
  }
}
