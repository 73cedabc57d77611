import ArgumentParser

/// A command of ours with its options, as it describes itself to tools.
///
/// Only wrong command lines are looked up here; making the description takes a few milliseconds.
typealias KnownCommand = ToolDescription.Command

extension ToolDescription.Command {
  /// The program itself and all its verbs, described once; nil should the description not be readable.
  static let root: KnownCommand? = try? ToolDescription(of: Stflash.self).command

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

  private func spellings(_ isMeant: (ToolDescription.Argument) -> Bool) -> [String] {
    (arguments ?? []).filter(isMeant).flatMap(\.spellings)
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
