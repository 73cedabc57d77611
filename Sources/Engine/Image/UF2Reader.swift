import Basics

/// Reads UF2, Microsoft's USB Flashing Format (README.md of github.com/microsoft/uf2).
///
/// The file is a row of 512-byte blocks, each with its own address, number and, usually, chip family. Files for several
/// families may be joined into one; blocks for chips other than ours are then left out, as the format demands.
struct UF2Reader {
  /// The first magic number as it lies in the file: "UF2" and a line feed.
  static let magic: [UInt8] = [0x55, 0x46, 0x32, 0x0A]

  /// The layout of a block, in bytes.
  private enum Layout {
    static let blockSize = 512
    static let data = 32
    static let dataSize = 476
    /// Room that a checksum takes from the end of the data where a block has one.
    static let checksumSize = 24
  }

  /// The magic numbers of a block: name, offset, value.
  private static let magics: [(name: String, offset: Int, value: UInt32)] = [
    ("the block's first magic number", 0, 0x0A32_4655), ("the block's second magic number", 4, 0x9E5D_5157),
    ("the block's last magic number", 508, 0x0AB1_6F30),
  ]

  /// The flags of a block.
  private enum Flag {
    static let notMainFlash: UInt32 = 0x0001
    static let fileContainer: UInt32 = 0x1000
    static let hasFamily: UInt32 = 0x2000
    static let hasChecksum: UInt32 = 0x4000
  }

  private struct Block {
    var offset: Int
    var flags: UInt32
    var address: UInt32
    var payload: ArraySlice<UInt8>
    var number: UInt32
    var total: UInt32
    var family: UF2Family?

    /// Blocks with source code, or with a file of a file system, are no flash content.
    var isFlashContent: Bool {
      flags & (Flag.notMainFlash | Flag.fileContainer) == 0
    }
  }

  private let bytes: [UInt8]
  private let file: String

  /// Reads a whole file.
  static func read(_ bytes: [UInt8], file: String) throws(ImageError) -> FirmwareImage {
    try UF2Reader(bytes: bytes, file: file).read()
  }

  private func read() throws(ImageError) -> FirmwareImage {
    var blocks: [Block] = []
    for offset in stride(from: 0, to: bytes.count, by: Layout.blockSize) {
      blocks.append(try block(at: offset))
    }
    let family = try chosenFamily(of: blocks)
    var assembler = SegmentAssembler(file: file, format: .uf2)
    for group in family == nil ? [nil] : [nil, family] {
      let members = blocks.filter { $0.family == group }
      try checkNumbers(of: members)
      for block in members where block.isFlashContent {
        try assembler.add(block.payload, at: block.address, from: .offset(block.offset))
      }
    }
    return FirmwareImage(
      segments: try assembler.finish(), entryPoint: nil, format: .uf2, family: family,
      leftOut: leftOut(of: blocks, besides: family))
  }

  /// What the blocks hold that is not for our flash, in words.
  private func leftOut(of blocks: [Block], besides family: UF2Family?) -> [String] {
    let foreign = blocks.filter { $0.family != nil && $0.family != family }
    let ours = blocks.filter { $0.family == nil || $0.family == family }
    let names = Set(foreign.compactMap(\.family?.name)).sorted().prefix(3).joined(separator: ", ")
    let other = ours.count { !$0.isFlashContent }
    return [(foreign.count, "for \(names)"), (other, "with files or comments")]
      .filter { $0.0 > 0 }.map { "\($0.0) blocks \($0.1)" }
  }

  private func block(at offset: Int) throws(ImageError) -> Block {
    guard bytes.count - offset >= Layout.blockSize else {
      throw error(
        .truncated(part: "a block", expectedBytes: Layout.blockSize, foundBytes: bytes.count - offset), at: offset)
    }
    for magic in UF2Reader.magics {
      let found = word(offset + magic.offset)
      guard found == magic.value else {
        throw fieldError(magic.name, Hexadecimal.word(magic.value), Hexadecimal.word(found), at: offset + magic.offset)
      }
    }
    let flags = word(offset + 8)
    let room = Layout.dataSize - (flags & Flag.hasChecksum == 0 ? 0 : Layout.checksumSize)
    let size = word(offset + 16)
    guard size <= room else {
      throw fieldError("the block's payload size", "at most \(room)", String(size), at: offset + 16)
    }
    let data = offset + Layout.data
    return Block(
      offset: offset, flags: flags, address: word(offset + 12), payload: bytes[data..<data + Int(size)],
      number: word(offset + 20), total: word(offset + 24),
      family: flags & Flag.hasFamily == 0 ? nil : UF2Family(rawValue: word(offset + 28)))
  }

  /// The one family of ours that the blocks are for; nil when none of them names a family.
  private func chosenFamily(of blocks: [Block]) throws(ImageError) -> UF2Family? {
    var seen = Set<UF2Family>()
    let families = blocks.compactMap(\.family).filter { seen.insert($0).inserted }
    let supported = families.filter(\.isSupported)
    guard families.isEmpty || !supported.isEmpty else { throw error(.foreignFamilies(families), at: nil) }
    guard supported.count <= 1 else { throw error(.severalFamilies(supported), at: nil) }
    return supported.first
  }

  /// Checks that the blocks of one family are all there, each once or more than once with the same content.
  private func checkNumbers(of blocks: [Block]) throws(ImageError) {
    guard let total = blocks.first?.total else { return }
    var known: [UInt32: Block] = [:]
    for block in blocks {
      guard block.total == total else {
        throw fieldError("the number of blocks", "\(total) as before", String(block.total), at: block.offset + 24)
      }
      guard block.number < total else {
        throw fieldError("the block's number", "below \(total)", String(block.number), at: block.offset + 20)
      }
      if let other = known[block.number] {
        let isSame = other.address == block.address && other.flags == block.flags && other.payload == block.payload
        guard isSame else {
          throw error(.blockTwice(number: Int(block.number), otherLocation: .offset(other.offset)), at: block.offset)
        }
      }
      known[block.number] = block
    }
    if known.count < Int(total), let first = (0..<total).first(where: { known[$0] == nil }) {
      throw error(.blocksMissing(count: Int(total) - known.count, first: Int(first), total: Int(total)), at: nil)
    }
  }

  private func word(_ offset: Int) -> UInt32 {
    bytes.littleEndianWord(at: offset)
  }

  private func fieldError(_ name: String, _ expected: String, _ found: String, at offset: Int) -> ImageError {
    error(.field(name: name, expected: expected, found: found), at: offset)
  }

  private func error(_ reason: ImageError.Reason, at offset: Int?) -> ImageError {
    ImageError(reason, in: file, format: .uf2, at: offset.map { .offset($0) })
  }
}
