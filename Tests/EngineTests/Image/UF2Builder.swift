/// Builds UF2 files for tests.
struct UF2Builder {
  /// One block of 512 bytes; number and total come from the file unless given.
  struct Block {
    var address: UInt32
    var payload: [UInt8]
    var flags: UInt32 = 0
    var family: UInt32?
    var number: UInt32?
    var total: UInt32?
  }

  var blocks: [Block]

  func file() -> [UInt8] {
    var result: [UInt8] = []
    for (index, block) in blocks.enumerated() {
      var bytes = [UInt8](repeating: 0, count: 512)
      bytes.setWord(0x0A32_4655, at: 0)
      bytes.setWord(0x9E5D_5157, at: 4)
      bytes.setWord(block.flags | (block.family == nil ? 0 : 0x2000), at: 8)
      bytes.setWord(block.address, at: 12)
      bytes.setWord(UInt32(block.payload.count), at: 16)
      bytes.setWord(block.number ?? UInt32(index), at: 20)
      bytes.setWord(block.total ?? UInt32(blocks.count), at: 24)
      bytes.setWord(block.family ?? 0, at: 28)
      bytes.replaceSubrange(32..<32 + block.payload.count, with: block.payload)
      bytes.setWord(0x0AB1_6F30, at: 508)
      result += bytes
    }
    return result
  }
}
