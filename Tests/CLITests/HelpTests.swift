import Testing

@testable import stflash

/// The help of every verb: where what stands, how wide, and all ways to it.
struct HelpTests {
  private let bench = CommandLineBench()

  /// What many verbs have, in the order in which it stands; a verb's own options stand before all of it.
  private static let shared = [
    "PROGRAMMING", "AFTERWARDS", "CONNECTION", "TARGET", "SIMULATOR", "RECORDING", "OUTPUT", "OPTIONS", "SUBCOMMANDS",
  ]

  /// The way to every command, from the root on.
  private static func ways(
    to command: ToolDescription.Command, from way: [String] = []
  ) -> [(way: [String], command: ToolDescription.Command)] {
    [(way, command)]
      + (command.subcommands ?? []).filter { $0.commandName != "help" }.flatMap { verb in
        ways(to: verb, from: way + [verb.commandName])
      }
  }

  /// The page of every command, asked for as `help VERB`.
  private static let pages = KnownCommand.root.map { root in
    ways(to: root).map { ($0.way, $0.command, CommandLineBench().run(["help"] + $0.way)) }
  }

  private static func headings(of page: String) -> [String] {
    page.split(separator: "\n").filter { $0.hasSuffix(":") && $0.first != " " && $0 == $0.uppercased() }.map {
      String($0.dropLast())
    }
  }

  @Test func `a verb's own options stand first, then what it shares with others`() throws {
    for (way, command, page) in try #require(Self.pages) {
      let headings = Self.headings(of: page.output).filter { $0 != "ARGUMENTS" }
      let ranks = headings.map { (Self.shared.firstIndex(of: $0) ?? -1) }
      #expect(ranks == ranks.sorted(), "\(way): \(headings)")
      #expect(Set(headings).count == headings.count, "\(way): \(headings)")
      let ungrouped = (command.arguments ?? []).filter { $0.kind != "positional" && $0.sectionTitle == nil }
      #expect(ungrouped.flatMap(\.spellings) == ["--version", "-h", "--help"], "\(way)")
    }
  }

  @Test func `help fits 80 columns`() throws {
    for (way, _, page) in try #require(Self.pages) {
      for line in page.output.split(separator: "\n") where line.count > 80 {
        Issue.record("\(way): \(line)")
      }
    }
  }

  @Test func `all ways to ask lead to the same page`() throws {
    for (way, command, page) in try #require(Self.pages) where !way.isEmpty {
      #expect(page.status == .success)
      #expect(page.output.contains("USAGE: stflash \(way.joined(separator: " "))"))
      #expect(bench.run(way + ["--help"]) == page)
      #expect(bench.run(["--help"] + way) == page)
      #expect(bench.run(["--json", "help"] + way) == page)
      if way.count > 1 { #expect(bench.run([way[0], "help"] + way.dropFirst()) == page) }
      if command.subcommands != nil && !(command.subcommands ?? []).isEmpty {
        #expect(bench.run(way + ["help"]) == page)
      }
    }
  }

  @Test(
    arguments: zip(
      [
        "help wriet", "help sim sevre", "sim help sevre", "--sim stm32f407vg help sim sevre", "help frobnicate",
        "help sim frobnicate",
      ],
      [
        "try: stflash help write\n", "try: stflash help sim serve\n", "try: stflash help sim serve\n",
        "try: stflash help sim serve\n",
        "The commands are write, verify", "The commands are sim list, sim faults",
      ]))
  func `help for what there is not is no help`(line: String, advice: String) {
    let outcome = bench.run(line)
    #expect(outcome.status == .usage)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("there is no command"), "\(outcome.error)")
    #expect(outcome.error.contains(advice), "\(outcome.error)")
  }
}
