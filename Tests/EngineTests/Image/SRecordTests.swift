import Engine
import Testing

@Suite struct SRecordTests {
  private let end = "S9030000FC"

  private func read(_ lines: [String], separator: String = "\n") throws -> FirmwareImage {
    let text = lines.joined(separator: separator)
    return try FirmwareImage.read(Array(text.utf8), name: "a.srec", format: .sRecord)
  }

  private func expect(_ reason: ImageError.Reason, line: Int?, _ lines: [String]) {
    let location = line.map { ImageLocation.line($0) }
    #expect(throws: ImageError(reason, in: "a.srec", format: .sRecord, at: location)) { try read(lines) }
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `records with addresses of two, three and four bytes can be mixed`(separator: String) throws {
    let lines = ["S0050000686929", "S10500100102E7", "S20500001203E5", "S3060000001304E2", "S5030003F9", end, ""]
    let image = try read(lines, separator: separator)
    #expect(image.bytes(in: 0x10...0x13) == [1, 2, 3, 4])
    #expect(image.entryPoint == nil)
  }

  @Test(arguments: [("S9031235B5", 0x1235), ("S8041234575E", 0x12_3457), ("S70508000101F0", 0x0800_0101)])
  func `each end record carries an entry point`(record: String, address: UInt32) throws {
    #expect(try read(["S10500100102E7", record]).entryPoint == address)
  }

  @Test func `lower-case digits, blank lines and trailing blanks are accepted`() throws {
    #expect(try read(["", "S10500100102e7 \t", " ", "S9030000fc", ""]).totalByteCount == 2)
  }

  @Test func `a count of data records is checked in both widths`() throws {
    let data = ["S10500100102E7", "S20500001203E5", "S3060000001304E2"]
    #expect(try read(data + ["S604000003F8", end]).totalByteCount == 4)
    expect(.recordCount(expected: 4, found: 3), line: 4, data + ["S5030004F8", end])
  }

  @Test func `data may end at the last address and not beyond it`() throws {
    #expect(try read(["S306FFFFFFFF01FC", end]).span == 0xFFFF_FFFF...0xFFFF_FFFF)
    expect(
      .pastAddressSpace(address: 0xFFFF_FFFF, byteCount: 2), line: 1, ["S307FFFFFFFF0102F9", end])
  }

  @Test func `other bytes for the same address are refused with both lines`() {
    expect(
      .overlap(address: 0x10, first: 1, second: 9, otherLocation: .line(1)), line: 2,
      ["S10500100102E7", "S104001009E2", end])
  }

  @Test func `a wrong checksum is refused with the right one`() {
    expect(.checksum(expected: 0xE7, found: 0xE8), line: 1, ["S10500100102E8", end])
  }

  @Test func `a character that is no digit is refused with its column`() {
    expect(.digit(column: 3, found: UInt8(ascii: "x")), line: 1, ["S1x500100102E7", end])
  }

  @Test func `a line without the mark is refused`() {
    expect(.startMark(found: UInt8(ascii: ":")), line: 2, ["S10500100102E7", ":00000001FF"])
    expect(.startMark(found: UInt8(ascii: "A")), line: 1, ["SA0500100102E7", end])
    expect(.startMark(found: nil), line: 2, ["S10500100102E7", "S"])
  }

  @Test func `the reserved type 4 is refused`() {
    expect(.recordType(4), line: 1, ["S4030000FC", end])
  }

  @Test func `a record that is cut off or goes on is refused`() {
    expect(.recordCut(expectedDigits: 12, foundDigits: 10), line: 1, ["S105001001E7", end])
    expect(.recordCut(expectedDigits: 12, foundDigits: 11), line: 1, ["S10500100102E", end])
    expect(.recordTooLong(expectedDigits: 12, foundDigits: 14), line: 1, ["S10500100102E700", end])
    expect(.recordCut(expectedDigits: 8, foundDigits: 0), line: 1, ["S1", end])
  }

  @Test func `a record of the wrong size for its type is refused`() {
    expect(.recordLength(type: "S9", expected: 3, found: 4), line: 2, ["S10500100102E7", "S904000001FA"])
    expect(.recordLength(type: "S5", expected: 3, found: 4), line: 2, ["S10500100102E7", "S504000100FA", end])
    expect(.recordLength(type: "S3", expected: 5, found: 3), line: 1, ["S3030000FC", end])
  }

  @Test(arguments: ["S5030003F9", "S604000003F8"])
  func `a count that fits ends a file as well`(count: String) throws {
    let data = ["S10500100102E7", "S20500001203E5", "S3060000001304E2"]
    #expect(try read(data + [count]).totalByteCount == 4)
    expect(.recordCount(expected: 3, found: 2), line: 3, Array(data.prefix(2)) + [count])
    expect(.endMissing, line: nil, data + [count, "S1040030AA21"])
  }

  @Test func `a file without its last record is refused`() {
    expect(.endMissing, line: nil, ["S10500100102E7"])
  }

  @Test func `a record after the last one is refused`() {
    expect(.dataAfterEnd(endLine: 2), line: 3, ["S10500100102E7", end, "S10500100102E7"])
  }

  @Test func `a file without data is refused`() {
    expect(.noData, line: nil, ["S0050000686929", "S1030000FC", end])
  }
}
