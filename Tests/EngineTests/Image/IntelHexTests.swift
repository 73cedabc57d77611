import Engine
import Testing

@Suite struct IntelHexTests {
  private let end = ":00000001FF"

  private func read(_ lines: [String], separator: String = "\n") throws -> FirmwareImage {
    let text = lines.joined(separator: separator)
    return try FirmwareImage.read(Array(text.utf8), name: "a.hex", format: .intelHex)
  }

  private func expect(_ reason: ImageError.Reason, line: Int?, _ lines: [String]) {
    let location = line.map { ImageLocation.line($0) }
    #expect(throws: ImageError(reason, in: "a.hex", format: .intelHex, at: location)) { try read(lines) }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines end with LF, CR LF or CR`(separator: String) throws {
    let image = try read([":0200000001A558", end, ""], separator: separator)
    #expect(image.segments.map(\.bytes) == [[0x01, 0xA5]])
  }

  @Test func `lower-case digits, blank lines and trailing blanks are accepted`() throws {
    let image = try read(["", ":0200000001a558 \t", "   ", ":00000001ff", "", "\u{1A}"])
    #expect(image.span == 0...1)
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `comments are not read`(separator: String) throws {
    let lines = [
      "; made by a tool", "# for :02 boards", " ", ":0200000001A558 ; data", "#:0100010055A9", end + "#", "; end",
    ]
    #expect(try read(lines, separator: separator).segments.map(\.bytes) == [[0x01, 0xA5]])
    let bytes = Array(lines.joined(separator: separator).utf8)
    #expect(try FirmwareImage.read(bytes, name: "a.bin").format == .intelHex)
  }

  @Test func `a type 04 record gives the upper half of the address`() throws {
    let image = try read([":020000040800F2", ":0400100001020304E2", end])
    #expect(image.span == 0x0800_0010...0x0800_0013)
  }

  @Test func `data runs on past 64 KiB in linear addressing`() throws {
    let image = try read([":020000040800F2", ":04FFFE0001020304F5", end])
    #expect(image.span == 0x0800_FFFE...0x0801_0001)
  }

  @Test func `a type 02 record shifts by four bits and its segment wraps at 64 KiB`() throws {
    let image = try read([":020000021000EC", ":04FFFE0001020304F5", end])
    #expect(image.bytes(in: 0x1_FFFE...0x1_FFFF) == [1, 2])
    #expect(image.bytes(in: 0x1_0000...0x1_0001) == [3, 4])
    #expect(image.totalByteCount == 4)
  }

  @Test func `the last base record counts`() throws {
    let image = try read([":020000040800F2", ":020000021000EC", ":0100000055AA", end])
    #expect(image.span == 0x1_0000...0x1_0000)
  }

  @Test func `a type 05 record is the entry point`() throws {
    #expect(try read([":0100000055AA", ":0400000508000101ED", end]).entryPoint == 0x0800_0101)
  }

  @Test func `a type 03 record is the entry point as segment and offset`() throws {
    #expect(try read([":0100000055AA", ":0400000310000010D9", end]).entryPoint == 0x1_0010)
  }

  @Test func `an entry point of zero is none`() throws {
    #expect(try read([":0100000055AA", ":0400000500000000F7", end]).entryPoint == nil)
  }

  @Test func `data may end at the last address and not beyond it`() throws {
    #expect(try read([":02000004FFFFFC", ":01FFFF0055AC", end]).span == 0xFFFF_FFFF...0xFFFF_FFFF)
    expect(.pastAddressSpace(address: 0xFFFF_FFFF, byteCount: 2), line: 2, [":02000004FFFFFC", ":02FFFF0055AA01", end])
  }

  @Test func `the same bytes twice are accepted`() throws {
    #expect(try read([":0200000001A558", ":01000100A559", end]).totalByteCount == 2)
  }

  @Test func `other bytes for the same address are refused with both lines`() {
    expect(
      .overlap(address: 1, first: 0xA5, second: 0xA6, otherLocation: .line(1)), line: 2,
      [":0200000001A558", ":01000100A658", end])
  }

  @Test func `a wrong checksum is refused with the right one`() {
    expect(.checksum(expected: 0x58, found: 0x59), line: 1, [":0200000001A559", end])
  }

  @Test func `a character that is no digit is refused with its column`() {
    expect(.digit(column: 5, found: UInt8(ascii: "G")), line: 2, ["", ":020G000001A558", end])
  }

  @Test func `a line without a colon is refused`() {
    expect(.startMark(found: UInt8(ascii: "0")), line: 2, [":0100000055AA", "00000001FF"])
  }

  @Test func `a record that is cut off is refused`() {
    expect(.recordCut(expectedDigits: 14, foundDigits: 12), line: 1, [":0200000001A5", end])
    expect(.recordCut(expectedDigits: 14, foundDigits: 13), line: 1, [":0200000001A55", end])
    expect(.recordCut(expectedDigits: 10, foundDigits: 0), line: 1, [":", end])
  }

  @Test func `a line longer than its record is refused`() {
    expect(.recordTooLong(expectedDigits: 14, foundDigits: 16), line: 1, [":0200000001A55800", end])
  }

  @Test func `an unknown record type is refused`() {
    expect(.recordType(6), line: 1, [":00000006FA", end])
  }

  @Test(arguments: [
    (":0100000100FE", "0x01", 0, 1), (":0100000200FD", "0x02", 2, 1), (":0100000400FB", "0x04", 2, 1),
    (":020000030000FB", "0x03", 4, 2), (":020000050000F9", "0x05", 4, 2),
  ])
  func `a record of the wrong size for its type is refused`(
    record: String, type: String, expected: Int, found: Int
  ) {
    expect(.recordLength(type: type, expected: expected, found: found), line: 1, [record, end])
  }

  @Test func `a file without its last record is refused`() {
    expect(.endMissing, line: nil, [":0100000055AA"])
  }

  @Test func `a record after the last one is refused`() {
    expect(.dataAfterEnd(endLine: 2), line: 4, [":0100000055AA", end, "", ":0100000055AA"])
  }

  @Test func `a file without data is refused`() {
    expect(.noData, line: nil, [end])
    expect(.noData, line: nil, [":0000000000", end])
  }
}
