import Testing

@testable import stflash

/// What is said of a program in the end, and `--expect-running`.
struct ExpectRunningTests {
  private let desk = SimulatedDesk()
  private static let chip = "--sim stm32f407vg --sim-state @s"
  /// Two vectors and an endless loop; the reset handler of the second lies where nothing is.
  private static let good: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
  private static let wrong: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x80, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  @Test func `a program that runs is expected in vain by nobody`() throws {
    try desk.directory.write("good.bin", Self.good)
    for line in [
      "write @good.bin 0x08000000", "verify @good.bin 0x08000000", "verify --reset @good.bin 0x08000000", "reset",
    ] {
      let outcome = desk.run("\(Self.chip) \(line) --expect-running")
      #expect(outcome.status == .success, "\(line): \(outcome.screen)")
      #expect(!outcome.screen.contains("does not run"))
    }
  }

  @Test func `a program that does not run is told in the end, and is a failure only where it was expected`() throws {
    try desk.directory.write("wrong.bin", Self.wrong)
    let write = desk.run("\(Self.chip) --quiet write @wrong.bin 0x08000000")
    #expect(write.status == .success)
    #expect(write.screen.contains("but its program does not run: locked up"))
    #expect(write.screen.contains("linked for another address"))
    let reset = desk.run("\(Self.chip) reset --expect-running")
    #expect(reset.status == .notRunning)
    #expect(!reset.screen.contains("which now runs"))
    let blank = desk.run("--sim stm32f407vg --json reset")
    #expect(blank.status == .success)
    #expect(
      blank.screen.contains(
        #""program":{"condition":"locked-up","running":false,"text":"locked up: the flash is blank""#))
  }

  @Test func `who halts a core cannot expect it to run`() {
    #expect(desk.run("\(Self.chip) reset --halt --expect-running").status == .usage)
  }
}
