/// What a handle of a program's stands for.
enum SemihostingHandle {
  /// Standard input.
  case input
  /// Standard output.
  case output
  /// Standard error.
  case error
  /// `:semihosting-features`, and how far it has been read.
  case features(position: Int)
  /// A file of the host, and whether the program may write it.
  case file(any SemihostingFile)

  /// The name of the console.
  static let consoleName = ":tt"
  /// The name of the file that says which extensions are there.
  static let featuresName = ":semihosting-features"

  /// That file: "SHFB", then SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR (section "Feature bits").
  static let features: [UInt8] = [0x53, 0x48, 0x46, 0x42, 0x03]

  /// What a name that belongs to no file stands for; nil for names of files.
  static func special(
    _ name: String, _ mode: SemihostingFileMode
  ) throws(SemihostingFileError) -> SemihostingHandle? {
    switch name {
    case consoleName:
      if mode.rawValue < 4 { return .input }
      return mode.rawValue < 8 ? .output : .error
    case featuresName:
      guard mode.rawValue < 2 else { throw .denied }
      return .features(position: 0)
    default: return nil
    }
  }

  /// Whether it is one of the console's.
  var isConsole: Bool {
    switch self {
    case .input, .output, .error: true
    case .features, .file: false
    }
  }
}
