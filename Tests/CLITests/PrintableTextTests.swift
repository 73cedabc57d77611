import Testing

@testable import stflash

/// What comes from files and devices is shown and never obeyed.
struct PrintableTextTests {
  private static let evil = "a\u{1B}]0;x\u{7}\u{1B}[2Jb\u{9B}31m\u{202E}c\rd"
  private let desk = SimulatedDesk()

  private func isHarmless(_ text: String) -> Bool {
    !text.unicodeScalars.contains { scalar in
      scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
        || scalar == "\u{202E}"
    }
  }

  @Test func `what a terminal would obey is shown by its number`() {
    #expect("a\u{1B}[0m".printable == "a\\u{1B}[0m")
    #expect("tab\tand\nline, und schön".printable == "tab\tand\nline, und schön")
    #expect(isHarmless(Self.evil.printable))
    #expect(isHarmless(JSONValue.string(Self.evil).text))
  }

  @Test func `names of files, lines of board files and arguments carry nothing to a terminal`() throws {
    try desk.directory.write("evil.board", Array("board \(Self.evil)\n".utf8))
    try desk.directory.write("word.board", Array("board stm32f407vg\n\(Self.evil) 1\n".utf8))
    for arguments in [
      ["--sim", "stm32f407vg", "write", Self.evil, "0x08000000"], ["--sim", Self.evil, "info"],
      ["--sim", desk.directory.file("evil.board"), "info"], ["--sim", desk.directory.file("word.board"), "info"],
      ["--sim", "stm32f407vg", "--chip", Self.evil, "info"], ["trace", "show", Self.evil], [Self.evil],
      ["--sim", "stm32f407vg", "diagnose", "--report", "\(Self.evil)/x.zip"],
      ["--sim", "stm32f407vg", "read", "\(Self.evil)/x", "0x08000000", "4"],
    ] {
      for more in [[], ["--json"]] {
        let outcome = desk.run(arguments + more)
        #expect(outcome.status != .success)
        #expect(isHarmless(outcome.screen), "\(arguments.map(\.printable))")
      }
    }
  }

  @Test func `a timeline's title may be any word of the page`() {
    let page = TimelinePage(title: "DATA</title>\u{1B}TITLE", []).html
    #expect(page.contains("<h1>DATA&lt;/title>\\u{1B}TITLE</h1>"))
    #expect(page.contains(#"<script type="application/json" id="spans">[]</script>"#))
  }
}
