import Engine
import Testing

/// What a raw binary has to begin with where the chip starts.
@Suite struct ProgramStartTests {
  private func read(_ words: [UInt32], at address: UInt32 = 0x0800_0000, asIs: Bool = false) throws -> FirmwareImage {
    var bytes = [UInt8](repeating: 0xAA, count: words.count * 4 + 8)
    for (index, word) in words.enumerated() { bytes.setWord(word, at: index * 4) }
    let options = ImageReadingOptions(baseAddress: address, takesContentAsIs: asIs, expectsProgram: true)
    return try FirmwareImage.read(bytes, name: "a.bin", options)
  }

  @Test(
    arguments: [
      [0x2002_0000, 0x0800_0101], [0x1001_0000, 0x0800_0101], [0x2000_0000 + 0x5_0000, 0x0810_0001],
      // One of the two is right: the chip may be another than the file's author thought, and a warning says so.
      [0xAAAA_AAAA, 0x0800_0101], [0x2002_0000, 0x0800_0100], [0x2002_0000, 0xFFFF_FFFF], [0x2002_0000, 0x0000_0101],
      // Erased on purpose.
      [0xFFFF_FFFF, 0xFFFF_FFFF],
    ] as [[UInt32]])
  func `what may be a program, or is blank, is taken`(words: [UInt32]) throws {
    #expect(try read(words).totalByteCount == 16)
  }

  @Test(
    arguments: [
      [0, 0], [0xAAAA_AAAA, 0xAAAA_AAAA], [0x5555_5555, 0x5555_5555], [0x0403_0201, 0xFFFF_FFFF],
      [0x2000_0000, 0x0800_0100], [0x96F3_B83D, 0], [0x0800_0000, 0x2002_0000],
    ] as [[UInt32]])
  func `what cannot be a program is refused where the chip starts`(words: [UInt32]) throws {
    let table = VectorTable(address: 0x0800_0000, initialStackPointer: words[0], resetHandler: words[1])
    #expect(throws: ImageError(.noProgram(table), in: "a.bin", format: .binary)) { try read(words) }
    #expect(try read(words, at: 0x0800_4000).totalByteCount == 16, "data elsewhere is data")
    #expect(try read(words, asIs: true).totalByteCount == 16)
  }

  @Test func `bytes that do not reach as far as the reset handler are taken`() throws {
    let options = ImageReadingOptions(baseAddress: 0x0800_0000, expectsProgram: true)
    #expect(try FirmwareImage.read([1, 2, 3, 4], name: "a.bin", options).totalByteCount == 4)
  }

  @Test func `a program at an address that VTOR cannot hold is refused, and data are not`() throws {
    let table = VectorTable(address: 0x0800_4002, initialStackPointer: 0x2002_0000, resetHandler: 0x0800_0101)
    #expect(throws: ImageError(.programMisplaced(table), in: "a.bin", format: .binary)) {
      try read([0x2002_0000, 0x0800_0101], at: 0x0800_4002)
    }
    #expect(try read([1, 2], at: 0x0800_4002).span.lowerBound == 0x0800_4002)
  }
}
