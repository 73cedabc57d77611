import ArgumentParser

/// The verbs of a command tree and which options take a value, as the commands themselves declare it.
///
/// `init(of:)` reads them from the description that ArgumentParser gives to tools (`--experimental-dump-help`), so that no
/// list beside the declarations can fall behind them.
struct DeclaredOptions: Sendable {
  /// A verb and the verbs below it.
  struct Verb: Equatable, Sendable {
    var name: String
    var verbs: [Verb]
  }

  /// The verbs of the root command.
  var verbs: [Verb]
  /// The options, with their dashes, that take the next argument as their value.
  var valued: Set<String>

  /// Makes a description by hand; for tests.
  init(verbs: [Verb], valued: Set<String>) {
    self.verbs = verbs
    self.valued = valued
  }

  /// The first word of a way down the tree that is no verb; nil where all are, or where the way has ended before.
  func unknownVerb(on way: some Sequence<String>) -> String? {
    var verbs = verbs
    for word in way where !verbs.isEmpty {
      guard let verb = verbs.first(where: { $0.name == word }) else { return word }
      verbs = verb.verbs
    }
    return nil
  }

  /// Asks a command and all commands below it.
  init(of command: any ParsableCommand.Type) throws {
    let root = try ToolDescription(of: command).command
    verbs = root.declaredVerbs
    valued = Set(root.allOptions.filter { $0.kind == "option" }.flatMap(\.spellings))
  }
}

extension ToolDescription.Command {
  /// The verbs below this command by all of their names.
  fileprivate var declaredVerbs: [DeclaredOptions.Verb] {
    (subcommands ?? []).flatMap { command in
      command.names.map { DeclaredOptions.Verb(name: $0, verbs: command.declaredVerbs) }
    }
  }
}
