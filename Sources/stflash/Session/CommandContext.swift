import LinkInterface

/// What a command works with: the world outside, and where to tell what happens.
struct CommandContext {
  /// The command line, without the program's name.
  let arguments: [String]
  /// The files.
  let files: FileSystem
  /// The probes that are plugged in.
  let bus: any ProbeBus
  /// Where to tell what happens.
  let reporter: any Reporter
  /// How much is told.
  let verbosity: Verbosity
  /// The user's request to stop.
  let interruption: Interruption
}
