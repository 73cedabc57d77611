import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

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

  /// Asks a command and all commands below it.
  init(of command: any ParsableCommand.Type) throws {
    let tool = try JSONDecoder().decode(ToolDescription.self, from: Data(command._dumpHelp().utf8))
    verbs = tool.command.verbs
    valued = tool.command.valuedOptions
  }
}

/// The part of ArgumentParser's tool description that says names and kinds.
private struct ToolDescription: Decodable {
  struct Command: Decodable {
    var commandName: String
    var aliases: [String]?
    var subcommands: [Command]?
    var arguments: [Argument]?

    var verbs: [DeclaredOptions.Verb] {
      (subcommands ?? []).flatMap { command in
        ([command.commandName] + (command.aliases ?? [])).map {
          DeclaredOptions.Verb(name: $0, verbs: command.verbs)
        }
      }
    }

    var valuedOptions: Set<String> {
      let own = (arguments ?? []).filter { $0.kind == "option" }.flatMap { $0.names ?? [] }.map(\.spelling)
      return (subcommands ?? []).reduce(into: Set(own)) { $0.formUnion($1.valuedOptions) }
    }
  }

  struct Argument: Decodable {
    var kind: String
    var names: [Name]?
  }

  struct Name: Decodable {
    var kind: String
    var name: String

    var spelling: String { (kind == "long" ? "--" : "-") + name }
  }

  var command: Command
}
