import Foundation
import TestSupport
import Testing

@testable import stflash

/// Options of simulated benches against each other and against the older ones: what the documents say of each decides what
/// a line of several has to come to.
///
/// The model below was written from README, docs/simulated-probe.md, docs/bootloaders.md and docs/exit-codes.md.
@Suite struct CrossedOptionsTests {
  /// A word or two of a command line, and what they mean for its end.
  private struct Choice: Sendable {
    let words: String
    /// What of the line it stands in the place of; no two of a kind are in one line.
    let kind: String

    init(_ kind: String, _ words: String) {
      (self.kind, self.words) = (kind, words)
    }
  }

  private static let boards = ["nucleo-f446re", "stm32f407vg", "stm32f412ce", "32f429idiscovery", "nucleo-f207zg"]
  private static let verbs = [
    "info", "write #fw.bin 0x08000000", "read #back.bin 0x08000000 64", "erase --all", "reset", "option",
    "verify #fw.bin 0x08000000",
  ]
  /// What changes nothing in how a line ends, alone or beside others.
  private static let harmless = [
    Choice("on-for", "--sim-on-for 20ms"), Choice("on-for", "--sim-on-for 1500ms"), Choice("wait", "--wait 5s"),
    Choice("option", "--sim-option WDG_SW=0"), Choice("option", "--sim-option BOR_LEV=2"),
    Choice("option", "--sim-option nRST_STOP=0"), Choice("option", "--sim-option WRP=5"),
    Choice("run", "--sim-run 20ms"),
    Choice("run", "--sim-console --sim-run 5ms"), Choice("tty", "--sim-tty USART1=#tty --sim-run 5ms"),
    Choice("output", "--json"), Choice("output", "--quiet"), Choice("output", "-v"),
    Choice("supply", "--sim-voltage 3.0"),
    Choice("pace", "--sim-pace fast"), Choice("state", "--sim-state #s.state"), Choice("vpp", "--sim-vpp"),
    Choice("record", "--record #r.pcapng"), Choice("record", "--record #r.pcapng --record-redact"),
  ]
  /// What is for a probe, and harmless there; beside `--port` it is refused.
  private static let probes = [
    Choice("probe", "--sim-probe v2"), Choice("probe", "--sim-probe v3"), Choice("probe", "--sim-probe v2-old"),
  ]
  private static let attaching = [
    Choice("attach", "--connect-under-reset"), Choice("attach", "--connect-normal"), Choice("freq", "--freq 480k"),
  ]
  /// Firmware that idles: the engine reaches it however rarely it is awake.
  private static let idling = [
    Choice("firmware", "--sim-fault firmware=idle"), Choice("firmware", "--sim-fault firmware=idle=1000/20"),
    Choice("firmware", "--sim-fault firmware=idle=5000/5"), Choice("firmware", "--sim-fault firmware=sleep"),
  ]
  /// What protects.
  private static let protection = [
    Choice("option", "--sim-option RDP=1"), Choice("option", "--sim-option WRP=0"),
  ]
  /// What stands in the way for a while.
  private static let passing = [
    Choice("passing", "--sim-fault nrst-low@..time=1s"), Choice("passing", "--sim-fault jumpers-open@..time=1s"),
  ]
  /// The bootloader's port or USB socket, reachable or not.
  private static let ports = [
    Choice("port", "--port sim --sim-boot system"), Choice("port", "--port sim"),
    Choice("port", "--port sim --sim-adapter rts-boot0 --boot-sequence rts-boot0"),
    Choice("port", "--boot-sequence rts-boot0"), Choice("port", "--port sim --sim-boot system --baud 57600"),
    Choice("port", "--port sim --sim-adapter gpio --boot-sequence 23&-24,24:-23&-24,24"),
    Choice("port", "--dfu --sim-boot system"), Choice("port", "--dfu"), Choice("port", "--dfu --sim-boot sram"),
  ]

  /// How a line has to end.
  private static func expected(_ line: Set<String>, verb: String) -> Set<stflash.ExitStatus> {
    func has(_ part: String) -> Bool { line.contains { $0.contains(part) } }
    let name = verb.split(separator: " ")[0]
    let isUSB = has("--dfu")
    let isPort = has("--port sim") || isUSB
    // "--boot-sequence needs --port"; what is for a probe is refused beside a port.
    if has("--boot-sequence"), !has("--port sim") { return [.usage] }
    if isPort, has("--connect-under-reset") || has("--connect-normal") || has("--freq") { return [.usage] }
    if isPort, !has("--sim-boot system"), !has("--sim-adapter") { return isUSB ? [.noProbe] : [.noTarget] }
    // What is over after a second is over when the board has been on for longer.
    let isWaitedFor = has("--wait") || has("--sim-on-for 1500ms")
    if has("jumpers-open"), !isPort, !isWaitedFor { return [.noTarget] }
    var end = ending(name, isLevelOne: has("RDP=1"), isSectorProtected: has("WRP="), isFirstProtected: has("WRP=0"))
    // A reset button that is held for a second may be let go while a command tries by itself.
    if has("nrst-low"), !isWaitedFor { end.formUnion(isUSB ? [.noProbe] : [.noTarget, .timeout]) }
    // A bootloader does nothing at level 1 but take that off.
    if isPort, has("RDP=1"), ["option", "reset"].contains(name) {
      return end.subtracting([.success]).union([.protected])
    }
    // A chip that never wakes lets nobody in without a reset, which looking does not make.
    let resets = !["info", "option"].contains(name) && !has("--connect-normal") || has("--connect-under-reset")
    if has("firmware=sleep"), !isPort, !resets { end.formUnion([.noTarget, .timeout]) }
    // A bootloader starts a program, and a blank chip has none.
    if isPort, name == "reset", !has("firmware=") { end.insert(.notRunning) }
    return end
  }

  private static func ending(
    _ verb: Substring, isLevelOne: Bool, isSectorProtected: Bool, isFirstProtected: Bool
  ) -> Set<stflash.ExitStatus> {
    switch verb {
    case "write": isLevelOne || isFirstProtected ? [.protected] : [.success]
    case "erase": isLevelOne || isSectorProtected ? [.protected] : [.success]
    case "read": isLevelOne ? [.protected] : [.success]
    // The chip holds something else, or nothing.
    case "verify": isLevelOne ? [.protected] : [.verify]
    default: [.success]
    }
  }

  private let desk = SimulatedDesk()

  /// Runs a line in which `#` stands for the desk's directory, so that `@` can be a moment's.
  private func run(_ line: String) -> CommandLineBench.Outcome {
    desk.run(
      line.split(separator: " ").map { word in
        word.split(separator: "#", omittingEmptySubsequences: false).joined(separator: desk.directory.path + "/")
      })
  }

  /// A line of a board, a verb, and one to five choices, no two of a kind.
  private func line(_ random: inout SeededGenerator) -> (words: [String], verb: String) {
    let groups = [
      Self.harmless, Self.harmless, Self.harmless, Self.probes, Self.attaching, Self.idling, Self.idling,
      Self.protection, Self.passing, Self.ports,
    ]
    var chosen: [String: String] = [:]
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      guard let choice = groups.randomElement(using: &random)?.randomElement(using: &random) else { continue }
      chosen[choice.kind] = chosen[choice.kind] ?? choice.words
    }
    let board = Self.boards.randomElement(using: &random) ?? ""
    let verb = Self.verbs.randomElement(using: &random) ?? ""
    return (["--sim \(board)"] + chosen.values.sorted(), verb)
  }

  @Test func `lines of several options end as the documents say of each`() throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["STFLASH_SEED"].flatMap { UInt64($0) } ?? 12
    let count = environment["STFLASH_LONG_TESTS"] == nil ? 8 : 200
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    try desk.directory.write("fw.bin", start + Array(repeating: 0x5A, count: 500))
    var random = SeededGenerator(seed: seed)
    for _ in 0..<count {
      let (words, verb) = line(&random)
      for file in ["s.state", "back.bin", "r.pcapng"] {
        try? FileManager.default.removeItem(atPath: desk.directory.path + "/" + file)
      }
      let outcome = run(words.joined(separator: " ") + " " + verb)
      let expected = Self.expected(Set(words), verb: verb)
      #expect(
        expected.contains(outcome.status),
        "STFLASH_SEED=\(seed): \(words.joined(separator: " ")) \(verb)\n\(outcome.status), not \(expected)\n\(outcome.screen)"
      )
      if outcome.status == .success, verb.hasPrefix("write"), words.contains(where: { $0.contains("s.state") }) {
        let board = words[0]
        #expect(
          run("\(board) --sim-state #s.state verify #fw.bin 0x08000000").status == .success, "STFLASH_SEED=\(seed)")
      }
    }
  }
}
