/// Every STM32F2 and STM32F4 that the engine knows, as data.
///
/// Sources: the device electronic signature and memory chapters of RM0033, RM0090, RM0368, RM0383, RM0386, RM0390,
/// RM0401, RM0402 and RM0430, and the CMSIS device headers; REV_ID markings also from the errata sheets.
public enum ChipCatalogue {
  /// All dies.
  public static let dies: [Die] = [
    Die(
      family: .f2f4, deviceID: 0x411, name: "STM32F205/207/215/217", core: .cortexM3, maximumMegahertz: 120,
      revisions: [
        0x1000: "A", 0x1001: "Z", 0x2000: "B", 0x2001: "Y", 0x2003: "X", 0x2007: "1", 0x200F: "V", 0x201F: "2 or 3",
        0x203F: "4 or 5",
      ],
      waitStates: .f2, writeProtectionBits: 12, hasCodeReadProtection: false, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x413, name: "STM32F405/407/415/417", core: .cortexM4, maximumMegahertz: 168,
      revisions: [0x1000: "A", 0x1001: "Z", 0x1003: "1", 0x1007: "2 or 4", 0x100F: "Y", 0x101F: "5 or 6"],
      waitStates: .f40x, writeProtectionBits: 12, hasCodeReadProtection: false, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x419, name: "STM32F427/429/437/439", core: .cortexM4, maximumMegahertz: 180,
      revisions: [0x1000: "A", 0x1003: "Y", 0x1007: "1", 0x2001: "3", 0x2003: "5 or B"],
      waitStates: .f42x, writeProtectionBits: 12, hasCodeReadProtection: true, hasSecondBank: true),
    Die(
      family: .f2f4, deviceID: 0x421, name: "STM32F446", core: .cortexM4, maximumMegahertz: 180,
      revisions: [0x1000: "A or 1"],
      waitStates: .f42x, writeProtectionBits: 8, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x423, name: "STM32F401xB/C", core: .cortexM4, maximumMegahertz: 84,
      revisions: [0x1000: "A", 0x1001: "Z"],
      waitStates: .f401, writeProtectionBits: 6, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x431, name: "STM32F411", core: .cortexM4, maximumMegahertz: 100,
      revisions: [0x1000: "A"],
      waitStates: .f41x, writeProtectionBits: 8, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x433, name: "STM32F401xD/E", core: .cortexM4, maximumMegahertz: 84,
      revisions: [0x1000: "A", 0x1001: "Z"],
      waitStates: .f401, writeProtectionBits: 8, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x434, name: "STM32F469/479", core: .cortexM4, maximumMegahertz: 180,
      revisions: [0x1000: "A"],
      waitStates: .f42x, writeProtectionBits: 12, hasCodeReadProtection: true, hasSecondBank: true),
    Die(
      family: .f2f4, deviceID: 0x441, name: "STM32F412", core: .cortexM4, maximumMegahertz: 100,
      revisions: [0x1001: "Z", 0x2000: "B", 0x3000: "C or 1"],
      waitStates: .f41x, writeProtectionBits: 12, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x458, name: "STM32F410", core: .cortexM4, maximumMegahertz: 100,
      revisions: [0x1000: "A"],
      waitStates: .f41x, writeProtectionBits: 5, hasCodeReadProtection: true, hasSecondBank: false),
    Die(
      family: .f2f4, deviceID: 0x463, name: "STM32F413/423", core: .cortexM4, maximumMegahertz: 100,
      revisions: [0x1000: "A"],
      waitStates: .f41x, writeProtectionBits: 15, hasCodeReadProtection: true, hasSecondBank: false),
  ]

  /// All chip types.
  public static let types: [ChipType] = [
    row("F205", .k128, "RV", 0x411, .f205B),
    row("F205", .k256, "RVZ", 0x411, .f205C),
    row("F205", .k512, "RVZ", 0x411, .f2),
    row("F205", .k768, "RVZ", 0x411, .f2),
    row("F205", .k1024, "RVZ", 0x411, .f2),
    row("F207", .k256, "IVZ", 0x411, .f2),
    row("F207", .k512, "IVZ", 0x411, .f2),
    row("F207", .k768, "IVZ", 0x411, .f2),
    row("F207", .k1024, "IVZ", 0x411, .f2),
    row("F215", .k512, "RVZ", 0x411, .f2),
    row("F215", .k1024, "RVZ", 0x411, .f2),
    row("F217", .k512, "IVZ", 0x411, .f2),
    row("F217", .k1024, "IVZ", 0x411, .f2),
    row("F401", .k128, "CRV", 0x423, .f401BC),
    row("F401", .k256, "CRV", 0x423, .f401BC),
    row("F401", .k384, "CRV", 0x433, .f401DE),
    row("F401", .k512, "CRV", 0x433, .f401DE),
    row("F405", .k512, "O", 0x413, .f40x),
    row("F405", .k1024, "ORVZ", 0x413, .f40x),
    row("F407", .k512, "IVZ", 0x413, .f40x),
    row("F407", .k1024, "IVZ", 0x413, .f40x),
    row("F415", .k1024, "ORVZ", 0x413, .f40x),
    row("F417", .k512, "IVZ", 0x413, .f40x),
    row("F417", .k1024, "IVZ", 0x413, .f40x),
    row("F410", .k64, "CRT", 0x458, .f410),
    row("F410", .k128, "CRT", 0x458, .f410),
    row("F411", .k256, "CRV", 0x431, .f411),
    row("F411", .k512, "CRV", 0x431, .f411),
    row("F412", .k512, "CRVZ", 0x441, .f412),
    row("F412", .k1024, "CRVZ", 0x441, .f412),
    row("F413", .k1024, "CMRVZ", 0x463, .f413),
    row("F413", .k1536, "CMRVZ", 0x463, .f413),
    row("F423", .k1536, "CMRVZ", 0x463, .f413),
    row("F427", .k1024, "AIVZ", 0x419, .f42x),
    row("F427", .k2048, "AIVZ", 0x419, .f42x),
    row("F429", .k512, "BINVZ", 0x419, .f42x),
    row("F429", .k1024, "ABINVZ", 0x419, .f42x),
    row("F429", .k2048, "ABINVZ", 0x419, .f42x),
    row("F437", .k1024, "IVZ", 0x419, .f42x),
    row("F437", .k2048, "AIVZ", 0x419, .f42x),
    row("F439", .k1024, "BINVZ", 0x419, .f42x),
    row("F439", .k2048, "ABINVZ", 0x419, .f42x),
    row("F446", .k256, "MRVZ", 0x421, .f446),
    row("F446", .k512, "MRVZ", 0x421, .f446),
    row("F469", .k512, "ABINVZ", 0x434, .f469),
    row("F469", .k1024, "ABINVZ", 0x434, .f469),
    row("F469", .k2048, "ABINVZ", 0x434, .f469),
    row("F479", .k1024, "ABINVZ", 0x434, .f469),
    row("F479", .k2048, "ABINVZ", 0x434, .f469),
  ]

  /// The die with a DEV_ID.
  public static func die(withID deviceID: UInt16) -> Die? {
    dies.first { $0.deviceID == deviceID }
  }

  /// The die behind an identity code that has the DEV_ID of another: F40x of revision A answers with that of the F2
  /// (ES0182, "wrong device ID").
  ///
  /// - Returns: the die and what to tell of it; nil for every other answer.
  static func misnumberedDie(_ deviceID: UInt16, processorID: UInt32) -> (die: Die, note: String)? {
    guard deviceID == 0x411, processorID & 0xFF00_FFF0 == 0x4100_C240, let die = die(withID: 0x413) else { return nil }
    return (die, "DEV_ID 0x411 on a Cortex-M4: an F40x of revision A, which answers with the number of the F2")
  }

  /// The chip types made of a die, optionally of one size only.
  public static func types(of die: Die, size: FlashSize? = nil) -> [ChipType] {
    types.filter { $0.deviceID == die.deviceID && (size == nil || $0.flashSize == size) }
  }

  /// The largest flash that a die is sold with: what is assumed when the size register says nothing.
  public static func largestFlash(of die: Die) -> FlashSize {
    types(of: die).map(\.flashSize).max() ?? .k1024
  }

  private static func row(
    _ line: String, _ flashSize: FlashSize, _ packages: String, _ deviceID: UInt16, _ ram: RAMLayout
  ) -> ChipType {
    ChipType(line: line, flashSize: flashSize, packages: packages, deviceID: deviceID, ram: ram)
  }
}
