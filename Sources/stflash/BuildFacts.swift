import CBuildFacts
import Links

/// What this program was built from, for `--version` and bug reports.
enum BuildFacts {
  /// The commit it was built from, with `-dirty` behind it where the tree had changes; nil where the build knew none.
  static var commit: String? {
    let text = String(cString: stflash_commit())
    return text.isEmpty ? nil : text
  }

  /// The package's traits that were on.
  static var traits: [String] { USBSupport.isAvailable ? ["USB"] : [] }

  /// Version, commit and traits.
  static var versionLine: String {
    let traits = traits.isEmpty ? "no traits (simulator only)" : "traits \(traits.joined(separator: ", "))"
    return "stflash \(Stflash.version), \(commit.map { "commit \($0)" } ?? "commit unknown"), \(traits)"
  }
}
