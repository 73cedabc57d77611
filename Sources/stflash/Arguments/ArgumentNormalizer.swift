/// Puts the verb in front, so that options may stand before it as in st-flash's grammar.
///
/// `--reset write fw.bin 0x08000000` becomes `write --reset fw.bin 0x08000000`. Only the verb moves; everything else
/// keeps its order, and nothing behind `--` is looked at. `sim help serve` becomes `help sim serve`; options are left out
/// where help is asked for, but for the form of the output.
struct ArgumentNormalizer {
  /// The verbs and the options that take a value.
  let declared: DeclaredOptions

  /// The argument vector with the verb, and the verb below it if there is one, in front.
  func normalize(_ arguments: [String]) -> [String] {
    normalize(arguments, verbs: declared.verbs)
  }

  private func normalize(_ arguments: [String], verbs: [DeclaredOptions.Verb]) -> [String] {
    guard
      let position = firstPositional(in: arguments),
      let verb = verbs.first(where: { $0.name == arguments[position] })
    else { return arguments }
    var rest = arguments
    rest.remove(at: position)
    if verb.name == "help" { return ["help"] + words(in: rest) }
    if !verb.verbs.isEmpty, let next = firstPositional(in: rest), rest[next] == "help" {
      rest.remove(at: next)
      return ["help", verb.name] + words(in: rest)
    }
    return [verb.name] + normalize(rest, verbs: verb.verbs)
  }

  /// What is no option, nor an option's value; and --json, which decides in which form an error is told.
  private func words(in arguments: [String]) -> [String] {
    var rest = arguments[...]
    var words: [String] = []
    while let position = firstPositional(in: Array(rest)) {
      words.append(rest[rest.startIndex + position])
      rest = rest.dropFirst(position + 1)
    }
    return words + arguments.filter { $0 == "--json" }
  }

  /// The index of the first argument that is neither an option nor an option's value; nil when `--` comes first.
  private func firstPositional(in arguments: [String]) -> Int? {
    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      if argument == "--" { return nil }
      guard argument.hasPrefix("-"), argument != "-" else { return index }
      index += declared.valued.contains(argument) ? 2 : 1
    }
    return nil
  }
}
