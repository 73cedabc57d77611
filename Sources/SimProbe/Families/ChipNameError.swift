/// Why a text names no chip of the catalogue.
enum ChipNameError: Error, Equatable {
  /// It does not begin with STM32 and a line of the catalogue.
  case unknownLine(String)
  /// The line is known, the pin letter or the size letter is missing.
  case incomplete(String, valid: [String])
  /// The line is not sold with this flash size.
  case wrongSizeLetter(String, letter: Character, valid: [Character])
  /// The line is not sold with this flash size in this package.
  case wrongPinLetter(String, letter: Character, valid: [Character])
  /// What follows the size letter is no package, temperature range and packing.
  case badSuffix(String, suffix: String)

  /// The error in a sentence, with the choices.
  var text: String {
    switch self {
    case .unknownLine(let name):
      "\"\(name)\" is no chip that can be simulated; the lines are "
        + ChipCatalogue.lines.map { "STM32\($0)" }.joined(separator: ", ")
    case .incomplete(let name, let valid):
      "\"\(name)\" lacks the pin letter or the size letter; the parts of this line are "
        + valid.joined(separator: ", ")
    case .wrongSizeLetter(let name, let letter, let valid):
      "\"\(name)\": this line has no flash size \"\(letter)\"; it has \(Self.list(valid))"
    case .wrongPinLetter(let name, let letter, let valid):
      "\"\(name)\": this flash size is not sold with the pin count \"\(letter)\"; it is with \(Self.list(valid))"
    case .badSuffix(let name, let suffix):
      "\"\(name)\": \"\(suffix)\" is no package and temperature range such as T6"
    }
  }

  private static func list(_ letters: [Character]) -> String {
    letters.map(String.init).joined(separator: ", ")
  }
}
