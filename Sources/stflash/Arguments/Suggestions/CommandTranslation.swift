/// Turns the arguments behind a verb into those that our verb takes.
struct CommandTranslation {
  /// The command whose options count.
  let verb: KnownCommand
  /// The command's name, with that of its group.
  private let name: String
  /// The arguments in our words.
  private(set) var arguments: [String] = []
  /// What was left out, and why.
  private(set) var remarks: [String] = []
  /// The first option that the verb does not know.
  private(set) var unknown: String?
  private var address: String?

  /// Translates.
  ///
  /// - Parameters:
  ///   - group: what the verb stands below; nil for one that stands alone.
  ///   - fillers: words that mean nothing here.
  init(
    _ given: [String], for verb: KnownCommand, in group: KnownCommand? = nil, without fillers: Set<String> = []
  ) {
    self.verb = verb
    name = (group.map { "\($0.commandName) " } ?? "") + verb.commandName
    var rest = given[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        arguments += [argument] + rest
        break
      }
      // A number below zero is no option, and has a message of its own.
      if argument.hasPrefix("-"), argument.dropFirst().first.map({ !$0.isNumber }) ?? false {
        take(argument, &rest)
      } else if !fillers.contains(argument) {
        arguments.append(argument)
      }
    }
    if let address { arguments.append(address) }
  }

  private mutating func take(_ argument: String, _ rest: inout ArraySlice<String>) {
    let name = String(argument.prefix { $0 != "=" })
    let inlined = argument.contains("=") ? String(argument.dropFirst(name.count + 1)) : nil
    if verb.takes(argument) {
      arguments.append(argument)
      if verb.valued.contains(argument), let value = rest.popFirst() { arguments.append(value) }
      return
    }
    unknown = unknown ?? name
    if let entry = ForeignOption.names[name] {
      let value = inlined ?? (entry.takesValue ? rest.popFirst() : nil)
      apply(entry.meaning, name, value)
    } else if let meant = meant(by: name) {
      arguments.append(meant + (inlined.map { "=\($0)" } ?? ""))
      if verb.valued.contains(meant), inlined == nil, let value = rest.popFirst() { arguments.append(value) }
    } else if DeclaredOptions.valuedOptions.contains(name) {
      if inlined == nil { _ = rest.popFirst() }
      remark("Leave \(name) out: '\(self.name)' does not take it")
    } else {
      remark("\(name) has no counterpart here; 'stflash help \(self.name)' lists what there is")
    }
  }

  /// Tells a thing once, however often the option was given.
  private mutating func remark(_ text: String) {
    if !remarks.contains(text) { remarks.append(text) }
  }

  private mutating func apply(_ meaning: ForeignOption, _ name: String, _ value: String?) {
    switch meaning {
    case .renamed(let ours) where verb.options.contains(ours):
      arguments += [ours] + (verb.valued.contains(ours) ? [value].compactMap { $0 } : [])
    case .renamed("--erase-all") where verb.options.contains("--all"): arguments.append("--all")
    case .renamed(let ours): remark("\(name) would be \(ours), which '\(self.name)' does not take")
    case .address: address = value
    case .needless(let reason): remark("Leave \(name) out: \(reason)")
    case .byValue(let table, let otherwise):
      if let value, let ours = table[value] {
        arguments += ours.filter(verb.options.contains)
      } else {
        remark("Leave \(name) out: \(otherwise)")
      }
    }
  }

  /// The option that a name with a letter or a dash too few or too many was meant for.
  private func meant(by name: String) -> String? {
    let bare = name.drop { $0 == "-" }
    guard bare.count > 2 else { return nil }
    let long = verb.options.filter { $0.hasPrefix("--") }
    if long.contains("--\(bare)") { return "--\(bare)" }
    // "--verify" is not meant for "--no-verify".
    let same = long.filter { $0.hasPrefix("--no-") == bare.hasPrefix("no") }
    return Likeness.nearest(to: String(bare), among: same.map { String($0.dropFirst(2)) }, most: 1).first.map {
      "--\($0)"
    }
  }
}
