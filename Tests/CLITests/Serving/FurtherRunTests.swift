import LinkInterface
import SimProbe
import Testing

@testable import stflash

struct FurtherRunTests {
  private func bench() throws -> SimulatedBench {
    let context = CommandContext(
      arguments: [], files: FileSystem(), bus: StandInBus(), reporter: JSONReporter(output: BufferSink()),
      verbosity: .normal, interruption: Interruption())
    let bench = try SimulatedBench(
      SimulationConfiguration(target: "stm32f407vg"), stateFile: nil, in: context)
    bench.furtherRun = .milliseconds(20)
    return bench
  }

  @Test func `a chip runs on for as long as was asked for`() throws {
    let run = try #require(try bench().runFirmware(Interruption()))
    #expect(run.duration == .milliseconds(20))
    #expect(run.lines.first?.hasPrefix("after 0.02 s the core is locked up") == true)
  }

  @Test func `nothing runs on behind an interruption, and nothing is told of it`() throws {
    let interruption = Interruption()
    interruption.request()
    let run = try bench().runFirmware(interruption)
    #expect(run == nil)
  }

  @Test func `one of several benches is told by its name`() throws {
    let bench = try bench()
    bench.name = "our-board"
    #expect(bench.runFirmware(Interruption())?.lines.first?.hasPrefix("our-board: after 0.02 s") == true)
  }
}
