import Testing

@testable import stflash

/// What README.md shows is what the program prints, and what it says to type is understood.
struct ReadmeTests {
  private static let files = [
    "board.sim", "blink.elf", "back.bin", "hello.bin", "executable.bin", "two-megabyte.bin", "firmware.bin",
    "firmware.elf",
    "firmware.hex", "session.pcapng", "bug.zip", "voices.elf",
  ]

  private let desk = SimulatedDesk()

  /// A command line that README shows, with the lines below it.
  private struct Session {
    var line: String
    var shown: [String]
  }

  private static func sessions() throws -> [Session] {
    let page = String(decoding: try FileSystem().read(SimulatedDesk.path("README.md")), as: UTF8.self)
    var sessions: [Session] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```console"
      } else if isInside, line.hasPrefix("$ ") {
        sessions.append(Session(line: String(line.prefix { $0 != "#" }.dropFirst(2)), shown: []))
      } else if isInside, !sessions.isEmpty {
        sessions[sessions.count - 1].shown.append(String(line))
      }
    }
    return sessions
  }

  private func run(_ line: String) -> CommandLineBench.Outcome {
    var outcome = desk.run(
      line.split(separator: " ").dropFirst().map(String.init).map {
        Self.files.contains($0) ? desk.directory.file($0) : $0
      })
    for file in Self.files { outcome.screen = outcome.screen.replacing("@" + file, with: file) }
    return outcome
  }

  private func prepare() throws {
    for name in ["blink.elf", "hello.bin", "voices.elf"] {
      try desk.directory.write(name, try FileSystem().read(SimulatedDesk.fixture("firmware/\(name)")))
    }
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    for name in ["executable.bin", "firmware.bin"] { try desk.directory.write(name, start) }
    try desk.directory.write("two-megabyte.bin", start + [UInt8](repeating: 1, count: (2 << 20) - start.count))
    try desk.directory.write("firmware.elf", try desk.read("blink.elf"))
  }

  @Test func `the sessions are what the program prints`() throws {
    try prepare()
    var comparedCount = 0
    for session in try Self.sessions()
    where session.line.hasPrefix("stflash --sim") && session.shown.contains(where: { !$0.isEmpty }) {
      let screen = run(session.line).screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
        String.init)
      // What `make demo` says itself stands behind an empty line.
      #expect(Array(session.shown.prefix(screen.count)) == screen, "\(session.line)")
      let rest = session.shown.dropFirst(screen.count).filter { !$0.isEmpty && !$0.hasPrefix("back.bin equals") }
      #expect(rest == [], "\(session.line)")
      comparedCount += 1
    }
    #expect(comparedCount >= 8)
  }

  @Test func `the lines without output do what they say`() throws {
    try prepare()
    // What serves, what needs another program, and what needs a board.
    let left = ["sim run", "sim serve", "sim attach", "our.board"]
    for session in try Self.sessions()
    where session.line.hasPrefix("stflash") && !left.contains(where: session.line.contains) {
      guard !session.shown.contains(where: { !$0.isEmpty }), !session.line.contains("jumpers-open") else { continue }
      let outcome = run(session.line)
      let needsBoard =
        !session.line.contains("sim") && !session.line.contains("replay") && !session.line.contains("trace")
      if !needsBoard {
        #expect(outcome.status == .success, "\(session.line): \(outcome.error)")
      } else {
        #expect([.success, .noProbe].contains(outcome.status), "\(session.line): \(outcome.error)")
      }
    }
  }
}
