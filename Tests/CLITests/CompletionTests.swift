import Testing

@testable import stflash

/// What the program answers to a shell that completes; the shells themselves: scripts/test-completions.
struct CompletionTests {
  /// Made once: in debug builds it takes a while.
  private static let root = Result { try #require(KnownCommand.root) }

  private func candidates(_ line: String, bus: StandInBus = StandInBus()) throws -> [String] {
    let completer = CommandLineCompleter(root: try Self.root.get(), values: CompletionValues(bus: bus))
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    return completer.answer(to: words).map { String($0.prefix { $0 != "\t" }) }
  }

  @Test func `a shell is answered with candidates and what they mean`() {
    let outcome = CommandLineBench().run(["---complete", "--json", "ver"])
    #expect(outcome.status == .success)
    #expect(outcome.output == "verify\tCompare the chip with a firmware.\n")
    #expect(outcome.error == "")
  }

  @Test(
    arguments: zip(
      [
        "wr", "--json wr", "--sim stm32f407vg wr", "--sim=stm32f407vg -v wr", "sim fau", "--json sim --quiet fau",
        "write --connect-u", "--connect-u", "write fw.bin --form", "write --format sr", "--format=sr",
        "read --area opt", "--sim nucleo-f207", "write fw.bin --sim=nucleo-f207",
        "trace replay --against sim:nucleo-f207",
        "--sim-fault jumpers", "--sim-probe v2-1", "--sim-boot sr",
        "sim run --carrier f", "trace sh",
        "nonsense ", "write --bogus=",
      ],
      [
        ["write"], ["write"], ["write"], ["write"], ["faults"], ["faults"],
        ["--connect-under-reset"], ["--connect-under-reset"], ["--format"], ["srec"], ["--format=srec"],
        ["option", "option2", "optcr", "optcr1", "option_boot_add"], ["nucleo-f207zg", ":files board"],
        ["--sim=nucleo-f207zg", ":files board"], ["sim:nucleo-f207zg"],
        ["jumpers-open"], ["v2-1", "v2-1-old"], ["sram"], ["fuse"], ["show"], [],
        [], [],
      ]))
  func `what can stand at a place is offered there`(line: String, expected: [String]) throws {
    if line == "nonsense " {
      #expect(try candidates(line).contains("write"), "a word that is no verb leaves the verbs")
    } else {
      #expect(try candidates(line) == expected)
    }
  }

  @Test func `files are offered by kind`() throws {
    let image = try candidates("write ").last ?? ""
    #expect(image.hasPrefix(":files "))
    #expect(image.split(separator: " ").contains("elf"))
    #expect(try candidates("--sim-state ") == [":files"])
    #expect(try candidates("sim run -- st-in") == [":files"])
  }

  @Test func `plugged probes are offered by their serials`() throws {
    var bus = StandInBus()
    bus.probes = [PluggedProbe(name: "ST-LINK/V2-1", usbID: "0483:374b", serial: "066A", location: "1-2")]
    #expect(try candidates("--serial ", bus: bus) == ["066A"])
    #expect(try candidates("info -s 066", bus: bus) == ["066A"])
  }

  @Test func `every option that a command declares is offered behind its verb, and before any`() throws {
    let root = try Self.root.get()
    let everywhere = Set(try candidates("-"))
    for verb in root.subcommands ?? [] where verb.subcommands == nil && verb.commandName != "help" {
      let declared = Set((verb.arguments ?? []).flatMap(\.spellings))
      #expect(try Set(candidates("\(verb.commandName) -")) == declared)
      #expect(declared.isSubset(of: everywhere))
    }
  }
}
