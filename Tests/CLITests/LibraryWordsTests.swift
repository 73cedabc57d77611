import TestSupport
import Testing

@testable import stflash

/// Libraries speak no command line: what to do is the caller's to word, whose flags and commands they do not know.
@Suite struct LibraryWordsTests {
  private static let libraries = [
    "Basics", "Engine", "Failures", "LinkInterface", "LinkServer", "Links", "SimProbe", "Trace",
  ]

  /// Options of other programs that messages may name, and a key's first line.
  private static let foreign = ["--nmagic", "--reload-rules", "-----begin"]

  /// An option, the program's name (but not in the name of a file), or a command in quotation marks.
  private static func words() throws -> Regex<AnyRegexOutput> {
    let verbs = DeclaredOptions.tabulated(for: Stflash.self).verbs.map(\.name).joined(separator: "|")
    return try Regex(#"--[a-z]|stflash | stflash(?![-/._\w])|(?:\\"|'|`)(?:"# + verbs + #")\b"#)
  }

  @Test(arguments: libraries)
  func `no line of a library names an option, a command, or the program`(module: String) throws {
    let lines = try PackageFiles.lines(below: "Sources/\(module)")
    #expect(!lines.isEmpty, "the sources of \(module) have been found")
    let words = try Self.words()
    let hints = ["--", "stflash", "'", "`", "\\\""]
    let named = lines.filter { line in
      // A regular expression for each line would take seconds.
      guard hints.contains(where: { line.code.contains($0) }) else { return false }
      return Self.foreign.reduce(String(line.code)) { $0.replacing($1, with: "") }.contains(words)
    }
    #expect(
      named.isEmpty,
      """
      \(module) names the command line in \(named.count) lines; give a `Remedy` in an `Advice`, and word it in Sources/stflash:
      \(named.map(\.description).joined(separator: "\n"))
      """)
  }
}
