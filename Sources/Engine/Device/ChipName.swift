/// A chip's name as a user types it: "stm32f407vg", "STM32F407VGT6", "f407xg".
public struct ChipName: Sendable, Equatable {
  /// The type that it names.
  public let type: ChipType
  /// The name in canonical form: "STM32F407VG".
  public let text: String

  /// Reads a name: "stm32" may be missing, "x" stands for any pin count, and what follows the size letter (package,
  /// temperature range, packing) is not looked at.
  ///
  /// - Throws: `DeviceError.unknownChipName`, with the names that come nearest.
  public init(_ text: String) throws(DeviceError) {
    let upper = text.uppercased()
    let rest = upper.hasPrefix("STM32") ? upper.dropFirst("STM32".count) : Substring(upper)
    let line = String(rest.prefix(4))
    let code = Array(rest.dropFirst(4))
    let sameLine = ChipCatalogue.types.filter { $0.line == line }
    guard code.count >= 2, let size = FlashSize(letter: code[1]),
      let type = sameLine.first(where: { $0.flashSize == size }),
      code[0] == "X" || type.packages.contains(code[0])
    else {
      throw .unknownChipName(text, similar: ChipName.suggestions(sameLine))
    }
    self.type = type
    self.text = "STM32\(line)\(code[0] == "X" ? "x" : String(code[0]))\(size.letter)"
  }

  private static func suggestions(_ types: [ChipType]) -> [String] {
    types.flatMap { type in type.packages.map { "stm32\(type.line)\($0)\(type.flashSize.letter)".lowercased() } }
  }
}
