import Foundation
import LinkInterface
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

  /// Runs a line in which `#` stands for the desk's directory, so that `@` can be a moment's.
  private func run(_ line: String) -> CommandLineBench.Outcome {
    desk.run(
      line.split(separator: " ").map { word in
        word.split(separator: "#", omittingEmptySubsequences: false).joined(separator: desk.directory.path + "/")
      })
  }

  @Test(arguments: ["", " --sim-on-for 1500ms", " --hot-plug"])
  func `a program that hardly ever wakes is reached with a wait as without one`(rest: String) {
    let outcome = run("--sim stm32f412ce --sim-fault firmware=idle=5000/5 --wait 5s\(rest) info")
    #expect(outcome.status == .success, "\(outcome.screen)")
  }

  /// "I hold reset and let go", a board that is switched on, jumpers that are put on, a board whose firmware never lets in.
  @Test(arguments: [
    "nrst-low", "unpowered", "unpowered=1200", "jumpers-open", "swdio-open", "swclk-open", "supply-low=1500",
  ])
  func `what stands in the way for a while is waited for`(fault: String) throws {
    try writeFile()
    let broken = "--sim nucleo-f446re --sim-fault \(fault)@..time=2s"
    let isReset = fault == "nrst-low"
    for mode in ["", " --connect-under-reset", " --connect-normal"] {
      // A held reset is tried for so long by itself that it may be over by then.
      if !isReset { #expect(run("\(broken)\(mode) write #fw.bin 0x08000000").status == .noTarget, "\(mode)") }
      let outcome = run("\(broken)\(mode) -v --wait 10s write #fw.bin 0x08000000")
      #expect(outcome.status == .success, "\(mode): \(outcome.error)")
      // Under reset the chip is there already, and caught when the button is let go.
      let isCaught = isReset && mode == " --connect-under-reset"
      let words = isCaught ? "waiting until the reset button is let go" : "waiting for one"
      #expect(outcome.error.contains(words), "\(mode): \(outcome.error)")
    }
    for verb in ["info", "verify #fw.bin 0x08000000", "erase --all", "reset", "read #back.bin 0x08000000 16"] {
      let outcome = run("\(broken) --wait 10s \(verb)")
      #expect([.success, .verify].contains(outcome.status), "\(verb): \(outcome.error)")
    }
  }

  @Test(arguments: [
    "--freq 480k", "--no-loader", "--voltage 2.5", "--chip stm32f446re", "--json", "--width 8", "--quiet",
  ])
  func `waiting goes with other options`(option: String) throws {
    try writeFile()
    let outcome = run(
      "--sim nucleo-f446re --sim-fault nrst-low@..time=1s --wait 10s \(option) write #fw.bin 0x08000000")
    #expect(outcome.status == .success, "\(outcome.error)\(outcome.output)")
  }

  @Test func `a user's stop ends the wait at once`() throws {
    try writeFile()
    let interruption = Interruption()
    var stopping = desk
    stopping.bench.interruption = interruption
    interruption.request()
    let outcome = stopping.run("--sim nucleo-f446re --sim-fault nrst-low --wait 300s write @fw.bin 0x08000000")
    #expect(outcome.status == .interrupted, "\(outcome.error)")
  }

  @Test func `a stop in the middle of the wait ends it at once`() throws {
    try writeFile()
    let interruption = Interruption()
    var stopping = desk
    stopping.bench.interruption = interruption
    // A thread of its own: the tests' own threads all wait for commands like this one.
    Thread.detachNewThread {
      usleep(300_000)
      interruption.request()
    }
    let start = ContinuousClock.now
    let outcome = stopping.run(
      "--sim nucleo-f446re --sim-pace realtime --sim-fault jumpers-open --wait 600s write @fw.bin 0x08000000")
    #expect(outcome.status == .interrupted, "\(outcome.error)")
    #expect(ContinuousClock.now - start < .seconds(60))
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
