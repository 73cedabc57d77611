import Testing

@testable import stflash

/// `trace show`, `trace diff` and `trace replay` on whole command lines.
struct TraceCommandTests {
  private let desk = SimulatedDesk()

  private func record(_ file: String, _ line: String, target: String = "nucleo-f207zg") {
    let words = line.replacing("FIRMWARE", with: SimulatedDesk.fixture("firmware/blink.srec"))
    #expect(desk.run("--sim \(target) --record @\(file) \(words)").status == .success)
  }

  @Test func `a write shows its erase by register and field names`() {
    record("s.pcapng", "write FIRMWARE --erase-all --no-loader")
    let shown = desk.run("trace show @s.pcapng").output
    #expect(shown.contains("FLASH_KEYR 4 bytes <- 0x45670123 [KEY1]"))
    #expect(shown.contains("FLASH_CR 4 bytes <- 0x0001020A [SER SNB=1 PSIZE=x32 STRT]"))
    #expect(shown.contains("... "))
    #expect(shown.hasPrefix("# 0483:374b, STM32 STLink, 064BFF343339415043114433, "))
    #expect(shown.contains("# chip: STM32F205/207/215/217"))
  }

  @Test func `a listing without times does not depend on them`() {
    record("a.pcapng", "info")
    record("b.pcapng", "info --freq 1800k")
    func lines(_ file: String) -> Set<Substring> {
      Set(desk.run("trace show --no-times @\(file)").output.split(separator: "\n").filter { !$0.hasPrefix("#") })
    }
    #expect(
      lines("a.pcapng").symmetricDifference(lines("b.pcapng")) == [
        "SWD_SET_FREQ divisor 0 OK", "SWD_SET_FREQ divisor 1 OK",
      ])
  }

  @Test func `the raw text is a recording like the file that it was made from`() throws {
    record("s.pcapng", "write FIRMWARE")
    let raw = desk.run("trace show --raw @s.pcapng")
    #expect(raw.status == .success)
    try desk.directory.write("s.txt", Array(raw.output.utf8))
    let firmware = SimulatedDesk.fixture("firmware/blink.srec")
    #expect(desk.run("--replay @s.txt write \(firmware)") == desk.run("--replay @s.pcapng write \(firmware)"))
    #expect(desk.run("trace diff @s.txt @s.pcapng").status == .success)
    #expect(desk.run("trace show @s.txt") == desk.run("trace show @s.pcapng"))
  }

  @Test func `everything that was read from memory is shown in full on demand`() throws {
    record("s.pcapng", "read @out.bin 0x08000000 64")
    #expect(desk.run("trace show --full @s.pcapng").output.contains("08000030  FF FF FF FF"))
  }

  @Test func `figures name commands, pauses and the slowest`() {
    record("s.pcapng", "write FIRMWARE")
    let shown = desk.run("trace show --stats @s.pcapng").output
    for wanted in ["READMEM32", "longest pauses", "slowest operations", "bytes out"] {
      #expect(shown.contains(wanted), "\(wanted)")
    }
  }

  @Test func `recordings that differ part at an operation and a byte`() {
    record("a.pcapng", "erase --sector 1 --no-loader")
    record("b.pcapng", "erase --sector 2 --no-loader")
    let outcome = desk.run("trace diff @a.pcapng @b.pcapng")
    #expect(outcome.status == .trace)
    #expect(outcome.output.contains("SNB=1"))
    #expect(outcome.output.contains("SNB=2"))
    #expect(outcome.error.contains("byte 0 of transfer"))
  }

  @Test(arguments: ["write FIRMWARE", "erase --all", "info", "reset", "info --connect-under-reset"])
  func `the simulator answers its own recordings as it did`(line: String) {
    record("s.pcapng", line)
    let outcome = desk.run("trace replay --strict @s.pcapng --against sim:nucleo-f207zg")
    #expect(outcome.status == .success, "\(outcome.output)")
    #expect(outcome.output.contains("all answered as recorded"))
  }

  @Test func `another chip's answers are differences, named by operation`() {
    record("s.pcapng", "info")
    let outcome = desk.run("trace replay @s.pcapng --against sim:stm32f405rg")
    #expect(outcome.status == .trace)
    #expect(outcome.output.contains("- READDEBUGREG DBGMCU_IDCODE -> 0x20036411"))
    #expect(outcome.output.contains("+ READDEBUGREG DBGMCU_IDCODE -> 0x10016413"))
  }

  @Test func `a mask rule covers the bytes that it names`() {
    record("s.pcapng", "info")
    let all = "--mask a:in:f2 0-63"
    let outcome = desk.bench.run([
      "trace", "replay", desk.directory.file("s.pcapng"), "--against", "sim:stm32f405rg", "--mask", "any in:f2 0-4096",
      "--mask", "voltage in:f7 0-7",
    ])
    #expect(outcome.status == .success, "\(outcome.output)")
    #expect(desk.run("trace replay @s.pcapng --against sim:stm32f405rg \(all)").status == .usage)
  }

  @Test func `rules in a recording hold without being given`() throws {
    record("s.pcapng", "info")
    let raw = desk.run("trace show --raw @s.pcapng").output.split(separator: "\n", maxSplits: 1)
    try desk.directory.write("s.txt", Array("\(raw[0])\nmask any in:f2 0-4096\n\(raw[1])".utf8))
    #expect(desk.run("trace replay @s.txt --against sim:stm32f405rg").status == .success)
  }

  @Test(arguments: [
    "trace show", "trace show a --raw --full", "trace replay a", "trace replay a --against stm32f405rg",
    "trace diff a", "trace show a --device 1", "trace replay a --against sim:f405 --mask x",
  ])
  func `command lines that make no sense are refused`(line: String) {
    #expect(desk.run(line).status == .usage)
  }

  @Test func `a target that cannot be simulated is refused`() {
    record("s.pcapng", "info")
    #expect(desk.run("trace replay @s.pcapng --against sim:z80").status == .usage)
  }

  @Test func `the timeline is one page with every operation and no address of another one`() throws {
    record("s.pcapng", "erase --no-loader --sector 1")
    #expect(desk.run("trace show @s.pcapng --timeline @page.html").status == .success)
    let page = String(decoding: try desk.read("page.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("FLASH_CR 4 bytes \\u003C- 0x00010"))
    #expect(page.contains(#"["target","#))
    #expect(!page.contains("http"))
  }
}
