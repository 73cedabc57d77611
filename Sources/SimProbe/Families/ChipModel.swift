/// One part as a user names it: a catalogue row and a pin count.
struct ChipModel: Equatable, Sendable {
  /// The catalogue row.
  let variant: ChipVariant
  /// The letter that stands for the pin count.
  let pinLetter: Character

  /// The name in lower case without package, temperature range and packing: "stm32f207zg".
  var name: String { "stm32\(variant.line)\(pinLetter)\(variant.sizeLetter)".lowercased() }

  /// The die's facts.
  var die: Die { variant.die }
  /// The family's facts.
  var family: ChipFamily { variant.family }

  /// Takes a part by name, in any case: line, pin letter and size letter ("stm32f207zg"), or an order code with
  /// package, temperature range and packing behind them ("STM32F407VGT6TR").
  ///
  /// - Throws: `ChipNameError`, with the choices that there are.
  init(named text: String) throws(ChipNameError) {
    let code = text.uppercased()
    let prefix = "STM32"
    guard code.hasPrefix(prefix) else { throw ChipNameError.unknownLine(text) }
    let rest = Array(code.dropFirst(prefix.count))
    let line = String(rest.prefix(4))
    let rows = ChipCatalogue.variants.filter { $0.line == line }
    guard !rows.isEmpty else { throw ChipNameError.unknownLine(text) }
    guard rest.count >= 6 else { throw ChipNameError.incomplete(text, valid: ChipModel.names(of: rows)) }
    let (pin, size, suffix) = (rest[4], rest[5], rest.dropFirst(6))
    guard ChipModel.isOrderCodeSuffix(suffix) else {
      throw ChipNameError.badSuffix(text, suffix: String(suffix))
    }
    guard let row = rows.first(where: { $0.sizeLetter == size }) else {
      throw ChipNameError.wrongSizeLetter(text, letter: size, valid: rows.map(\.sizeLetter))
    }
    guard row.pinLetters.contains(pin) else {
      throw ChipNameError.wrongPinLetter(text, letter: pin, valid: Array(row.pinLetters))
    }
    self.init(variant: row, pinLetter: pin)
  }

  init(variant: ChipVariant, pinLetter: Character) {
    self.variant = variant
    self.pinLetter = pinLetter
  }

  /// Package letter, temperature digit, then at the most three characters for options and packing ("T6", "H6J", "T6TR").
  private static func isOrderCodeSuffix(_ suffix: ArraySlice<Character>) -> Bool {
    guard let package = suffix.first else { return true }
    guard "BCEGHIJTUVY".contains(package), suffix.count <= 6 else { return false }
    guard let temperature = suffix.dropFirst().first else { return true }
    return "3567".contains(temperature) && suffix.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  private static func names(of rows: [ChipVariant]) -> [String] {
    rows.flatMap { row in row.pinLetters.map { ChipModel(variant: row, pinLetter: $0).name } }
  }
}
