import Failures
import Testing

@testable import Engine

@Suite struct ImageErrorReportTests {
  private static let reasons: [ImageError.Reason] = [
    .emptyFile, .noData, .needsBaseAddress, .addressNotAccepted(given: 1, own: 2...3), .recognised(as: .elf),
    .unlikeItsName(promised: .intelHex), .pastAddressSpace(address: 0xFFFF_FFFF, byteCount: 2),
    .overlap(address: 1, first: 2, second: 3, otherLocation: .line(4)), .tooLarge(limit: 0x1000_0000), .notWritable,
    .startMark(found: nil), .startMark(found: 0x07), .digit(column: 3, found: 0x5A),
    .recordCut(expectedDigits: 10, foundDigits: 9), .recordTooLong(expectedDigits: 10, foundDigits: 12),
    .checksum(expected: 1, found: 2), .recordType(4), .recordLength(type: "S5", expected: 3, found: 4), .endMissing,
    .dataAfterEnd(endLine: 7), .recordCount(expected: 3, found: 4),
    .truncated(part: "the ELF header", expectedBytes: 52, foundBytes: 3),
    .field(name: "the machine", expected: "ARM", found: "MIPS"), .headersInSegment(address: 0x0800_0000),
    .foreignFamilies([UF2Family(rawValue: 0xE48B_FF56)]), .severalFamilies([.stm32F2, .stm32F4]),
    .suffixMissing, .suffixChecksum(expected: 1, found: 2), .noInternalFlash(["alternate setting 1"]),
    .noProgram(VectorTable(address: 0x0800_0000, initialStackPointer: 0, resetHandler: 0)),
    .programMisplaced(VectorTable(address: 0x0800_0002, initialStackPointer: 0, resetHandler: 0)),
    .blocksMissing(count: 1, first: 2, total: 3), .blockTwice(number: 5, otherLocation: .offset(512)),
  ]

  @Test(arguments: reasons, [ImageFormat.intelHex, .sRecord, .elf])
  func `every error names file, place, cause and remedy`(reason: ImageError.Reason, format: ImageFormat) {
    let report = ImageError(reason, in: "firmware.x", format: format, at: .line(12)).report
    #expect(report.category == .file)
    #expect(report.summary.hasPrefix("firmware.x, line 12: "))
    #expect(!report.summary.hasSuffix("the file cannot be used"))
    #expect(!report.summary.hasSuffix("."))
    #expect(!report.remedies.isEmpty)
    #expect(!report.remedies.map(\.text).joined().contains(" --"), "options of a command line are its own business")
  }

  @Test func `an overlap shows both bytes with their places`() {
    let reason = ImageError.Reason.overlap(address: 0x0800_0004, first: 0xA5, second: 0x5A, otherLocation: .line(3))
    let report = ImageError(reason, in: "a.hex", format: .intelHex, at: .line(9)).report
    #expect(report.summary == "a.hex, line 9: a second, different byte for address 0x0800_0004")
    #expect(report.evidence.contains("0xA5 according to line 3"))
    #expect(report.evidence.contains("0x5A according to line 9"))
  }

  @Test func `a place in a binary file is a hexadecimal offset`() {
    let report = ImageError(.noData, in: "a.elf", format: .elf, at: .offset(0x1F0)).report
    #expect(report.summary.hasPrefix("a.elf, offset 0x1F0: "))
  }
}
