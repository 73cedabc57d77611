import Testing

@testable import stflash

/// `--wait`: a board that is switched on late, and targets that never come.
@Suite("Waiting for a target")
struct WaitTests {
  private let desk = SimulatedDesk()

  private func writeFile() throws {
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    try desk.directory.write("fw.bin", start + Array(repeating: 0x5A, count: 3000))
  }

  @Test(arguments: ["", " --connect-under-reset", " --connect-normal"])
  func `a board that is switched on meanwhile is written, by the supply that it has then`(mode: String) throws {
    try writeFile()
    func late(_ rest: String) -> CommandLineBench.Outcome {
      let file = desk.directory.path + "/fw.bin"
      let words = "--sim stm32f407vg --sim-fault brown-out=3000@command=1\(mode) \(rest) write \(file) 0x08000000"
      let state = ["--sim-state", desk.directory.path + "/late.state"]
      return desk.run(words.split(separator: " ").map(String.init) + state)
    }
    #expect(late("").status == .noTarget)
    let outcome = late("--wait 5s -v")
    #expect(outcome.status == .success, "\(outcome.error)")
    #expect(outcome.error.contains("waiting for one"), "\(outcome.error)")
    #expect(desk.run("--sim stm32f407vg --sim-state @late.state verify @fw.bin 0x08000000").status == .success)
  }

  @Test(arguments: ["unpowered", "jumpers-open", "nrst-low"])
  func `one that does not come in time is told as without waiting`(fault: String) throws {
    let broken = "--sim stm32f407vg --sim-fault \(fault)"
    let once = desk.run("\(broken) info")
    let waited = desk.run("\(broken) info --wait 300ms")
    #expect(waited.status == once.status)
    // The probe measures anew, with its noise.
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n").filter { !$0.contains("target voltage") } }
    #expect(lines(waited.error) == lines(once.error))
  }

  @Test(arguments: ["sleep", "idle"])
  func `a target that sleeps is not waited for`(firmware: String) throws {
    try writeFile()
    let asleep = "--sim nucleo-f446re --sim-fault firmware=\(firmware)"
    let outcome = desk.run("-v \(asleep) write @fw.bin 0x08000000 --wait 60s")
    #expect(outcome.status == .success, "\(outcome.error)")
    #expect(!outcome.error.contains("waiting for one"), "\(outcome.error)")
  }

  @Test func `a target that answers is not waited for`() {
    #expect(desk.run("--sim stm32f407vg info --wait 1h").status == .usage)
    #expect(desk.run("--sim stm32f407vg diagnose --wait 1s").status == .usage)
    let outcome = desk.run("-v --sim stm32f407vg info --wait 3600s")
    #expect(outcome.status == .success)
    #expect(!outcome.error.contains("waiting"))
  }
}
