import Engine

/// Looks at a command line that was refused and finds out what may have been meant.
struct CommandAdvisor {
  /// All commands.
  let root: KnownCommand

  /// What to tell; nil where the line's verb and options are ours, and something else is wrong.
  func advice(on arguments: [String]) -> CommandAdvice? {
    let ours = Array(arguments.prefix { $0 != "--" })
    guard let position = firstPositional(in: ours) else {
      return ForeignCommandLine.advice(on: ours) ?? adviceWithoutVerb(ours)
    }
    let word = ours[position]
    if position == 0, ForeignVerb.programs.contains(word.lowercased()), arguments.count > 1 {
      let line = Array(arguments.dropFirst())
      return advice(on: line)
        ?? CommandAdvice(summary: "that is a command line of \(word)", remedies: [CommandAdvice.line(line)])
    }
    var rest = arguments
    rest.remove(at: position)
    if word == "help" { return adviceOnHelp(for: positionals(in: rest)) }
    guard let verb = root.verbs.first(where: { $0.commandName == word }) else {
      return ForeignCommandLine.advice(on: ours) ?? advice(onVerb: word, rest)
    }
    return verb.verbs.isEmpty ? advice(onOptions: rest, of: verb) : advice(onGroup: verb, rest)
  }

  // MARK: - Verbs

  private func advice(onVerb word: String, _ rest: [String]) -> CommandAdvice {
    let summary = "there is no command \"\(word)\""
    if let foreign = ForeignVerb.names[word.lowercased()] {
      if foreign.isTemplate { return CommandAdvice(summary: summary, remedies: [CommandAdvice.line(foreign.ours)]) }
      return CommandAdvice(summary: summary, remedies: lines(foreign.ours, rest, without: ForeignVerb.fillers))
    }
    if ForeignVerb.servers.contains(word.lowercased()) {
      return CommandAdvice(
        summary: summary,
        remedies: [
          "stflash gdb", "'gdb' serves GDB, 'run' and 'attach' show what a program says by RTT, semihosting and SWO",
        ])
    }
    let near = Likeness.nearest(to: word, among: root.verbs.map(\.commandName), most: 2)
    if !near.isEmpty { return CommandAdvice(summary: summary, remedies: near.flatMap { lines([$0], rest) }) }
    if ImageFormat(fileName: word) != nil {
      return CommandAdvice(summary: summary, remedies: lines(["write"], [word] + rest))
    }
    let names = root.verbs.map(\.commandName).filter { $0 != "help" }.joined(separator: ", ")
    return CommandAdvice(summary: summary, remedies: ["The commands are \(names)", "stflash help"])
  }

  private func advice(onGroup group: KnownCommand, _ rest: [String]) -> CommandAdvice? {
    guard let position = firstPositional(in: rest) else { return nil }
    let word = rest[position]
    var behind = rest
    behind.remove(at: position)
    if word == "help" { return adviceOnHelp(for: [group.commandName] + positionals(in: behind)) }
    if let verb = group.verbs.first(where: { $0.commandName == word }) {
      return advice(onOptions: behind, of: verb, in: group)
    }
    let names = group.verbs.map(\.commandName)
    let near = Likeness.nearest(to: word, among: names, most: 2)
    return CommandAdvice(
      summary: "there is no command \"\(group.commandName) \(word)\"",
      remedies: near.isEmpty
        ? ["The commands are " + names.map { "\(group.commandName) \($0)" }.joined(separator: ", ")]
        : near.map { CommandAdvice.line([group.commandName, $0] + behind) })
  }

  /// `help wriet`, `help sim sevre`.
  private func adviceOnHelp(for words: [String]) -> CommandAdvice? {
    var command = root
    for (index, word) in words.enumerated() where !command.verbs.isEmpty {
      if let verb = command.verbs.first(where: { $0.commandName == word }) {
        command = verb
        continue
      }
      let known = words.prefix(index)
      let names = command.verbs.map(\.commandName).filter { $0 != "help" }
      let near = Likeness.nearest(to: word, among: names, most: 2)
      return CommandAdvice(
        summary: "there is no command \"\((known + [word]).joined(separator: " "))\"",
        remedies: near.isEmpty
          ? ["The commands are " + names.map { (known + [$0]).joined(separator: " ") }.joined(separator: ", ")]
          : near.map { CommandAdvice.line(["help"] + known + [$0]) })
    }
    return nil
  }

  private func adviceWithoutVerb(_ arguments: [String]) -> CommandAdvice? {
    let all = root.all
    guard
      let unknown = arguments.first(where: { argument in
        argument.hasPrefix("-") && argument.count > 1 && !all.contains { $0.takes(argument) }
      })
    else { return nil }
    let names = Set(all.flatMap(\.options)).filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
    let near = Likeness.nearest(to: String(unknown.drop { $0 == "-" }), among: names, most: 2)
    return CommandAdvice(
      summary: "there is no option \(unknown), and no command was given",
      remedies: near.map { "Perhaps --\($0) is meant" } + ["stflash help"])
  }

  /// The line that does it, and what of it was left out.
  private func lines(_ ours: [String], _ rest: [String], without fillers: Set<String> = []) -> [String] {
    guard let verb = root.verbs.first(where: { $0.commandName == ours.first }) else { return [] }
    let translation = CommandTranslation(rest, for: verb, without: fillers)
    return [CommandAdvice.line(ours + translation.arguments)] + translation.remarks
  }

  // MARK: - Options

  private func advice(
    onOptions given: [String], of verb: KnownCommand, in group: KnownCommand? = nil
  ) -> CommandAdvice? {
    let translation = CommandTranslation(given, for: verb, in: group)
    let name = (group.map { [$0.commandName] } ?? []) + [verb.commandName]
    if let unknown = translation.unknown {
      return CommandAdvice(
        summary: "\"\(name.joined(separator: " "))\" has no option \(unknown)",
        remedies: translation.remarks + [CommandAdvice.line(name + translation.arguments)])
    }
    if verb.commandName == "erase", given.last == "--chip" {
      // pyOCD's flag; here the option names the chip.
      return CommandAdvice(
        summary: "--chip takes the name of a chip",
        remedies: [CommandAdvice.line(["erase"] + given.dropLast() + ["--all"])])
    }
    return adviceOnEverything(given, of: verb) ?? adviceOnOrder(given, of: verb)
  }

  /// `erase all`: a word where an address belongs.
  private func adviceOnEverything(_ given: [String], of verb: KnownCommand) -> CommandAdvice? {
    let words = positionals(in: given)
    guard verb.commandName == "erase", words.count == 1, ["all", "chip", "mass", "full", "flash"].contains(words[0])
    else { return nil }
    return CommandAdvice(
      summary: "\"\(words[0])\" stands where the first address of a range belongs",
      remedies: [CommandAdvice.line(["erase"] + given.filter { $0 != words[0] } + ["--all"])])
  }

  /// `write 0x08000000 a.bin`, `read 0x08000000 1k a.bin`: numbers in front of the file.
  private func adviceOnOrder(_ given: [String], of verb: KnownCommand) -> CommandAdvice? {
    let words = positionals(in: given)
    guard ["write", "verify", "read"].contains(verb.commandName), words.count > 1, let file = words.last,
      !isNumber(file), words.dropLast().allSatisfy(isNumber)
    else { return nil }
    let options = given.filter { !words.contains($0) }
    return CommandAdvice(
      summary: "\"\(verb.commandName)\" takes the file first, and the numbers behind it",
      remedies: [CommandAdvice.line([verb.commandName] + options + [file] + words.dropLast())])
  }

  private func isNumber(_ word: String) -> Bool { (try? Number.byteCount(word)) != nil }

  // MARK: - Words

  private func positionals(in arguments: [String]) -> [String] {
    var rest = arguments[...]
    var words: [String] = []
    while let position = firstPositional(in: Array(rest)) {
      words.append(rest[rest.startIndex + position])
      rest = rest.dropFirst(position + 1)
    }
    return words
  }

  /// The index of the first argument that is neither an option nor the value of one, of ours or of another tool.
  private func firstPositional(in arguments: [String]) -> Int? {
    let valued = root.all.reduce(into: Set<String>()) { $0.formUnion($1.valued) }
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return nil }
      guard argument.hasPrefix("-"), argument != "-" else { return index }
      let takesValue = valued.contains(argument) || ForeignOption.names[argument]?.takesValue ?? false
      index += takesValue ? 2 : 1
    }
    return nil
  }
}
