import Basics

/// Memory as it was read since the core has stopped: a debugger asks for the same places again and again.
///
/// Only what does not change by itself while the core stands still is kept, and nothing that a read changes.
struct HaltedMemory {
  /// Addresses that belong to one line, by their beginning: what one command fetches at little cost.
  private static let lineByteCount: UInt32 = 64

  private let access: any DebugAccess
  private let ranges: [Range<UInt32>]
  private let flash: [Range<UInt32>]
  private var lines: [UInt32: [UInt8]] = [:]

  /// Makes an empty one.
  ///
  /// - Parameters:
  ///   - ranges: the memories that may be kept; each begins and ends with a line.
  ///   - flash: those of them that only the flash controller changes.
  init(_ access: any DebugAccess, ranges: [Range<UInt32>], flash: [Range<UInt32>]) {
    self.access = access
    self.ranges = ranges
    self.flash = flash
  }

  /// The core runs, or somebody has written.
  mutating func forget() { lines = [:] }

  /// The core has executed something that has written nothing: what is in flash is what it was.
  mutating func forgetRAM() { lines = lines.filter { line in flash.contains { $0.contains(line.key) } } }

  /// A halfword that has been read already; nil for one that has not.
  func known(_ address: UInt32) -> UInt16? {
    guard address & 1 == 0, let line = lines[address & ~(HaltedMemory.lineByteCount - 1)] else { return nil }
    return line.littleEndianHalfword(at: Int(address & (HaltedMemory.lineByteCount - 1)))
  }

  /// Whether a stretch may be kept.
  func holds(_ address: UInt32, _ byteCount: Int) -> Bool {
    ranges.contains { $0.contains(address) && byteCount <= Int($0.upperBound - address) }
  }

  /// Reads a stretch that may be kept; what is missing is fetched at once.
  mutating func read(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    let line = HaltedMemory.lineByteCount
    let first = address & ~(line - 1)
    let last = (address + UInt32(byteCount - 1)) & ~(line - 1)
    let missing = stride(from: first, through: last, by: Int(line)).filter { lines[$0] == nil }
    if let from = missing.first, let to = missing.last {
      let bytes = try access.readMemory(at: from, byteCount: Int(to - from + line))
      for (index, start) in stride(from: from, through: to, by: Int(line)).enumerated() {
        lines[start] = Array(bytes[index * Int(line)..<(index + 1) * Int(line)])
      }
    }
    var result: [UInt8] = []
    for start in stride(from: first, through: last, by: Int(line)) { result += lines[start] ?? [] }
    return Array(result[Int(address - first)..<Int(address - first) + byteCount])
  }
}
