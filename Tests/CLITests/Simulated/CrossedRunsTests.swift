import Foundation
import TestSupport
import Testing

@testable import stflash

/// `run` and `attach` against the options of simulated benches and the older ones: what the documents say of each decides
/// what a line of several has to come to.
///
/// The model below was written from docs/running.md, README, docs/bootloaders.md and docs/exit-codes.md.
@Suite struct CrossedRunsTests {
  /// A word or two of a command line; no two of a kind are in one line.
  private struct Choice: Sendable {
    let kind: String
    let words: String

    init(_ kind: String, _ words: String) {
      (self.kind, self.words) = (kind, words)
    }
  }

  /// A program, by the name of its file, and what becomes of it with a debugger behind it.
  private struct Program: Sendable {
    let name: String
    /// What follows the vector table.
    let code: [UInt8]
    let end: stflash.ExitStatus
  }

  /// SYS_EXIT with ADP_Stopped_ApplicationExit; a loop; BKPT 1; UDF 0.
  private static let programs = [
    Program(
      name: "exit.bin", code: [0x18, 0x20, 0x01, 0x49, 0xAB, 0xBE, 0xFE, 0xE7, 0x26, 0x00, 0x02, 0x00], end: .success),
    Program(name: "spin.bin", code: [0xFE, 0xE7, 0x00, 0xBF], end: .timeout),
    Program(name: "stop.bin", code: [0x01, 0xBE, 0xFE, 0xE7], end: .stopped),
    Program(name: "fault.bin", code: [0x00, 0xDE, 0xFE, 0xE7], end: .faulted),
  ]
  private static let boards = ["nucleo-f446re", "stm32f407vg", "stm32f412ce", "32f429idiscovery", "nucleo-f207zg"]
  /// What changes nothing in how a line ends, alone or beside others.
  private static let harmless = [
    Choice("on-for", "--sim-on-for 20ms"), Choice("on-for", "--sim-on-for 1500ms"), Choice("wait", "--wait 5s"),
    Choice("option", "--sim-option WDG_SW=0"), Choice("option", "--sim-option BOR_LEV=2"),
    Choice("option", "--sim-option nRST_STOP=0"), Choice("option", "--sim-option WRP=5"),
    Choice("run", "--sim-run 20ms"), Choice("run", "--sim-tty USART1=#tty --sim-run 5ms"), Choice("output", "--json"),
    Choice("output", "--quiet"), Choice("output", "-v"), Choice("supply", "--sim-voltage 3.0"),
    Choice("pace", "--sim-pace fast"), Choice("vpp", "--sim-vpp"), Choice("record", "--record #r.pcapng"),
    Choice("probe", "--sim-probe v2"), Choice("probe", "--sim-probe v3"), Choice("attach", "--connect-normal"),
    Choice("freq", "--freq 480k"),
  ]
  /// How the program is listened to, and how it is left.
  private static let listening = [
    Choice("rtt", "--rtt off"), Choice("rtt", "--rtt search"), Choice("serial", "--tty off"), Choice("swo", "--swo"),
    Choice("input", "--input none"), Choice("output", "--plain"), Choice("until", "--until never"),
    Choice("fail", "--fail-on never"), Choice("then", "--then run"), Choice("then", "--then halt"),
    Choice("then", "--then reset"), Choice("on-reset", "--on-reset continue"), Choice("catch", "--no-catch"),
    Choice("semihosting", "--no-semihosting"),
  ]
  /// What decides how a line ends.
  private static let deciding = [
    Choice("option", "--sim-option RDP=1"), Choice("option", "--sim-option WRP=0"),
    Choice("passing", "--sim-fault nrst-low@..time=1s"), Choice("passing", "--sim-fault jumpers-open@..time=1s"),
    Choice("firmware", "--sim-fault firmware=idle"), Choice("firmware", "--sim-fault firmware=sleep"),
    Choice("port", "--port sim --sim-boot system"), Choice("port", "--dfu --sim-boot system"),
    Choice("attach", "--connect-under-reset"), Choice("semihosting", "--no-semihosting"),
  ]

  /// How a line has to end.
  private static func expected(_ line: [String], _ program: Program, attaches: Bool) -> Set<stflash.ExitStatus> {
    func has(_ part: String) -> Bool { line.contains { $0.contains(part) } }
    // "A bootloader cannot listen to a program."
    if has("--port") || has("--dfu") { return [.usage] }
    let isWaitedFor = has("--wait") || has("--sim-on-for 1500ms")
    if has("jumpers-open"), !isWaitedFor { return [.noTarget] }
    var ends: Set<stflash.ExitStatus> = [program.end]
    // "Leave semihosting calls unanswered: the first one stops the program."
    if has("--no-semihosting"), program.end == .success { ends = [.stopped] }
    if attaches {
      // On its own a breakpoint is a hard fault, and no program here has a handler: the core has locked up.
      let alone: stflash.ExitStatus = has("firmware=") || program.end == .timeout ? .timeout : .faulted
      ends = has("--connect-under-reset") && !has("firmware=") ? ends.union([alone]) : [alone]
    } else if has("RDP=1") || has("WRP=0") {
      ends = [.protected]
    }
    // A reset button that is held for a second may be let go while a command tries by itself.
    if has("nrst-low"), !isWaitedFor { ends.formUnion([.noTarget, .timeout]) }
    // A chip that never wakes lets nobody in without a reset.
    let resets = has("--connect-under-reset") || !attaches && !has("--connect-normal")
    if has("firmware=sleep"), !resets { ends.formUnion([.noTarget, .timeout]) }
    return ends
  }

  private let desk = SimulatedDesk()

  /// Runs a line in which `#` stands for the desk's directory, so that `@` can be a moment's.
  private func run(_ line: String) -> CommandLineBench.Outcome {
    desk.run(line.split(separator: " ").map { String($0).replacing("#", with: desk.directory.path + "/") })
  }

  /// One to six choices, no two of a kind.
  private func choices(_ random: inout SeededGenerator, attaches: Bool) -> [String] {
    let groups = [Self.harmless, Self.harmless, Self.listening, Self.listening, Self.deciding]
    var chosen: [String: String] = [:]
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      guard let choice = groups.randomElement(using: &random)?.randomElement(using: &random) else { continue }
      // What a program does whose flash a debugger closes, no document says.
      if attaches, choice.words.contains("RDP=1") { continue }
      chosen[choice.kind] = chosen[choice.kind] ?? choice.words
    }
    return chosen.values.sorted()
  }

  @Test func `run and attach end as the documents say, whatever stands beside them`() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["STFLASH_SEED"].flatMap { UInt64($0) } ?? 12
    let count = environment["STFLASH_LONG_TESTS"] == nil ? 6 : 200
    for program in Self.programs {
      try desk.directory.write(program.name, [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08] + program.code)
    }
    var random = SeededGenerator(seed: seed)
    for _ in 0..<count {
      let program = try #require(Self.programs.randomElement(using: &random))
      let board = "--sim \(try #require(Self.boards.randomElement(using: &random)))"
      let attaches = Bool.random(using: &random)
      var words = choices(&random, attaches: attaches)
      for file in ["s.state", "r.pcapng"] {
        try? FileManager.default.removeItem(atPath: desk.directory.path + "/" + file)
      }
      if attaches, !words.contains(where: { $0.contains("firmware=") }) {
        words.append("--sim-state #s.state")
        let written = run("\(board) --sim-state #s.state --quiet write #\(program.name) 0x08000000")
        try #require(written.status == .success, "\(written.screen)")
      }
      let verb = attaches ? "attach --timeout 200ms" : "run --timeout 200ms #\(program.name) 0x08000000"
      let line = "\(board) \(words.joined(separator: " ")) \(verb)"
      let outcome = run(line)
      let expected = Self.expected(words, program, attaches: attaches)
      #expect(
        expected.contains(outcome.status),
        "STFLASH_SEED=\(seed), \(program.name): \(line)\n\(outcome.status), not \(expected)\n\(outcome.screen)")
    }
  }
}
