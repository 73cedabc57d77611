@testable import SimProbe

/// Instructions with the state before and after, made by Tests/Oracle/unicorn_vectors.py.
struct OracleVectors {
  /// One vector; registers are R0 to R14, floats S0 to S31 and FPSCR.
  struct Vector {
    var address: UInt32
    var program: [UInt8]
    var count: Int
    var before: [UInt32]
    var flagsBefore: UInt32
    var after: [UInt32]
    var programCounter: UInt32
    var flagsAfter: UInt32
    var floatsBefore: [UInt32]
    var floatsAfter: [UInt32]
    var changes: [(offset: Int, byte: UInt8)]
  }

  private let bytes: [UInt8]
  private var position = 4

  /// How many vectors are left.
  private(set) var count = 0

  /// Reads a file's header; nil when it is no vector file.
  init?(_ bytes: [UInt8]) {
    guard bytes.starts(with: Array("SFV1".utf8)), bytes.count >= 8 else { return nil }
    self.bytes = bytes
    count = Int(word())
  }

  /// The next vector.
  mutating func next() -> Vector? {
    guard count > 0 else { return nil }
    count -= 1
    let address = word()
    let (length, instructions, changeCount) = (byte(), byte(), halfword())
    let program = (0..<8).map { _ in byte() }.prefix(Int(length))
    var vector = Vector(
      address: address, program: Array(program), count: Int(instructions), before: words(15), flagsBefore: word(),
      after: words(15), programCounter: word(), flagsAfter: word(), floatsBefore: [], floatsAfter: [], changes: [])
    if byte() != 0 {
      vector.floatsBefore = words(33)
      vector.floatsAfter = words(33)
    }
    vector.changes = (0..<Int(changeCount)).map { _ in (Int(halfword()), byte()) }
    return vector
  }

  private mutating func byte() -> UInt8 {
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func halfword() -> UInt16 { UInt16(byte()) | UInt16(byte()) << 8 }
  private mutating func word() -> UInt32 { UInt32(halfword()) | UInt32(halfword()) << 16 }
  private mutating func words(_ count: Int) -> [UInt32] { (0..<count).map { _ in word() } }
}
