import Engine
import Testing

@Suite struct DfuSeTests {
  private let builder = DfuSeBuilder(targets: [
    .init(elements: [(0x0800_0000, [1, 2, 3, 4]), (0x0802_0000, [5, 6])])
  ])

  private func read(_ bytes: [UInt8]) throws -> FirmwareImage {
    try FirmwareImage.read(bytes, name: "a.dfu")
  }

  private func expect(_ reason: ImageError.Reason, at offset: Int?, _ bytes: [UInt8]) {
    let location = offset.map { ImageLocation.offset($0) }
    #expect(throws: ImageError(reason, in: "a.dfu", format: .dfuSe, at: location)) { try read(bytes) }
  }

  /// The file with a change in front of its suffix, which is made to fit.
  private func changed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes = builder.body()
    change(&bytes)
    return DfuSeBuilder.suffixed(bytes, specification: 0x011A)
  }

  /// One element of four bytes, as dfu-suffix of dfu-util 0.11 accepts it; the checksum is the one that it prints.
  @Test func `the checksum is dfu-util's`() throws {
    let file = DfuSeBuilder(targets: [.init(elements: [(0x0800_0000, [0, 1, 2, 3])])]).file()
    #expect(file.count == 313)
    #expect(file.suffix(4).elementsEqual([0x7D, 0x54, 0xDA, 0xC6]))
    #expect(try read(file).segments.map(\.bytes) == [[0, 1, 2, 3]])
  }

  @Test func `the elements for the internal flash are read`() throws {
    let image = try read(builder.file())
    #expect(image.format == .dfuSe)
    #expect(image.segments.map(\.address) == [0x0800_0000, 0x0802_0000])
    #expect(image.segments.map(\.bytes) == [[1, 2, 3, 4], [5, 6]])
    #expect(image.leftOut.isEmpty)
  }

  @Test func `what is for other memories is named and left out`() throws {
    var builder = builder
    builder.targets.append(.init(alternate: 1, name: "Option Bytes", elements: [(0x1FFF_C000, [0xEF, 0xAA])]))
    let image = try read(builder.file())
    #expect(image.totalByteCount == 6)
    #expect(
      image.leftOut == ["alternate setting 1 \"Option Bytes\", 2 bytes at 0x1FFF_C000: not for the internal flash"])
  }

  @Test func `a file without anything for the internal flash is refused`() {
    let file = DfuSeBuilder(targets: [.init(alternate: 2, elements: [(0x9000_0000, [1])])]).file()
    expect(.noInternalFlash(["alternate setting 2, 1 byte at 0x9000_0000"]), at: nil, file)
  }

  @Test func `a name cannot carry control characters to a terminal`() throws {
    let file = DfuSeBuilder(targets: [
      .init(elements: [(0x0800_0000, [1])]), .init(alternate: 1, name: "\u{1B}[2Jx", elements: []),
    ]).file()
    #expect(try read(file).leftOut == ["alternate setting 1 \"[2Jx\", 0 bytes: not for the internal flash"])
  }

  @Test func `a file that was changed or cut off is refused`() {
    var file = builder.file()
    file[300] ^= 1
    #expect(throws: ImageError.self) { try read(file) }
    expect(.suffixMissing, at: nil, builder.file().dropLast())
    expect(.suffixMissing, at: nil, builder.body())
  }

  @Test func `every size in the file is checked`() {
    expect(
      .field(name: "the version of the DfuSe format", expected: "1", found: "2"), at: 5, changed { $0[5] = 2 })
    expect(
      .field(name: "the size of the file without its suffix", expected: "307", found: "308"), at: 6,
      changed { $0.setWord(308, at: 6) })
    expect(
      .field(name: "the number of targets", expected: "as many as the file holds", found: "0"), at: 10,
      changed { $0[10] = 0 })
    expect(
      .truncated(part: "a target prefix", expectedBytes: 274, foundBytes: 0), at: 307, changed { $0[10] = 2 })
    expect(
      .truncated(part: "a target", expectedBytes: 23, foundBytes: 22), at: 285,
      changed { $0.setWord(23, at: 11 + 266) })
    expect(
      .truncated(part: "an element's header", expectedBytes: 8, foundBytes: 0), at: 307,
      changed { $0.setWord(3, at: 11 + 270) })
    expect(
      .truncated(part: "an element", expectedBytes: 15, foundBytes: 14), at: 293,
      changed { $0.setWord(15, at: 285 + 4) })
    expect(
      .field(name: "the size of a target", expected: "12", found: "22"), at: 11 + 266,
      changed { $0.setWord(1, at: 11 + 270) })
    expect(
      .field(name: "the mark of a target", expected: "\"Target\"", found: "another"), at: 11, changed { $0[11] = 0 })
  }

  @Test(arguments: ["firmware.bin", "firmware.dfu", "firmware"])
  func `a DFU suffix is taken off a raw binary`(name: String) throws {
    let code: [UInt8] = [0x00, 0x00, 0x02, 0x20, 0x41, 0x01, 0x00, 0x08, 0xFF, 0x00]
    let image = try FirmwareImage.read(DfuSeBuilder.suffixed(code), name: name, baseAddress: 0x0800_0000)
    #expect(image.segments.map(\.bytes) == [code])
    #expect(image.leftOut == ["the DFU suffix, 16 bytes at the end of the file"])
  }

  @Test(arguments: ImageFormat.allCases)
  func `a DFU suffix is taken off a file of any format`(format: ImageFormat) throws {
    let bytes = try ImageSamples.file(format)
    let suffixed = format == .dfuSe ? bytes : DfuSeBuilder.suffixed(bytes)
    let image = try FirmwareImage.read(suffixed, name: "a", baseAddress: 0x0800_0000)
    #expect(image.segments.map(\.bytes) == [Array(1...32)])
  }

  @Test func `a DFU suffix that does not fit is refused, and taken as it is only on request`() throws {
    var file = DfuSeBuilder.suffixed([UInt8](repeating: 0xA5, count: 64))
    file[10] = 0
    #expect(throws: ImageError.self) { try FirmwareImage.read(file, name: "a.bin", baseAddress: 0x0800_0000) }
    let options = ImageReadingOptions(baseAddress: 0x0800_0000, takesContentAsIs: true)
    #expect(try FirmwareImage.read(file, name: "a.bin", options).segments.map(\.bytes) == [file])
  }
}
