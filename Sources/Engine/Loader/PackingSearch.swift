/// Finds the tokens for some bytes whose sum of bits is least, among the repetitions that a search of bounded depth sees.
struct PackingSearch {
  private let bytes: [UInt8]
  private let start: Int

  /// Prepares the search.
  ///
  /// - Parameters:
  ///   - bytes: what is known already and what is to be packed.
  ///   - start: where the part to be packed begins.
  init(_ bytes: [UInt8], from start: Int) {
    self.bytes = bytes
    self.start = start
  }

  /// How many places with the same three bytes are looked at.
  private static let depth = 24
  /// A repetition of this length is taken without looking for a better one.
  private static let sufficient = 64
  private static let hashBits = 14
  /// Bits of a token for a byte.
  private static let literalBits: Int32 = 9

  /// Hands out the tokens in order.
  func tokens(_ take: (PackingToken) -> Void) {
    let steps = cheapestSteps(repetitions())
    var position = start
    while position < bytes.count {
      let step = steps[position - start]
      if step.length > 1 {
        take(.match(distance: Int(step.distance), length: Int(step.length)))
      } else {
        take(.literal(bytes[position]))
      }
      position += Int(step.length)
    }
  }

  private struct Repetition {
    var length: Int32
    var distance: Int32
  }

  /// For every position the repetitions that begin there, each longer and further back than the one before; `first[i]` is the
  /// first one of position `i`.
  private func repetitions() -> (first: [Int32], all: [Repetition]) {
    var first: [Int32] = []
    var all: [Repetition] = []
    first.reserveCapacity(bytes.count - start + 1)
    var latest = [Int32](repeating: -1, count: 1 << Self.hashBits)
    var latestPair = [Int32](repeating: -1, count: 1 << 16)
    var previous = [Int32](repeating: -1, count: bytes.count)
    bytes.withUnsafeBufferPointer { bytes in
      var skipped = 0
      for position in 0..<bytes.count {
        if position >= start { first.append(Int32(all.count)) }
        guard position + 2 < bytes.count else { continue }
        let pair = Int(bytes[position]) | Int(bytes[position + 1]) << 8
        let hash = (pair | Int(bytes[position + 2]) << 16) &* 0x9E37_79B1 >> 12 & (1 << Self.hashBits - 1)
        if position >= start, position >= skipped {
          var length: Int32 = 1
          func look(at candidate: Int32) {
            let distance = Int32(position) - candidate
            guard candidate >= 0, distance <= LoaderPacker.windowByteCount else { return }
            let found = Self.commonLength(bytes, Int(candidate), position)
            if found > length {
              length = found
              all.append(Repetition(length: found, distance: distance))
            }
          }
          look(at: latestPair[pair])
          var candidate = latest[hash]
          for _ in 0..<Self.depth where candidate >= 0 && length < Self.sufficient {
            look(at: candidate)
            candidate = previous[Int(candidate)]
          }
          // Inside a long repetition there is nothing better to be found.
          if length >= Self.sufficient { skipped = position + Int(length) - Self.sufficient }
        }
        previous[position] = latest[hash]
        latest[hash] = Int32(position)
        latestPair[pair] = Int32(position)
      }
    }
    first.append(Int32(all.count))
    return (first, all)
  }

  private static func commonLength(_ bytes: UnsafeBufferPointer<UInt8>, _ first: Int, _ second: Int) -> Int32 {
    var length = 0
    while second + length < bytes.count, bytes[first + length] == bytes[second + length] { length += 1 }
    return Int32(length)
  }

  /// For every position the token with which the rest takes the fewest bits.
  private func cheapestSteps(_ found: (first: [Int32], all: [Repetition])) -> [Repetition] {
    let count = bytes.count - start
    var costs = [Int32](repeating: 0, count: count + 1)
    var steps = [Repetition](repeating: Repetition(length: 1, distance: 0), count: count)
    for position in (0..<count).reversed() {
      costs[position] = costs[position + 1] + Self.literalBits
      var shortest: Int32 = 2
      for repetition in found.all[Int(found.first[position])..<Int(found.first[position + 1])] {
        let distanceBits = 9 + Self.bits(ofNumber: (repetition.distance - 1) >> 8 + 1)
        func consider(_ length: Int32) {
          let cost = costs[position + Int(length)] + distanceBits + Self.bits(ofNumber: length - 1)
          guard cost < costs[position] else { return }
          costs[position] = cost
          steps[position] = Repetition(length: length, distance: repetition.distance)
        }
        let longest = min(repetition.length, Int32(Self.sufficient))
        if shortest <= longest { for length in shortest...longest { consider(length) } }
        consider(repetition.length)
        shortest = max(shortest, longest + 1)
      }
    }
    return steps
  }

  private static func bits(ofNumber number: Int32) -> Int32 {
    2 * Int32(31 - number.leadingZeroBitCount) + 1
  }
}
