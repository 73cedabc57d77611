/// What a shell asks for when it sets completions up, and when somebody presses Tab.
enum CompletionRequest: Equatable {
  /// `--generate-completion-script SHELL`: the lines that the shell reads at its start.
  case script(CompletionScript.Shell)
  /// `---complete WORD...`: what the last word, which may be empty, can become.
  case candidates([String])

  /// Reads a command line; nil where it is none of these.
  init?(_ arguments: [String]) {
    switch arguments.first {
    case "---complete": self = .candidates(Array(arguments.dropFirst()))
    case "--generate-completion-script":
      guard arguments.count == 2, let shell = CompletionScript.Shell(rawValue: arguments[1]) else { return nil }
      self = .script(shell)
    default: return nil
    }
  }
}
