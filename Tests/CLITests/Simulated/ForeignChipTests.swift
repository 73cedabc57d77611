import Testing

@testable import stflash

/// Chips of other families behind a simulated probe: they are called by their names, and nothing is done to them.
@Suite struct ForeignChipTests {
  private let desk = SimulatedDesk()

  @Test(arguments: [
    ("stm32f103c8", "STM32F1 (medium density)"), ("stm32h743zi", "STM32H74x/75x"), ("at32f403avg", "DEV_ID 0x344"),
  ])
  func `every verb names the chip and touches nothing`(chip: String, words: String) throws {
    try desk.directory.write("fw.bin", try FileSystem().read(SimulatedDesk.fixture("firmware/blink.bin")))
    for verb in [
      "info", "write @fw.bin 0x08000000", "verify @fw.bin 0x08000000", "read @back.bin 0x08000000 64", "erase --all",
      "option", "diagnose", "unprotect --erase-everything",
    ] {
      let outcome = desk.run("--sim \(chip) \(verb)")
      #expect(outcome.status == .noTarget, "\(verb): \(outcome.screen)")
      #expect(outcome.screen.contains(words), "\(verb): \(outcome.screen)")
    }
  }

  @Test func `the list has them apart`() {
    let outcome = desk.run("sim list")
    #expect(outcome.output.contains("chips of other families, to be recognised and refused:\n  stm32f103c8"))
    #expect(desk.run("--json sim list").output.contains(#"{"name":"at32f403avg","product":"AT32F403AVGT7"}"#))
  }
}
