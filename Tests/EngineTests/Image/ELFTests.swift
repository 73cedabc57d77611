import Engine
import Testing

@Suite struct ELFTests {
  private let code: [UInt8] = Array(1...16)

  private var builder: ELFBuilder {
    ELFBuilder(segments: [.init(physicalAddress: 0x0800_0000, bytes: code)])
  }

  private func read(_ bytes: [UInt8]) throws -> FirmwareImage {
    try FirmwareImage.read(bytes, name: "a.elf", format: .elf)
  }

  private func expect(_ reason: ImageError.Reason, at offset: Int?, _ bytes: [UInt8]) {
    let location = offset.map { ImageLocation.offset($0) }
    #expect(throws: ImageError(reason, in: "a.elf", format: .elf, at: location)) { try read(bytes) }
  }

  private func changed(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
    var bytes = builder.file()
    change(&bytes)
    return bytes
  }

  @Test func `loadable segments go to their physical addresses`() throws {
    var builder = ELFBuilder(segments: [
      .init(physicalAddress: 0x0800_8000, bytes: code),
      .init(physicalAddress: 0x0800_0000, bytes: [9, 8, 7], extraMemory: 100),
      .init(type: 0x7000_0001, physicalAddress: 0x0900_0000, bytes: [1]),
      .init(physicalAddress: 0x2000_0000, bytes: [], extraMemory: 0x1000),
    ])
    builder.hasSections = false
    let image = try read(builder.file())
    #expect(image.segments.map(\.address) == [0x0800_0000, 0x0800_8000])
    #expect(image.segments.map(\.bytes) == [[9, 8, 7], code])
    #expect(image.entryPoint == 0x0800_0101)
  }

  @Test func `segments that overlap must agree`() throws {
    let same = ELFBuilder(segments: [
      .init(physicalAddress: 0x100, bytes: [1, 2, 3]), .init(physicalAddress: 0x101, bytes: [2, 3, 4]),
    ])
    #expect(try read(same.file()).segments.map(\.bytes) == [[1, 2, 3, 4]])
    let other = ELFBuilder(segments: [
      .init(physicalAddress: 0x100, bytes: [1, 2, 3]), .init(physicalAddress: 0x101, bytes: [2, 9]),
    ])
    expect(.overlap(address: 0x102, first: 3, second: 9, otherLocation: .offset(52)), at: 84, other.file())
  }

  @Test func `headers at the start of a segment are not part of the firmware`() throws {
    let file = ELFBuilder(segments: [.init(physicalAddress: 0x0800_0000, bytes: code, coversHeaders: true)])
    let image = try read(file.file())
    #expect(image.span.lowerBound == 0x0800_0000 + UInt32(file.contentStart))
    #expect(image.segments.map(\.bytes) == [code])
  }

  @Test func `headers in a segment are refused where no section tells content from headers`() {
    let segment = ELFBuilder.Segment(physicalAddress: 0x0800_0000, bytes: code, coversHeaders: true)
    let file = ELFBuilder(segments: [segment], hasSections: false).file()
    expect(.headersInSegment(address: 0x0800_0000), at: 52, file)
  }

  @Test func `a file without sections is read`() throws {
    let segment = ELFBuilder.Segment(physicalAddress: 0x0800_0000, bytes: code)
    #expect(try read(ELFBuilder(segments: [segment], hasSections: false).file()).totalByteCount == 16)
  }

  @Test func `where all physical addresses are zero the virtual ones count`() throws {
    let text = ELFBuilder.Segment(virtualAddress: 0x0800_0000, physicalAddress: 0, bytes: code)
    let data = ELFBuilder.Segment(virtualAddress: 0x0800_8000, physicalAddress: 0, bytes: [9])
    #expect(try read(ELFBuilder(segments: [text, data]).file()).segments.map(\.address) == [0x0800_0000, 0x0800_8000])
    var other = data
    other.physicalAddress = 0x100
    #expect(try read(ELFBuilder(segments: [text, other]).file()).segments.map(\.address) == [0, 0x100])
  }

  @Test func `an allocated section that no segment holds is loaded to its address`() throws {
    var file = ELFBuilder(segments: [
      .init(physicalAddress: 0x0800_0000, bytes: code), .init(type: 4, physicalAddress: 0, bytes: [7, 8]),
    ])
    #expect(try read(file.file()).segments.map(\.address) == [0x0800_0000, 0x2000_0000])
    file.segments[1].virtualAddress = 0x0803_0000
    #expect(try read(file.file()).segments.map(\.bytes) == [code, [7, 8]])
    file.hasSections = false
    #expect(try read(file.file()).segments.map(\.bytes) == [code])
  }

  @Test func `a section that lies behind the end of the file is refused`() {
    let file = ELFBuilder(segments: [
      .init(physicalAddress: 0x0800_0000, bytes: code), .init(type: 4, physicalAddress: 0, bytes: [7]),
    ])
    var bytes = file.file()
    let section = bytes.count - 2 * ELFBuilder.sectionHeaderSize
    bytes.setWord(0x7FFF_0000, at: section + 16)
    expect(.truncated(part: "a section", expectedBytes: 1, foundBytes: 0), at: 0x7FFF_0000, bytes)
  }

  @Test func `sixty thousand overlapping segments are refused before anybody compares them`() {
    var file = ELFBuilder(segments: [.init(physicalAddress: 0x0800_0000, bytes: [UInt8](repeating: 0, count: 100_000))])
    file.segments += [ELFBuilder.Segment](repeating: .init(physicalAddress: 0x0800_0000, bytes: []), count: 59_999)
    var bytes = file.file()
    for index in 0..<60_000 {
      let header = ELFBuilder.headerSize + index * ELFBuilder.programHeaderSize
      bytes.setWord(UInt32(file.contentStart), at: header + 4)
      bytes.setWord(100_000, at: header + 16)
      bytes.setWord(100_000, at: header + 20)
    }
    let start = ContinuousClock.now
    let error = #expect(throws: ImageError.self) { try read(bytes) }
    #expect(error?.reason == .tooLarge(limit: 0x1000_0000))
    #expect(ContinuousClock.now - start < .seconds(30), "it took minutes")
  }

  @Test func `an entry point of zero is none`() throws {
    #expect(try read(changed { $0.setWord(0, at: 24) }).entryPoint == nil)
  }

  @Test(arguments: [
    (4, 2, "the ELF class", "32-bit", "64-bit"), (5, 2, "the byte order", "little-endian", "big-endian"),
    (6, 9, "the ELF version", "1", "9"), (18, 243, "the machine", "ARM", "RISC-V"),
    (18, 62, "the machine", "ARM", "x86-64"), (18, 77, "the machine", "ARM", "77"),
    (16, 1, "the file type", "an executable", "a relocatable object, which has not been linked"),
    (16, 3, "the file type", "an executable", "a shared object, which needs a loader"),
    (16, 4, "the file type", "an executable", "a core dump"),
  ])
  func `a file for something else is refused by name`(
    offset: Int, value: UInt8, name: String, expected: String, found: String
  ) {
    expect(.field(name: name, expected: expected, found: found), at: offset, changed { $0[offset] = value })
  }

  @Test func `a file without program headers is refused`() {
    let reason = ImageError.Reason.field(name: "the number of program headers", expected: "at least 1", found: "0")
    expect(reason, at: 44, changed { $0.setHalfword(0, at: 44) })
  }

  @Test func `tables with entries that are too small are refused`() {
    expect(
      .field(name: "the size of an entry of the program header table", expected: "at least 32", found: "31"), at: 42,
      changed { $0.setHalfword(31, at: 42) })
    expect(
      .field(name: "the size of an entry of the section header table", expected: "at least 40", found: "0"), at: 46,
      changed { $0.setHalfword(0, at: 46) })
  }

  @Test func `a segment larger in the file than in memory is refused`() {
    let reason = ImageError.Reason.field(
      name: "the segment's size in the file", expected: "at most its size in memory, 15", found: "16")
    expect(reason, at: 68, changed { $0.setWord(15, at: 52 + 20) })
  }

  @Test func `a file that ends early is refused with the place and what is missing`() {
    let file = builder.file()
    expect(.truncated(part: "the ELF header", expectedBytes: 52, foundBytes: 51), at: 0, Array(file.prefix(51)))
    expect(
      .truncated(part: "the program header table", expectedBytes: 32, foundBytes: 30), at: 52, Array(file.prefix(82)))
    expect(.truncated(part: "a loadable segment", expectedBytes: 16, foundBytes: 15), at: 84, Array(file.prefix(99)))
    expect(
      .truncated(part: "the section header table", expectedBytes: 120, foundBytes: 119), at: 117,
      Array(file.dropLast()))
  }

  @Test func `a segment that lies behind the end of the file is refused`() {
    let reason = ImageError.Reason.truncated(part: "a loadable segment", expectedBytes: 16, foundBytes: 0)
    expect(reason, at: 0xFFFF_FFF0, changed { $0.setWord(0xFFFF_FFF0, at: 52 + 4) })
  }

  @Test func `a segment that runs past the last address is refused`() {
    expect(
      .pastAddressSpace(address: 0xFFFF_FFF8, byteCount: 16), at: 52,
      changed { $0.setWord(0xFFFF_FFF8, at: 52 + 12) })
  }

  @Test func `headers in a segment at the last addresses are refused`() {
    let segment = ELFBuilder.Segment(physicalAddress: 0xFFFF_FFF0, bytes: code, coversHeaders: true)
    expect(.pastAddressSpace(address: 0xFFFF_FFF0, byteCount: 100), at: 52, ELFBuilder(segments: [segment]).file())
  }

  @Test func `a file with nothing to load is refused`() {
    var builder = builder
    builder.segments[0].type = 2
    builder.hasSections = false
    expect(.noData, at: nil, builder.file())
  }
}
