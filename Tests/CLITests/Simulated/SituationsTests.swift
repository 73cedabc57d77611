import Foundation
import Testing

@testable import stflash

/// docs/situations.md, row by row.
@Suite struct SituationsTests {
  /// A row of one of the page's tables.
  struct Row: CustomTestStringConvertible {
    var did: String
    var today: String

    var testDescription: String { did }

    /// The command lines that it names, in order.
    var commands: [String] {
      codes(in: did).compactMap { code in
        if code.hasPrefix("S ") { return "--sim stm32f407vg --sim-state st " + code.dropFirst(2) }
        return code.hasPrefix("stflash ") ? String(code.dropFirst("stflash ".count)) : nil
      }
    }

    /// What the last of them prints: what stands between a quotation mark that opens and one that closes.
    var quotes: [String] {
      today.matches(of: /(?:^|[ (])"(.+?)"(?=[,:; ]|$)/).map { String($0.1) }
    }

    var exitCode: Int32 { today.firstMatch(of: /\(exit ([0-9]+)\)/).flatMap { Int32($0.1) } ?? 0 }

    /// The tests that try it otherwise.
    var tests: [String] { codes(in: today).filter { $0.hasSuffix("Tests") || $0.hasSuffix("-check") } }

    private func codes(in text: String) -> [String] { text.matches(of: /`([^`]+)`/).map { String($0.1) } }
  }

  static let rows: [Row] = {
    let page = (try? FileSystem().read(SimulatedDesk.path("docs/situations.md"))) ?? []
    return String(decoding: page, as: UTF8.self).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard line.hasPrefix("| "), cells.count == 2, cells[0] != "did" else { return nil }
      return Row(did: cells[0], today: cells[1])
    }
  }()

  /// What the commands find on the desk, and what they make there.
  private static let files = [
    "fw.bin", "fw.hex", "fives.bin", "fw.gz", "pointer.bin", "page.html", "out.bin", "st",
  ]

  private func desk() throws -> SimulatedDesk {
    let desk = SimulatedDesk()
    let files: [(String, [UInt8])] = [
      ("fw.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin"))),
      ("fw.hex", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.hex"))),
      ("fives.bin", [UInt8](repeating: 0x55, count: 4096)),
      ("fw.gz", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 64)),
      ("pointer.bin", Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n".utf8)),
      ("page.html", Array("<html><body>404</body></html>".utf8)),
    ]
    for (name, bytes) in files { try desk.directory.write(name, bytes) }
    return desk
  }

  @Test func `the page has its rows`() {
    #expect(Self.rows.count > 45)
    #expect(Self.rows.count { !$0.commands.isEmpty } > 30)
  }

  @Test(arguments: SituationsTests.rows.filter { !$0.commands.isEmpty })
  func `a row says what its commands print`(row: Row) throws {
    let desk = try desk()
    var last: CommandLineBench.Outcome?
    for command in row.commands {
      let words = command.split(separator: " ").map(String.init)
      last = desk.run(words.map { Self.files.contains($0) ? desk.directory.file($0) : $0 })
    }
    let outcome = try #require(last)
    #expect(outcome.status.rawValue == row.exitCode)
    #expect(!row.quotes.isEmpty)
    // Lines are folded where a terminal ends.
    let printed = plain(outcome.output + outcome.error)
    for quote in row.quotes { #expect(printed.contains(plain(quote)), "\(quote) is not in:\n\(printed)") }
  }

  private func plain(_ text: String) -> String {
    text.replacing("@", with: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test func `a row without commands names a test that there is`() throws {
    let tests = try FileManager.default.subpathsOfDirectory(atPath: SimulatedDesk.path("Tests"))
    let sources = tests.filter { $0.hasSuffix(".swift") }.compactMap {
      try? String(contentsOfFile: SimulatedDesk.path("Tests/\($0)"), encoding: .utf8)
    }
    for row in Self.rows {
      #expect(!row.commands.isEmpty || !row.tests.isEmpty, "\(row.did)")
      for name in row.tests where name.hasSuffix("Tests") {
        #expect(sources.contains { $0.contains("struct \(name)") }, "\(row.did): \(name)")
      }
    }
  }
}
