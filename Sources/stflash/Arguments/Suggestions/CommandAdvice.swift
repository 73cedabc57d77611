/// What is told about a command line that is none of ours.
struct CommandAdvice: Equatable {
  /// What is wrong, in a sentence without a full stop.
  var summary: String
  /// What to type instead, or what to know.
  var remedies: [String]

  /// A line that can be typed, in quotes where the shell needs them.
  static func line(_ arguments: [String]) -> String {
    let safe = { (character: Character) in
      character.isLetter || character.isNumber || "-_./=:,@+%".contains(character)
    }
    return (["stflash"] + arguments).map { argument in
      !argument.isEmpty && argument.allSatisfy(safe) ? argument : "'\(argument.replacing("'", with: "'\\''"))'"
    }
    .joined(separator: " ")
  }
}
