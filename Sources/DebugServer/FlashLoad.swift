import Engine

/// What GDB's `load` asks for until it says that it is done: what is to be erased, what is to be written, and what it has
/// written to RAM before.
struct FlashLoad {
  /// What is to be erased, in GDB's order.
  var erased: [Range<UInt32>] = []
  /// What is to be written.
  var written: [FirmwareImage.Segment] = []
  /// What was written to RAM since the core has stood still: loading must not lose it.
  private(set) var inRAM: [FirmwareImage.Segment] = []
  /// What of it is kept at the most; nobody loads more than there is RAM.
  private static let mostBytes = 1 << 20
  private var ramByteCount = 0

  /// Notes what was written by a single access.
  mutating func noteWrite(_ bytes: [UInt8], at address: UInt32, _ device: Device) {
    guard device.ram.contains(where: { $0.range.contains(address) }), ramByteCount < FlashLoad.mostBytes,
      let segment = FirmwareImage.Segment(address: address, bytes: bytes)
    else { return }
    ramByteCount += bytes.count
    inRAM.append(segment)
  }

  /// The core runs: what is in RAM is the program's own now.
  mutating func forgetWrites() {
    inRAM = []
    ramByteCount = 0
  }

  /// Begins anew.
  mutating func forget() {
    erased = []
    written = []
  }

  /// What is only to be erased: no byte is written there.
  var onlyErased: [Range<UInt32>] {
    erased.filter { range in
      !written.contains { $0.address < range.upperBound && range.lowerBound <= $0.range.upperBound }
    }
  }
}
