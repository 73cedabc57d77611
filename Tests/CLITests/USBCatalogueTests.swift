import Links
import TestSupport
import Testing

@testable import stflash

/// The devices that are looked for on USB, against what else in the project lists them.
@Suite struct USBCatalogueTests {
  @Test func `the ids are those of the reference table, and those that cannot be used are known`() throws {
    let rows = try PackageFiles.text("Tests/Fixtures/reference/products.csv").split(separator: "\n")
      .filter { $0.hasPrefix("0x") }
    var isUsable: [UInt16: Bool] = [:]
    for row in rows {
      let fields = row.split(separator: ",")
      let id = try #require(UInt16(fields[0].dropFirst(2), radix: 16))
      isUsable[id] = fields[1] != "V1" && !fields[1].hasSuffix("loader")
    }
    let products = USBCatalogue.stLinks.products
    #expect(Dictionary(uniqueKeysWithValues: products.map { ($0.productID, $0.obstacle == nil) }) == isUsable)
  }

  @Test func `ids are in ascending order and each is there once`() {
    let ids = USBCatalogue.stLinks.products.map(\.productID)
    #expect(ids == Set(ids).sorted())
  }

  @Test func `the rules file has exactly one rule for every product, as error messages print it`() throws {
    let rules = try PackageFiles.text("udev/\(UdevRule.fileName)").split(separator: "\n")
      .filter { !$0.hasPrefix("#") }.map(String.init)
    #expect(rules == (USBCatalogue.stLinks.products + USBCatalogue.dfuDevices.products).map(UdevRule.line))
  }

  @Test func `the rules come after the defaults of udev and before the seat's`() {
    #expect("50-udev-default.rules" < UdevRule.fileName)
    #expect(UdevRule.fileName < "73-seat-late.rules")
  }

  @Test func `only ST's vendor id makes an ST-LINK`() {
    let catalogue = USBCatalogue.stLinks
    #expect(catalogue.product(vendorID: 0x0483, productID: 0x374B)?.usbID == "0483:374b")
    #expect(catalogue.product(vendorID: 0x0484, productID: 0x374B) == nil)
    #expect(catalogue.product(vendorID: 0x0483, productID: 0xDF11) == nil)
  }
}
