import LinkInterface
import Testing

@testable import stflash

/// Every verb with a probe shows its transfers, runs the firmware on, and tells everything on one channel.
struct ChannelTests {
  private let desk = SimulatedDesk()

  private static let verbs = [
    "info", "read @x 0x08000000 16", "erase --sector 1", "reset", "diagnose", "unprotect --sectors", "option",
    "option BOR_LEV=2.1V",
  ]

  @Test(arguments: verbs) func `transfers are shown by -vv, as events with JSON`(verb: String) {
    let text = desk.run("--sim stm32f407vg -vv \(verb)")
    #expect(text.error.contains("endpoint 1 in ("), "\(text.screen)")
    let events = desk.run("--sim stm32f407vg -vv --json \(verb)")
    #expect(events.error.isEmpty)
    #expect(events.output.contains(#"{"event":"transfer","message":"endpoint 1 in ("#))
    #expect(events.output.split(separator: "\n").allSatisfy { $0.hasPrefix("{") })
  }

  @Test(arguments: verbs + ["list"]) func `a chip runs on behind every verb`(verb: String) {
    let outcome = desk.run("--sim stm32f407vg --sim-run 20ms \(verb)")
    #expect(outcome.output.contains("after 0.02 s the core is"), "\(outcome.screen)")
  }

  @Test func `two simulated targets are one too many for a verb that works on one`() {
    for verb in Self.verbs + ["list"] {
      let outcome = desk.run("--sim stm32f407vg --sim stm32f429zi \(verb)")
      #expect(outcome.status == .usage && outcome.error.contains("--sim is given 2 times"))
    }
  }
}
