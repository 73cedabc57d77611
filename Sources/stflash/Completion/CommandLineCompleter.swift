/// Completes a command line as the program reads it: options before or behind the verb, values behind options.
///
/// The answer is lines of text, which the scripts in `CompletionScript` hand to their shells: a candidate, a tab and what
/// it means; or `:files` with the ends of the names that fit, none for all files.
struct CommandLineCompleter {
  /// All that the commands declare.
  let root: ToolDescription.Command
  /// The values that no declaration lists.
  let values: CompletionValues

  /// What the last word can become.
  ///
  /// - Parameter words: the command line without the program, up to the word that the cursor is in.
  func answer(to words: [String]) -> [String] {
    let current = words.last ?? ""
    let place = Place(before: words.dropLast(), root: root)
    if place.isBehindTerminator { return [":files"] }
    if let option = place.awaitsValue { return value(of: option, startingWith: current, leading: "") }
    if current.hasPrefix("-") {
      guard let equals = current.firstIndex(of: "=") else { return options(of: place, startingWith: current) }
      guard let option = place.option(String(current[..<equals])) else { return [] }
      let start = current.index(after: equals)
      return value(of: option, startingWith: String(current[start...]), leading: String(current[..<start]))
    }
    let verbs = place.command.subcommands ?? []
    if !verbs.isEmpty {
      return verbs.filter { $0.commandName.hasPrefix(current) }.map { line($0.commandName, $0.abstract) }
    }
    let positionals = (place.command.arguments ?? []).filter { $0.kind == "positional" }
    guard place.positionalCount < positionals.count else { return [] }
    return value(of: positionals[place.positionalCount], startingWith: current, leading: "")
  }

  private func options(of place: Place, startingWith current: String) -> [String] {
    place.options.flatMap { option in
      option.spellings.filter { $0.hasPrefix(current) }.map { line($0, option.abstract) }
    }
  }

  private func value(
    of argument: ToolDescription.Argument, startingWith current: String, leading: String
  ) -> [String] {
    let known: [CompletionValues.Candidate]?
    if let listed = argument.allValues, !listed.isEmpty {
      known = listed.map { CompletionValues.Candidate(text: $0, meaning: "") }
    } else {
      known = argument.spellings.lazy.compactMap(values.candidates).first
    }
    let lines = (known ?? []).filter { $0.text.hasPrefix(current) }.map { line(leading + $0.text, $0.meaning) }
    if argument.spellings.contains("--sim") { return lines + [":files board"] }
    guard let files = argument.completionKind?.file else { return lines }
    return lines + [([":files"] + files.extensions).joined(separator: " ")]
  }

  /// A candidate, and the first sentence of what it means.
  private func line(_ candidate: String, _ meaning: String?) -> String {
    guard let meaning, !meaning.isEmpty else { return candidate }
    let plain = meaning.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return "\(candidate)\t\(plain)"
  }
}

/// Where on a command line a word stands.
private struct Place {
  /// The command that the words before lead to.
  var command: ToolDescription.Command
  /// The option whose value comes next; nil where none does.
  var awaitsValue: ToolDescription.Argument?
  /// Whether `--` stands before.
  var isBehindTerminator = false
  /// How many arguments stand behind the verb.
  var positionalCount = 0

  init(before words: some Sequence<String>, root: ToolDescription.Command) {
    command = root
    for word in words {
      if awaitsValue != nil {
        awaitsValue = nil
      } else if isBehindTerminator || word == "--" {
        isBehindTerminator = true
      } else if word.hasPrefix("-"), word != "-" {
        if let option = option(word), option.kind == "option" { awaitsValue = option }
      } else if let verb = command.subcommands?.first(where: { $0.names.contains(word) }) {
        command = verb
      } else {
        positionalCount += 1
      }
    }
  }

  /// The options that may stand here: the verb's own, or, as long as no verb is known, all.
  var options: [ToolDescription.Argument] { command.allOptions }

  func option(_ spelling: String) -> ToolDescription.Argument? {
    options.first { $0.spellings.contains(spelling) }
  }
}
