import Testing

@testable import SimProbe

/// The catalogue and its names.
@Suite struct ChipModelTests {
  @Test func `the catalogue has no row twice`() {
    let rows = Dictionary(grouping: ChipCatalogue.variants, by: \.name)
    for (name, copies) in rows { #expect(copies.count == 1, "\(name)") }
  }

  @Test func `every row is found by each of its names`() throws {
    for row in ChipCatalogue.variants {
      for pin in row.pinLetters {
        let model = ChipModel(variant: row, pinLetter: pin)
        #expect(try ChipModel(named: model.name) == model)
      }
    }
  }

  @Test(arguments: ["stm32f207zg", "STM32F207ZG", "STM32F207ZGT6", "stm32f207zgt6tr", "Stm32F207zgT6J"])
  func `case and order code suffixes do not matter`(name: String) throws {
    #expect(try ChipModel(named: name).name == "stm32f207zg")
  }

  @Test(arguments: ["", "f207zg", "stm32", "stm32f999zg", "stm32l475vg", "nucleo"])
  func `an unknown line is refused with the lines`(name: String) {
    #expect(throws: ChipNameError.unknownLine(name)) { try ChipModel(named: name) }
    #expect(ChipNameError.unknownLine(name).text.contains("STM32F207"))
  }

  @Test func `a line without letters is refused with its parts`() {
    #expect(
      throws: ChipNameError.incomplete(
        "stm32f405",
        valid: [
          "stm32f405oe", "stm32f405og", "stm32f405rg", "stm32f405vg", "stm32f405zg",
        ])
    ) { try ChipModel(named: "stm32f405") }
    #expect(ChipNameError.incomplete("stm32f405", valid: ["stm32f405og"]).text.contains("stm32f405og"))
  }

  @Test func `a size that the line does not have is refused with those it has`() {
    let error = ChipNameError.wrongSizeLetter("stm32f415vi", letter: "I", valid: ["G"])
    #expect(throws: error) { try ChipModel(named: "stm32f415vi") }
    #expect(error.text.contains("it has G"))
  }

  @Test func `a pin count that the size does not come in is refused with those it comes in`() {
    let error = ChipNameError.wrongPinLetter("stm32f405re", letter: "R", valid: ["O"])
    #expect(throws: error) { try ChipModel(named: "stm32f405re") }
    #expect(error.text.contains("O"))
  }

  @Test(arguments: ["stm32f407vgx", "stm32f407vgt9", "stm32f407vgt6-long"])
  func `a suffix that is no package is refused`(name: String) {
    #expect(throws: ChipNameError.self) { try ChipModel(named: name) }
    #expect(ChipNameError.badSuffix(name, suffix: "X").text.contains("X"))
  }

  @Test func `sectors tile every part exactly, in both bank layouts`() {
    for row in ChipCatalogue.variants {
      for split in [false, true] {
        let map = row.sectorMap(splitIntoBanks: split)
        var offset: UInt32 = 0
        for (position, sector) in map.sectors.enumerated() {
          #expect(sector.offset == offset, "\(row.name)")
          #expect(map.index(at: sector.offset) == position)
          #expect(map.index(at: sector.offset + sector.byteCount - 1) == position)
          #expect(map.index(selectedBy: sector.selector) == position)
          offset += sector.byteCount
        }
        #expect(offset == row.flashByteCount, "\(row.name)")
      }
    }
  }

  @Test func `RAM with a smaller SRAM1 has a hole before SRAM2`() throws {
    let ranges = try ChipModel(named: "stm32f205rb").variant.sramRanges
    #expect(ranges == [0x2000_0000..<0x2000_C000, 0x2001_C000..<0x2002_0000])
  }
}
