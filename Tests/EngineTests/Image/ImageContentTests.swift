import Engine
import Testing

@Suite struct ImageContentTests {
  private let raw: [UInt8] = [0x00, 0x00, 0x02, 0x20, 0x41, 0x01, 0x00, 0x08]

  @Test(arguments: ImageFormat.allCases.filter { $0 != .binary })
  func `a format is told by its content, whatever the file is called`(format: ImageFormat) throws {
    let bytes = try ImageSamples.file(format)
    #expect(ImageFormat(content: bytes) == format)
    let image = try FirmwareImage.read(bytes, name: "firmware.bin")
    #expect(image.format == format)
    #expect(image.bytes(in: 0x0800_0000...0x0800_001F) == Array(1...32))
  }

  @Test func `blank lines and a byte order mark do not hide a text format`() throws {
    let bytes = [0xEF, 0xBB, 0xBF, 0x0D, 0x0A, 0x20] + (try ImageSamples.file(.intelHex))
    #expect(try FirmwareImage.read(bytes, name: "a").format == .intelHex)
  }

  @Test(
    arguments: [[], [0x3A], [0x53, 0x31], [0x7F, 0x45, 0x4C], [0x53, 0x41, 0x31], [0x3A, 0x20, 0x31]] as [[UInt8]])
  func `content without a mark is of no known format`(bytes: [UInt8]) {
    #expect(ImageFormat(content: bytes) == nil)
  }

  @Test func `a raw binary goes where it is told to`() throws {
    let image = try FirmwareImage.read(raw, name: "firmware.bin", baseAddress: 0x0800_4000)
    #expect(image.format == .binary)
    #expect(image.span == 0x0800_4000...0x0800_4007)
    #expect(image.entryPoint == nil)
  }

  @Test func `a raw binary without an address is refused`() {
    #expect(throws: ImageError(.needsBaseAddress, in: "firmware.bin", format: .binary)) {
      try FirmwareImage.read(raw, name: "firmware.bin")
    }
  }

  @Test func `a raw binary that runs past the last address is refused`() {
    let reason = ImageError.Reason.pastAddressSpace(address: 0xFFFF_FFFC, byteCount: 8)
    #expect(throws: ImageError(reason, in: "firmware.bin", format: .binary)) {
      try FirmwareImage.read(raw, name: "firmware.bin", baseAddress: 0xFFFF_FFFC)
    }
  }

  @Test(arguments: [ImageFormat?.none] + ImageFormat.allCases.map { $0 })
  func `an empty file is refused in every format`(format: ImageFormat?) {
    #expect(throws: ImageError(.emptyFile, in: "empty", format: format)) {
      try FirmwareImage.read([], name: "empty", format: format, baseAddress: 0)
    }
  }

  @Test(arguments: ImageFormat.allCases.filter { $0 != .binary })
  func `a known format is taken as raw bytes only when that is said in so many words`(format: ImageFormat) throws {
    let bytes = try ImageSamples.file(format)
    #expect(throws: ImageError(.recognised(as: format), in: "x.bin", format: .binary)) {
      try FirmwareImage.read(bytes, name: "x.bin", format: .binary, baseAddress: 0x0800_0000)
    }
    let image = try FirmwareImage.read(
      bytes, name: "x.bin", ImageReadingOptions(baseAddress: 0x0800_0000, takesContentAsIs: true))
    #expect(image.segments.map(\.bytes) == [bytes])
  }

  @Test func `content of another format than the one asked for is named`() throws {
    let bytes = try ImageSamples.file(.sRecord)
    #expect(throws: ImageError(.recognised(as: .sRecord), in: "x", format: .intelHex)) {
      try FirmwareImage.read(bytes, name: "x", format: .intelHex)
    }
  }

  @Test(arguments: ["fw.hex", "fw.S19", "fw.elf", "dir.d/fw.UF2"])
  func `content that contradicts the file's name is not flashed raw`(name: String) throws {
    let promised = try #require(ImageFormat(fileName: name))
    #expect(throws: ImageError(.unlikeItsName(promised: promised), in: name, format: nil)) {
      try FirmwareImage.read(raw, name: name, baseAddress: 0x0800_0000)
    }
    let forced = try FirmwareImage.read(raw, name: name, format: .binary, baseAddress: 0x0800_0000)
    #expect(forced.totalByteCount == raw.count)
  }

  @Test func `an address given with a file that has its own must be the same`() throws {
    let bytes = try ImageSamples.file(.elf)
    #expect(try FirmwareImage.read(bytes, name: "a.elf", baseAddress: 0x0800_0000).totalByteCount == 32)
    let reason = ImageError.Reason.addressNotAccepted(given: 0x0800_4000, own: 0x0800_0000...0x0800_001F)
    #expect(throws: ImageError(reason, in: "a.elf", format: .elf)) {
      try FirmwareImage.read(bytes, name: "a.elf", baseAddress: 0x0800_4000)
    }
  }

  @Test func `extensions name formats in either case, and unknown ones name none`() {
    #expect(ImageFormat(fileName: "a.b.IHEX") == .intelHex)
    #expect(ImageFormat(fileName: "a.mot") == .sRecord)
    #expect(ImageFormat(fileName: "a.bin") == .binary)
    #expect(ImageFormat(fileName: "a.axf") == .elf)
    #expect(ImageFormat(fileName: "firmware") == nil)
    #expect(ImageFormat(fileName: "a.txt") == nil)
  }
}
