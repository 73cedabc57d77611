import ArgumentParser

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A command of ours with its options, as it describes itself to tools.
///
/// Only wrong command lines are looked up here; making the description takes a few milliseconds.
struct KnownCommand: Decodable {
  /// A name that an option or a command is called by.
  struct Name: Decodable {
    var kind: String
    var name: String

    /// The name as it is typed.
    var spelling: String { (kind == "long" ? "--" : "-") + name }
  }

  /// An option, a flag or a positional argument.
  struct Argument: Decodable {
    var kind: String
    var names: [Name]?
  }

  var commandName: String
  var arguments: [Argument]?
  var subcommands: [KnownCommand]?

  private struct Description: Decodable {
    var command: KnownCommand
  }

  /// The description of a command and all below it; nil should it not be readable.
  static func description(of command: any ParsableCommand.Type) -> KnownCommand? {
    try? JSONDecoder().decode(Description.self, from: Data(command._dumpHelp().utf8)).command
  }

  /// The commands below.
  var verbs: [KnownCommand] { subcommands ?? [] }

  /// The options with their dashes.
  var options: Set<String> { Set(spellings { _ in true }) }

  /// The options that take the next argument as their value.
  var valued: Set<String> { Set(spellings { $0.kind == "option" }) }

  /// Whether it takes arguments that are no options.
  var takesPositionals: Bool { (arguments ?? []).contains { $0.kind == "positional" } }

  /// This command and all below it.
  var all: [KnownCommand] { [self] + verbs.flatMap(\.all) }

  private func spellings(_ isMeant: (Argument) -> Bool) -> [String] {
    (arguments ?? []).filter(isMeant).flatMap { $0.names ?? [] }.map(\.spelling)
  }

  /// Whether an argument that begins with a dash is an option of the command, a cluster of short ones (`-vv`), or a short
  /// one with its value (`-s0669`).
  func takes(_ argument: String) -> Bool {
    let name = String(argument.prefix { $0 != "=" })
    if options.contains(name) || name == "-h" || name == "--help" || name == "--version" { return true }
    guard !argument.hasPrefix("--"), let first = argument.dropFirst().first else { return false }
    return valued.contains("-\(first)") || argument.dropFirst().allSatisfy { $0 == "h" || options.contains("-\($0)") }
  }
}
