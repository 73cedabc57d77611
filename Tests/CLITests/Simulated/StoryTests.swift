import Testing

@testable import stflash

/// The stories of people whose tools hid the cause, told by this one.
@Suite("Stories")
struct StoryTests {
  private let desk = SimulatedDesk()

  /// Writes a firmware with a fault and returns what was said.
  private func write(_ bench: String) throws -> CommandLineBench.Outcome {
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
    try desk.directory.write("executable.bin", start + Array(repeating: 0x5A, count: 3000))
    return desk.run("\(bench) write @executable.bin 0x08000000")
  }

  private func firstLine(_ outcome: CommandLineBench.Outcome) -> String {
    outcome.error.split(separator: "\n").map(String.init).first { $0.hasPrefix("stflash: error:") } ?? ""
  }

  @Test func `a NUCLEO-F207ZG with its ST-LINK jumpers off`() throws {
    let outcome = try write("--sim nucleo-f207zg --sim-fault jumpers-open")
    #expect(outcome.status == .noTarget)
    #expect(firstLine(outcome).contains("no target answers on SWD"))
    #expect(firstLine(outcome).contains("jumpers"), "\(outcome.error)")
    #expect(!outcome.error.contains("0x374B"), "what is left over in a buffer is no chip id")
    #expect(outcome.error.contains("CN4 on a Nucleo-144"))
  }

  @Test func `an F412 board without VCAP capacitors, whose erase fails`() throws {
    _ = try write("--sim stm32f412ce --sim-state @chip.state")
    let outcome = desk.run(
      "--sim stm32f412ce --sim-state @chip.state --sim-fault vcap-missing erase --sector 0")
    #expect([ExitStatus.flash, .noTarget, .timeout].contains(outcome.status))
    #expect(firstLine(outcome).contains("VCAP"), "\(outcome.error)")
    #expect(outcome.error.contains("Measure VCAP: about 1.25 V"))
  }

  @Test func `an F411 whose firmware takes the SWD pins, without NRST`() throws {
    let outcome = try write("--sim stm32f411re --sim-fault firmware=swd-reused --sim-fault nrst-open")
    #expect(outcome.status == .noTarget)
    #expect(firstLine(outcome).contains("no target answers on SWD"))
    #expect(outcome.error.contains("PA13"), "\(outcome.error)")
    #expect(outcome.error.contains("NRST"))
  }

  @Test func `the same F411 with NRST is written`() throws {
    let outcome = try write("--sim stm32f411re --sim-fault firmware=swd-reused")
    #expect(outcome.status == .success, "\(outcome.error)")
  }
}
