import Engine
import Testing

@Suite struct ImageWriterTests {
  private func lines(_ bytes: [UInt8]) -> [String] {
    String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `what is written in a text format reads back the same`(seed: UInt64) throws {
    let image = try ImageSamples.image(seed: seed)
    for format in [ImageFormat.intelHex, .sRecord] {
      let again = try FirmwareImage.read(ImageWriter.write(image, as: format, name: "a"), name: "a")
      #expect(again.segments == image.segments, "seed \(seed), \(format)")
      #expect(again.entryPoint == image.entryPoint, "seed \(seed), \(format)")
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `a binary holds every byte at its distance from the first`(seed: UInt64) throws {
    let image = try ImageSamples.image(seed: seed)
    let bytes = try ImageWriter.write(image, as: .binary, name: "a")
    #expect(bytes.count == image.span.count, "seed \(seed)")
    #expect(bytes == image.bytes(in: image.span, filledWith: 0xFF), "seed \(seed)")
  }

  @Test func `Intel HEX gives the upper half where it changes, even within a segment`() throws {
    let image = try #require(FirmwareImage(address: 0x0800_FFFE, bytes: [1, 2, 3]))
    #expect(
      lines(ImageWriter.intelHex(image)) == [
        ":020000040800F2", ":02FFFE000102FE", ":020000040801F1", ":0100000003FC", ":00000001FF",
      ])
  }

  @Test func `S-records have a header, a count where asked for, and an end`() throws {
    let image = try #require(FirmwareImage(address: 0x0800_0000, bytes: Array(1...17)))
    #expect(
      lines(ImageWriter.sRecord(image, header: "hi", withCount: true)) == [
        "S0050000686929", "S315080000000102030405060708090A0B0C0D0E0F105A", "S3060800001011D0", "S5030002FA",
        "S70500000000FA",
      ])
  }

  @Test func `a long file name does not make the header too long`() throws {
    let image = try #require(FirmwareImage(address: 0, bytes: [1]))
    let bytes = ImageWriter.sRecord(image, header: String(repeating: "x", count: 1000))
    #expect(try FirmwareImage.read(bytes, name: "a").segments == image.segments)
  }

  @Test func `more records than S5 can tell are told by S6`() throws {
    let image = try #require(FirmwareImage(address: 0, bytes: [UInt8](repeating: 0, count: 16 * 0x1_0000)))
    let count = lines(ImageWriter.sRecord(image, header: "", withCount: true)).dropLast().last
    #expect(count == "S604010000FA")
  }

  @Test func `a binary of absurd size is refused`() throws {
    let image = try FirmwareImage(
      joining: [0, 0x2000_0000].compactMap { FirmwareImage.Segment(address: $0, bytes: [1]) })
    #expect(throws: ImageError(.tooLarge(limit: 0x1000_0000), in: "a.bin", format: .binary)) {
      try ImageWriter.write(image, as: .binary, name: "a.bin")
    }
  }

  @Test(arguments: [ImageFormat.elf, .uf2])
  func `formats that we only read are refused`(format: ImageFormat) throws {
    let image = try #require(FirmwareImage(address: 0, bytes: [1]))
    #expect(throws: ImageError(.notWritable, in: "a", format: format)) {
      try ImageWriter.write(image, as: format, name: "a")
    }
  }
}
