import Testing

@testable import Links

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The table of product ids against what else in the project lists them.
@Suite struct USBProductTests {
  /// The lines of a file of the project, by its path from the project's folder.
  private func lines(of path: String) throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let file = try #require(fopen("/\(root)/\(path)", "r"), "\(path) is missing")
    defer { fclose(file) }
    var text = ""
    while true {
      let byte = fgetc(file)
      guard byte != EOF else { break }
      text.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: byte)))
    }
    return text.split(separator: "\n").map(String.init)
  }

  @Test func `the ids are those of the reference table`() throws {
    let rows = try lines(of: "Tests/Fixtures/reference/products.csv").filter { $0.hasPrefix("0x") }
    var expected: [UInt16: USBProduct.Role] = [:]
    for row in rows {
      let fields = row.split(separator: ",")
      let id = try #require(UInt16(fields[0].dropFirst(2), radix: 16))
      expected[id] = fields[1] == "V1" ? .massStorageV1 : fields[1].hasSuffix("loader") ? .loader : .debug
    }
    #expect(Dictionary(uniqueKeysWithValues: USBProduct.all.map { ($0.productID, $0.role) }) == expected)
  }

  @Test func `ids are in ascending order and each is there once`() {
    let ids = USBProduct.all.map(\.productID)
    #expect(ids == Set(ids).sorted())
  }

  @Test func `the rules file has exactly one rule for every product, as error messages print it`() throws {
    let rules = try lines(of: "udev/\(UdevRule.fileName)").filter { !$0.hasPrefix("#") }
    #expect(rules == USBProduct.all.map(UdevRule.line))
  }

  @Test func `the rules come after the defaults of udev and before the seat's`() {
    #expect("50-udev-default.rules" < UdevRule.fileName)
    #expect(UdevRule.fileName < "73-seat-late.rules")
  }

  @Test func `only ST's vendor id makes an ST-LINK`() {
    #expect(USBProduct.matching(vendorID: 0x0483, productID: 0x374B)?.usbID == "0483:374b")
    #expect(USBProduct.matching(vendorID: 0x0484, productID: 0x374B) == nil)
    #expect(USBProduct.matching(vendorID: 0x0483, productID: 0xDF11) == nil)
  }

  @Test func `ids are written with four digits`() {
    #expect(USBID.text(vendorID: 0x0003, productID: 0xABCD) == "0003:abcd")
  }
}
