/// Bytes that repeat themselves as firmware does: some anew, some from before, near or far, and runs.
package enum RepetitiveBytes {
  package static func make(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        bytes += [UInt8](repeating: .random(in: 0...255, using: &random), count: .random(in: 1...90, using: &random))
      case 1...4 where !bytes.isEmpty:
        let distance = Int.random(in: 1...min(bytes.count, Bool.random(using: &random) ? 64 : 9000), using: &random)
        for _ in 0..<Int.random(in: 2...40, using: &random) { bytes.append(bytes[bytes.count - distance]) }
      default: bytes += random.bytes(.random(in: 1...6, using: &random))
      }
    }
    return Array(bytes.prefix(count))
  }
}
