/// Bytes by chance (xorshift64).
enum RandomBytes {
  /// Bytes that repeat themselves about as Thumb code does: two bytes anew, or two to nine from up to 4 KiB before.
  static func codeLike(_ count: Int, seed: UInt64) -> [UInt8] {
    let choices = make(2 * count, seed: seed)
    var bytes = Array(choices.prefix(2))
    var next = 2
    while bytes.count < count {
      let choice = choices[next]
      if choice % 5 < 3 {
        bytes += choices[next + 1...next + 2]
      } else {
        let distance = 1 + (Int(choices[next + 1]) << 4 | Int(choices[next + 2]) & 15) % bytes.count
        for _ in 0..<2 + Int(choice) / 5 % 8 { bytes.append(bytes[bytes.count - distance]) }
      }
      next += 3
    }
    return Array(bytes.prefix(count))
  }

  /// Bytes that no compression shortens.
  static func make(_ count: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
  }
}
