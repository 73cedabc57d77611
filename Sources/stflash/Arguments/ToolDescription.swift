import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the commands declare, as ArgumentParser describes it to tools (`--experimental-dump-help`).
///
/// It takes longer to make than a start of the program may: for completions, wrong command lines and tests.
struct ToolDescription: Decodable, Sendable {
  /// A command with those below it.
  struct Command: Decodable, Sendable {
    var commandName: String
    var aliases: [String]?
    var abstract: String?
    var subcommands: [Command]?
    var arguments: [Argument]?

    /// The verb and its other names.
    var names: [String] { [commandName] + (aliases ?? []) }

    /// The command's own options and those of the commands below it, each once.
    var allOptions: [Argument] {
      var seen: Set<String> = []
      let all = (arguments ?? []) + (subcommands ?? []).flatMap(\.allOptions)
      return all.filter { $0.kind != "positional" && seen.insert($0.spellings.first ?? "").inserted }
    }
  }

  /// An option, a flag, or an argument told by its place.
  struct Argument: Decodable, Sendable {
    /// "option" (takes a value), "flag" or "positional".
    var kind: String
    /// The heading below which it stands; nil where it has none.
    var sectionTitle: String?
    var names: [Name]?
    var valueName: String?
    var allValues: [String]?
    var completionKind: Completion?
    var abstract: String?
    var isRepeating: Bool?
    var parsingStrategy: String?

    /// The names with their dashes, as they are typed.
    var spellings: [String] { (names ?? []).map(\.spelling) }
  }

  /// A name of an option.
  struct Name: Decodable, Sendable {
    var kind: String
    var name: String

    var spelling: String { (kind == "long" ? "--" : "-") + name }
  }

  /// What ArgumentParser completes a value with.
  struct Completion: Decodable, Sendable {
    /// Files by their names' ends; none for all files.
    struct Files: Decodable, Sendable {
      var extensions: [String]
    }

    var file: Files?
  }

  var command: Command

  /// Asks a command and all commands below it.
  init(of command: any ParsableCommand.Type) throws {
    self = try JSONDecoder().decode(ToolDescription.self, from: Data(command._dumpHelp().utf8))
  }
}
