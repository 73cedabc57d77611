import Engine
import Failures
import Foundation
import Testing

@testable import stflash

/// What docs/diagnosis.md shows is what the program prints, and its table of causes is the engine's.
///
/// `STFLASH_UPDATE_GOLDENS=1` in the environment writes both anew; the difference is then reviewed.
@Suite struct DiagnosisPageTests {
  private static let path = SimulatedDesk.path("docs/diagnosis.md")
  private static let fence = "```"
  private static let prompt = "$ stflash "
  private static let files = ["executable.bin", "wrong.bin", "board.sim", "prot.sim", "dry.sim", "loop.sim"]

  private let desk = SimulatedDesk()

  @Test func `the page shows what the program prints`() throws {
    try prepare()
    let page = String(decoding: try FileSystem().read(Self.path), as: UTF8.self)
    let today = withCauses(withSessions(page))
    if ProcessInfo.processInfo.environment["STFLASH_UPDATE_GOLDENS"] != nil {
      try FileSystem().replace(Self.path, with: Array(today.utf8))
    } else {
      #expect(today == page)
    }
  }

  /// Makes the files that the page's command lines name: a firmware, a chip whose write has lost its supply in the
  /// middle, and a chip with a firmware.
  private func prepare() throws {
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    try desk.directory.write("executable.bin", start + Array(repeating: 0x5A, count: 3000))
    let write = "write executable.bin 0x08000000"
    let cut = run("--sim nucleo-f411re --sim-state board.sim --sim-fault unpowered@operation=program:9 \(write)")
    #expect(cut.status == .noTarget)
    try desk.directory.write("wrong.bin", [0x00, 0x10, 0x00, 0x20, 0x09, 0x80, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF])
    #expect(run("--sim nucleo-f411re --sim-state loop.sim \(write)").status == .success)
    #expect(run("--sim stm32f412ce --sim-state dry.sim \(write)").status == .success)
  }

  private func run(_ line: String) -> CommandLineBench.Outcome {
    var outcome = desk.run(
      line.split(separator: " ").map(String.init).map { Self.files.contains($0) ? desk.directory.file($0) : $0 })
    for file in Self.files { outcome.screen = outcome.screen.replacingOccurrences(of: "@" + file, with: file) }
    return outcome
  }

  /// The page with every session of one command performed anew.
  private func withSessions(_ page: String) -> String {
    var lines: [String] = []
    var isInSession = false
    for line in page.components(separatedBy: "\n") {
      if line == Self.fence { isInSession = false }
      if isInSession { continue }
      lines.append(line)
      guard line.hasPrefix(Self.prompt) else { continue }
      isInSession = true
      let screen = run(String(line.dropFirst(Self.prompt.count))).screen
      lines += screen.components(separatedBy: "\n").dropLast()
    }
    return lines.joined(separator: "\n")
  }

  /// The page with the engine's causes as the table at its end.
  private func withCauses(_ page: String) -> String {
    let head = "| Identifier | Cause | What decides |\n|---|---|---|\n"
    let rows = FailureCause.allCases.map {
      "| `\($0.rawValue)` | \($0.title) | \($0.check ?? "the message itself") |\n"
    }
    return page.components(separatedBy: head)[0] + head + rows.joined()
  }
}
