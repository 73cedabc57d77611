import Testing

@testable import Engine
@testable import SimProbe

/// What both sides know of the ROM bootloaders against the third transcription.
@Suite struct BootloaderTableTests {
  @Test func `both sides know the bootloader of every die`() throws {
    let rows = try ReferenceTable("bootloaders").rows
    #expect(rows.count == Engine.ChipCatalogue.dies.count)
    for row in rows {
      let die = try #require(Engine.ChipCatalogue.dies.first { UInt32($0.deviceID) == row.number("dev_id") })
      #expect(die.bootloader.identifierAddress == row.number("address"), "\(row)")
      #expect(die.bootloader.ports.map(\.name) == row.numbers("usarts").map { "USART\($0)" }, "\(row)")
      let other = try #require(
        SimProbe.ChipCatalogue.variants.first { $0.die.deviceID == row.number("dev_id") }?.die.factory.bootloader)
      #expect(UInt32(other.identifier) == row.number("identifier"), "\(row)")
      #expect(other.identifierAddress == row.number("address"), "\(row)")
      #expect(other.ports == row.numbers("usarts").map { "USART\($0)" }, "\(row)")
      #expect(other.firstFreeRAM == row.number("ram"), "\(row)")
    }
  }

  @Test func `both sides have the commands of the reference`() throws {
    let rows = try ReferenceTable("bootloader-commands").rows
    let codes = Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0.number("code") ?? 0x100) })
    let engine = BootloaderCommand.allCases.map { ("\($0)", UInt32($0.rawValue)) }
    let simulator = BootloaderCode.Command.allCases.map { ("\($0)", UInt32($0.rawValue)) }
    #expect(Dictionary(uniqueKeysWithValues: engine) == codes)
    #expect(Dictionary(uniqueKeysWithValues: simulator) == codes)
  }
}
