import Testing

@testable import SimProbe
@testable import stflash

/// Files that describe a simulated board.
@Suite struct BoardFileTests {
  private let desk = SimulatedDesk()

  private func failure(_ text: String) -> String? {
    do throws(BoardFile.Failure) {
      _ = try BoardFile(text)
      return nil
    } catch {
      return "\(error.line): \(error.text)"
    }
  }

  @Test func `board, probe, supply and faults are read`() throws {
    let file = try BoardFile(
      """
      # ours
      board  stm32f411re   # the chip
      probe  v2-1:V2J33M25
      supply 3V0
      option BOR_LEV=0
      option wrp=0,5-7
      on-for 1.5s

      fault  nrst-open
      fault  vcap-missing=100@command=9
      """)
    #expect(file.target == "stm32f411re")
    #expect(file.probe == "v2-1:V2J33M25")
    #expect(file.supplyMillivolts == 3000)
    #expect(try file.options == [OptionSetting("BOR_LEV=0"), OptionSetting("WRP=0,5-7")])
    #expect(file.onTime == .milliseconds(1500))
    #expect(file.faults.map(\.text) == ["nrst-open", "vcap-missing=100@command=9"])
  }

  @Test(arguments: [
    ("", "0: no line says which board or chip it is"),
    ("board a\nboard b", "2: \"board\" stands there twice"),
    (
      "board a\n\nchip b",
      "3: \"chip\" is none of the words board, probe, supply, option, on-for, fault, crystal, clock, crystal32, pull, led, "
        + "button, com, nrst, vbus, sdram, sram"
    ),
    (
      "board a\ncrystal 25",
      "2: \"crystal 25\" says no part of a board; it is written \"crystal 25M\" (4M to 26M) or \"crystal none\""
    ),
    ("board", "1: it is no word and its value"),
    ("board a b", "1: it is no word and its value"),
    ("supply much\nboard a", "1: not a voltage; write 3.3, 3.3V, 3V3 or 3300mV"),
    ("board a\noption RDP=3", "2: \"3\" does not fit RDP, which takes 0, 1, 2 or the byte as 0x hexadecimal"),
    ("board a\non-for long", "2: not a time; write 2s, 1.5s or 500ms"),
    ("board a\nfault jumper-open", "2: there is no fault \"jumper-open\"; did you mean jumpers-open?"),
  ])
  func `what is not understood is told with its line`(text: String, message: String) {
    #expect(failure(text) == message)
  }

  @Test func `parts of the board are told where they show`() throws {
    try desk.directory.write("hello.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/hello.bin")))
    try desk.directory.write("our.board", Array("board stm32f407vg\nled STATUS=PD12:low\nnrst open\n".utf8))
    let outcome = desk.run("--sim @our.board --sim-run 250ms write @hello.bin 0x08000000")
    #expect(outcome.status == .success, "\(outcome.error)")
    #expect(outcome.output.contains("STATUS (PD12) has changed 2 times"), "\(outcome.output)")
    try desk.directory.write(
      "bad.board", Array("board stm32f407vg\nsdram bank=1,rows=12,columns=8,banks=4,width=16\n".utf8))
    let bad = desk.run("--sim @bad.board info")
    #expect(bad.status == .usage)
    #expect(bad.error.contains("stm32f407vg has no controller for SDRAM"), "\(bad.error)")
  }

  @Test func `--sim takes a board file, and the command line adds to it`() throws {
    try desk.directory.write("our.board", Array("board nucleo-f411re\nsupply 3.0\nfault nrst-open\n".utf8))
    #expect(desk.run("--sim @our.board info").status == .success)
    let outcome = desk.run("--sim @our.board --sim-fault firmware=swd-reused info")
    #expect(outcome.status == .noTarget)
    #expect(outcome.error.contains("target at 3.0") || outcome.error.contains("target at 2.99"))
    try desk.directory.write("bad.board", Array("board nucleo-f411re\nfault nothing\n".utf8))
    let bad = desk.run("--sim @bad.board info")
    #expect(bad.status == .file)
    #expect(bad.error.contains("line 2"))
    #expect(desk.run("--sim @missing.board info").status == .file)
  }
}
