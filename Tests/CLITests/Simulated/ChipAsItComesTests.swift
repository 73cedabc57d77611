import Testing

@testable import stflash

/// Option bytes of a chip as it comes, and boards that have been on for a while.
@Suite struct ChipAsItComesTests {
  private let desk = SimulatedDesk()

  private static let settings: [(chip: String, options: String, shown: [String])] = [
    ("stm32f429zi", "BFB2=1 WDG_SW=0 nRST_STOP=0", ["BFB2", "WDG_SW", "nRST_STOP"]),
    ("stm32f429zg", "DB1M=1 WRP=12,14", ["DB1M", "nWRP"]),
    ("stm32f412ce", "PCROP=1-2 BOR_LEV=2", ["SPRMOD", "BOR_LEV"]),
    ("stm32f407vg", "nRST_STDBY=0 WRP=0,5-8", ["nRST_STDBY", "nWRP"]),
    ("stm32f407vg", "OPTCR=0x0FFEAAC1", ["nWRP", "WDG_SW", "BOR_LEV"]),
    ("stm32f429zi", "OPTCR1=0x0FFE0000", ["nWRP"]),
  ]

  /// Each field's row as `option` prints it, without its bits' places.
  private func fields(_ outcome: CommandLineBench.Outcome) -> Set<Substring> {
    Set(outcome.output.split(separator: "\n"))
  }

  @Test(arguments: settings.indices) func `options are shown as the chip has come`(index: Int) throws {
    let (chip, options, shown) = Self.settings[index]
    let words = options.split(separator: " ").map { "--sim-option \($0)" }.joined(separator: " ")
    let factory = desk.run("--sim \(chip) option")
    let outcome = desk.run("--sim \(chip) \(words) option")
    #expect(outcome.status == .success, "\(outcome.error)")
    let changed = fields(outcome).subtracting(fields(factory)).joined(separator: "\n")
    for name in shown { #expect(changed.contains(name), "\(name): \(changed)") }
  }

  @Test func `what they forbid is told, and what they allow is done`() throws {
    try desk.directory.write("fw.bin", Array(repeating: 0x5A, count: 3000))
    let write = "write --as-is @fw.bin 0x08000000"
    #expect(desk.run("--sim stm32f407vg --sim-option RDP=1 \(write)").status == .protected)
    #expect(desk.run("--sim stm32f407vg --sim-option RDP=2 info").status == .noTarget)
    #expect(desk.run("--sim stm32f407vg --sim-option WRP=0 \(write)").status == .protected)
    #expect(desk.run("--sim stm32f407vg --sim-option WRP=3 \(write)").status == .success)
    #expect(desk.run("--sim stm32f407vg --sim-option BOR_LEV=1 --sim-voltage 2.2 info").status == .noTarget)
    #expect(desk.run("--sim stm32f429zi --sim-option BFB2=1 --sim-option WDG_SW=0 \(write)").status == .success)
    #expect(desk.run("--sim stm32f412ce --sim-option PCROP=0 \(write)").status == .protected)
  }

  @Test(arguments: [
    ("RDP=3", "does not fit RDP"), ("RDP", "is no option with its value"), ("BOR_LEV=off", "does not fit BOR_LEV"),
    ("WRP=", "does not fit WRP"), ("WRP=5-", "does not fit WRP"), ("WRP=7-5", "does not fit WRP"),
    ("WRP=12", "the chip has no sector 12"), ("BFB2=1", "the chip has no BFB2"), ("DB1M=0", "the chip has no DB1M"),
    ("PCROP=0", "the chip has no PCROP"), ("OPTCR1=0x0", "the chip has no OPTCR1"), ("OPTCR=1", "does not fit OPTCR"),
    ("nWRP=0", "is no option with its value"),
  ])
  func `what the chip does not have is refused`(option: String, words: String) {
    let outcome = desk.run("--sim stm32f407vg --sim-option \(option) info")
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test func `option cells that do not program are told`() {
    for change in ["option BOR_LEV=2.4V", "protect --sectors 1", "option WDG_SW=0"] {
      let outcome = desk.run("--sim stm32f407vg --sim-fault options-dead \(change)")
      #expect(outcome.status != .success, "\(change): \(outcome.error)")
    }
  }

  @Test func `a firmware has run for as long as the board has been on`() throws {
    try desk.directory.write("hello.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/hello.bin")))
    #expect(
      desk.run("--sim stm32f4discovery --sim-state @a.state write @hello.bin 0x08000000").status == .success)
    // It counts milliseconds at the start of its RAM; that it sleeps costs the look at it half a second more.
    func ticks(_ time: String) -> Int {
      let outcome = desk.run("--sim stm32f4discovery --sim-state @a.state --sim-on-for \(time) peek 0x20000000")
      let word = outcome.output.split(whereSeparator: \.isWhitespace).dropFirst().first ?? ""
      return Int(word.filter { $0 != "_" }.dropFirst(2), radix: 16) ?? 0
    }
    #expect((1900...2000).contains(ticks("2s") - ticks("50ms")))
  }
}
