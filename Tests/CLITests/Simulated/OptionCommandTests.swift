import Testing

@testable import stflash

/// `option`, `protect` and `unprotect`, as somebody types them.
struct OptionCommandTests {
  private let desk = SimulatedDesk()

  private func run(_ chip: String, _ line: String) -> CommandLineBench.Outcome {
    desk.run("--sim \(chip) --sim-state @s \(line)")
  }

  @Test func `every field is shown with value, bits and meaning, at level 1 too`() {
    let open = run("nucleo-f446re", "option")
    #expect(open.status == .success)
    #expect(open.output.contains("BOR_LEV     off          0b11  nothing but the power-down reset"), "\(open.output)")
    #expect(open.output.contains("\nOPTCR       0x0FFF_AAED\n"), "\(open.output)")
    #expect(run("nucleo-f446re", "protect --read").status == .success)
    let closed = run("nucleo-f446re", "option")
    #expect(closed.status == .success)
    #expect(closed.output.contains("RDP         level1       0x55"), "\(closed.output)")
    #expect(closed.output.contains("what is stored cannot be read"), "\(closed.output)")
    #expect(run("nucleo-f446re", "--json option").output.contains(#""storedRegisters":null"#))
  }

  @Test func `a plan shows before, after, when it acts and what it costs, and touches nothing`() {
    let plan = run("nucleo-f446re", "option BOR_LEV=2.4V WDG_SW=0 --plan")
    #expect(plan.status == .success)
    for text in [
      "BOR_LEV  off (0b11)    2.4V (0b01)   with the reset that follows",
      "WDG_SW   software (1)  hardware (0)  with the reset that follows", "about 0.36 s", "nothing was touched",
      "power lost in that moment leaves read protection at level 1 and PCROP on every sector",
    ] {
      #expect(plan.output.contains(text), "\(text) in \(plan.output)")
    }
    #expect(run("nucleo-f446re", "option").output.contains("BOR_LEV     off"))
  }

  @Test func `a change is stored and loaded, and info and diagnose tell it`() {
    let done = run("nucleo-f446re", "option BOR_LEV=2.4V nRST_STOP=0")
    #expect(done.status == .success, "\(done.error)")
    #expect(done.output.hasPrefix("set BOR_LEV=2.4V, nRST_STOP=reset in STM32F446, read back and loaded, in "))
    #expect(done.error.contains("keep the power on"))
    #expect(run("nucleo-f446re", "info").output.contains("options    BOR_LEV=2.4V, nRST_STOP=reset\n"))
    #expect(run("nucleo-f446re", "diagnose").output.contains("brown-out reset below 2.4 V (level 2)"))
    let again = run("nucleo-f446re", "option BOR_LEV=2.4V")
    #expect(again.output.contains("has that already: nothing was changed"))
  }

  @Test func `what erases and what is for ever has to be said`() {
    let chip = "stm32f407vg"
    #expect(run(chip, "protect --read").status == .success)
    let refused = run(chip, "option RDP=level0")
    #expect(refused.status == .usage)
    #expect(refused.error.contains("that erases the whole flash"))
    #expect(refused.error.contains("sectors 0-11 lose their content, 0x0800_0000 to 0x080F_FFFF"), "\(refused.error)")
    #expect(refused.error.contains("try: Allow the erase (--erase-everything)"))
    #expect(run(chip, "option RDP=level0 --plan").output.contains("needs --erase-everything\n"))
    let opened = run(chip, "option RDP=level0 --erase-everything")
    #expect(opened.output.hasPrefix("erased the flash and set RDP=level0"), "\(opened.screen)")
    let closed = run(chip, "option RDP=level2")
    #expect(closed.status == .usage)
    #expect(closed.error.contains(#"try: If it is meant, allow it: --irreversible "RDP level 2""#))
    #expect(run(chip, "option RDP=level2 --irreversible level2").status == .usage)
  }

  @Test func `level 2 is said before, and told afterwards`() {
    let words = ["--sim", "stm32f407vg", "--sim-state", desk.directory.file("s"), "option", "RDP=level2"]
    let plan = desk.run(words + ["--plan"])
    #expect(plan.output.contains("cannot be undone: RDP level 2 is for ever"))
    #expect(plan.output.contains(#"needs --irreversible "RDP level 2""#))
    let done = desk.run(words + ["--irreversible", "RDP level 2"])
    #expect(done.status == .success, "\(done.error)")
    #expect(done.output.contains("which counts when the chip is switched off and on"), "\(done.output)")
    #expect(run("stm32f407vg", "info").status == .noTarget)
  }

  @Test func `sectors are protected one after the other, and freed at once`() {
    let chip = "stm32f411re"
    #expect(run(chip, "protect --sectors 0-1 --plan").output.contains("nWRP0-7  none (0xFF)  0-1 (0xFC)  at once"))
    #expect(run(chip, "protect --sectors 0-1").status == .success)
    let second = run(chip, "protect --sectors 3")
    #expect(second.output.contains("set nWRP0-7=0-1,3 in"), "\(second.output)")
    #expect(run(chip, "info").output.contains("write-protected sectors: 0, 1, 3"))
    #expect(run(chip, "erase --sector 3").status == .protected)
    #expect(run(chip, "unprotect --sectors --plan").output.contains("0-1,3 (0xF4)  none (0xFF)"))
    #expect(run(chip, "unprotect --sectors").output.contains("took the write protection off sectors 0-1,3 of"))
    #expect(run(chip, "erase --sector 3").status == .success)
  }

  @Test func `BFB2 with an empty bank 2 is warned of, and a BOR level above the supply refused`() {
    let swapped = run("stm32f429zi", "option BFB2=1")
    #expect(swapped.status == .success)
    #expect(swapped.error.contains("bank 2 holds no program at 0x0810_0000"), "\(swapped.error)")
    #expect(swapped.output.contains("in the ROM bootloader, which has found no program to start"), "\(swapped.output)")
    #expect(run("stm32f429zi", "info").output.contains("start      from bank 2"))
    let low = desk.run("--sim stm32f407vg --sim-voltage 2.5 option BOR_LEV=2.4V")
    #expect(low.status == .usage)
    #expect(low.error.contains("the chip would never start again"), "\(low.error)")
  }

  @Test(
    arguments: [
      "option RDP=1", "option BOR_LEV=2", "option NONSENSE=1", "option RDP", "option WRP=x", "option --plan",
      "option --erase-everything", "protect", "protect --sectors 3-1", "protect --sectors", "unprotect --plan",
    ]) func `what can be refused without a chip is`(line: String)
  {
    // No probe is there: whoever looks for one ends otherwise.
    let outcome = CommandLineBench().run(line)
    #expect(outcome.status == .usage, "\(outcome)")
  }
}
