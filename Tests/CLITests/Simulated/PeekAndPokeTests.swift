import Testing

@testable import stflash

/// `peek` and `poke`, while the program runs on.
struct PeekAndPokeTests {
  private let desk = SimulatedDesk()

  private func run(_ line: String) -> CommandLineBench.Outcome { desk.run("--sim stm32f407vg --sim-state @s \(line)") }

  @Test func `a register is shown by its name with every field`() {
    let identity = run("peek dbgmcu_idcode")
    #expect(identity.status == .success)
    #expect(
      identity.output == """
        DBGMCU_IDCODE  0xE004_2000  0x1001_6413
          DEV_ID  11:0   0x413
          REV_ID  31:16  0x1001

        """)
    #expect(run("peek FLASH_CR").output.contains("  LOCK   31   1\n"))
    #expect(run("peek FLASH_KEYR 4").output.contains("FLASH_CR       0x4002_3C10  0x8000_0000  LOCK\n"))
  }

  @Test func `memory is shown in the width that is asked for`() throws {
    try desk.directory.write("fw.bin", [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF])
    #expect(run("write @fw.bin 0x08000000").status == .success)
    #expect(run("peek 0x08000000 3").output == "0x0800_0000  0x2000_1000 0x0800_0009 0xBF00_E7FE\n")
    #expect(run("peek 0x08000008 2 --width 16").output == "0x0800_0008  0xE7FE 0xBF00\n")
    #expect(run("peek 0x08000009 --width 8").output == "0x0800_0009  0xE7\n")
    let closed = run("--json peek 0x08000000")
    #expect(closed.output.contains(#"{"event":"closed","core":"running""#), "\(closed.output)")
    #expect(closed.output.contains(#""values":[536875008],"registers":[]"#), "\(closed.output)")
  }

  @Test func `what is poked is there, and a neighbour is not touched`() {
    for (line, shown) in [
      ("poke 0x20000100 0x11223344 0xFFFFFFFF", "0x2000_0100  0x1122_3344 0xFFFF_FFFF\n"),
      ("poke 0x20000101 0xAB --width 8", "0x2000_0101  0xAB\n"),
      ("poke 0x20000102 0x5566 --width 16", "0x2000_0102  0x5566\n"),
    ] {
      #expect(run(line).output.hasSuffix(shown), "\(line)")
    }
    #expect(
      desk.run("--sim stm32f407vg poke IWDG_RLR 0x123").status == .success, "a register by its name")
    // USART2_DR: a read takes the byte that was received away.
    let port = run("-vv poke 0x40004404 0x41")
    #expect(port.output == "wrote 0x0000_0041 to 0x4000_4404; not read back, as a read may change a register\n")
    // READDEBUGREG and the memory reads of that address.
    #expect(!port.error.contains("f2 36 04 44 00 40") && !port.error.contains("f2 07 04 44 00 40"))
  }

  @Test(
    arguments: zip(
      [
        "poke FLASH_OPTCR 0xCCEE", "poke 0x40023C15 0xCC --width 8", "poke FLASH_OPTKEYR 0x08192A3B",
        "poke 0x40023C10 0 0xCCEE", "poke 0x424782A4 1", "poke 0x08000000 0", "poke 0x1FFF7800 0", "poke 0x1FFFC000 0",
        "peek 0x20000002", "poke 0x20000001 1 --width 16",
      ],
      [
        "option registers", "option registers", "option registers", "option registers", "option registers", "is flash",
        "is flash", "is flash", "no multiple of 4", "no multiple of 2",
      ])) func `what a single write could ruin, and what no access reaches, is refused`(line: String, reason: String)
  {
    let outcome = run(line)
    #expect(outcome.status == .usage)
    #expect(outcome.error.contains(reason), "\(outcome.error)")
  }

  @Test(arguments: ["peek", "peek NOSUCH", "peek 0x20000000 0", "poke 0x20000000", "poke 0x20000000 256 --width 8"])
  func `what makes no sense is refused without a chip`(line: String) {
    #expect(CommandLineBench().run(line).status == .usage)
  }

  @Test func `a register that is not known is told by its nearest`() {
    #expect(run("peek FLASH_SX").error.contains("perhaps FLASH_SR"))
    #expect(run("poke QWERTYUIOP 1").error.contains("its address does it too"))
  }

  @Test func `a bus error says what it means`() {
    for line in ["peek 0x60000000", "poke 0x60000000 1", "peek 0x60000000 --width 8"] {
      let outcome = run(line)
      #expect(outcome.status == .noTarget || outcome.status == .flash, "\(outcome)")
      #expect(outcome.error.contains("neither memory nor a register at that address"), "\(outcome.error)")
    }
  }
}
