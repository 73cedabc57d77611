import Failures
import Testing

@testable import Engine

@Suite("Chip names")
struct ChipNameTests {
  @Test(arguments: [
    ("stm32f407vg", "STM32F407VG"), ("STM32F407VGT6", "STM32F407VG"), ("f407xg", "STM32F407xG"),
    ("stm32f410t8", "STM32F410T8"), ("STM32F429ZIT6U", "STM32F429ZI"),
  ])
  func `a name is read with or without prefix, package and temperature range`(text: String, name: String) throws {
    #expect(try ChipName(text).text == name)
  }

  @Test(arguments: ["", "stm32", "stm32f103c8", "stm32f407", "stm32f407v", "stm32f407vi", "stm32f407cg", "f4é7vg"])
  func `a name that no chip has is refused`(text: String) {
    #expect(throws: DeviceError.self) { try ChipName(text) }
  }

  @Test func `the refusal lists the chips of the same line`() throws {
    let error = #expect(throws: DeviceError.self) { try ChipName("stm32f410vg") }
    let report = try #require(error).report
    #expect(report.category == .usage)
    #expect(report.remedies.map(\.text).joined().contains("stm32f410c8"))
  }

  @Test func `every chip's own name is read back`() throws {
    for type in ChipCatalogue.types {
      for package in type.packages {
        let name = "stm32\(type.line)\(package)\(type.flashSize.letter)"
        #expect(try ChipName(name).type == type)
      }
    }
  }
}
