import LinkInterface
import Testing

@testable import SimProbe

/// What a killed program leaves in the probe, when it is left there in the middle of another program's command.
@Suite struct FirmwareErrandTests {
  @Test(arguments: ["probe-wedged", "probe-stale-reply"])
  func `a fault of the firmware waits until the firmware has finished its command`(fault: String) throws {
    var configuration = SimulationConfiguration(target: "nucleo-f412zg")
    configuration.faults = [try Fault("\(fault)@command=2")]
    let simulation = try Simulation(configuration)
    let output = simulation.device.descriptors.commandOutput
    let input = simulation.device.descriptors.replyInput
    let version: [UInt8] = [0xF1] + Array(repeating: 0, count: 15)
    for _ in 0..<2 {
      #expect(simulation.device.bulkOut(output, version) == .taken)
      var reply: [UInt8] = []
      #expect(simulation.device.bulkIn(input, byteCount: 6, into: &reply) == .complete)
      #expect(reply.count == 6)
    }
    #expect(simulation.device.bulkOut(output, version) == .taken)
    var reply: [UInt8] = []
    let answer = simulation.device.bulkIn(input, byteCount: 6, into: &reply)
    #expect(answer == (fault == "probe-wedged" ? .notReady : .overflow), "the next reply is none, or a stale one")
  }
}
