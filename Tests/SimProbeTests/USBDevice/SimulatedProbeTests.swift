import Basics
import LinkInterface
import Testing

@testable import SimProbe

/// Batches, deadlines and broken connections, as a USB stack shows them.
@Suite struct SimulatedProbeTests {
  private func failure(_ body: () throws -> Void) -> LinkError? {
    do {
      try body()
      return nil
    } catch {
      return error as? LinkError
    }
  }

  @Test func `an IN transfer may stand before the command that it answers`() throws {
    let bench = try ProbeBench()
    let replies = try bench.probe.perform(
      [.bulkIn(bench.input, byteCount: 2), .bulkOut(bench.output, bench.block("F5"))], within: .seconds(1))
    #expect(replies == [[0, 1], []])
  }

  @Test func `a batch of several commands is answered in order`() throws {
    let bench = try ProbeBench()
    let replies = try bench.probe.perform(
      [
        .bulkOut(bench.output, bench.block("F1")), .bulkIn(bench.input, byteCount: 6),
        .bulkOut(bench.output, bench.block("F5")), .bulkIn(bench.input, byteCount: 2),
      ], within: .seconds(1))
    #expect(replies[1].count == 6)
    #expect(replies[3] == [0, 1])
  }

  @Test func `an empty batch does nothing`() throws {
    let bench = try ProbeBench()
    let before = bench.clock.nanoseconds
    #expect(try bench.probe.perform([], within: .zero).isEmpty)
    #expect(bench.clock.nanoseconds == before)
  }

  @Test func `an IN transfer with nothing to come times out at its deadline`() throws {
    let bench = try ProbeBench()
    let start = bench.probe.clock.now
    let error = failure {
      _ = try bench.probe.perform([.bulkIn(bench.input, byteCount: 64)], within: .milliseconds(250))
    }
    #expect(error?.reason == .timeout)
    #expect(error?.transferIndex == 0)
    #expect(bench.probe.clock.now - start == .milliseconds(250))
  }

  @Test func `a reply that nobody collects is what the next IN transfer gets`() throws {
    let bench = try ProbeBench()
    try bench.send("F1")
    let error = failure { try bench.send("F5", 2) }
    #expect(error?.reason == .overflow)
    #expect(error?.transferIndex == 1)
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 64)], within: .seconds(1))[0].count == 6)
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 64)], within: .seconds(1))[0] == [0, 1])
  }

  @Test func `a USB reset throws an uncollected reply away`() throws {
    let bench = try ProbeBench()
    try bench.send("F1")
    try bench.probe.reset()
    #expect(try bench.send("F5", 2) == [0, 1])
  }

  @Test func `a USB reset ends a half-finished data phase`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 08 00 00 00 20 40")
    try bench.probe.reset()
    #expect(try bench.send("F5", 2) == [2, 0])
  }

  @Test func `a command sent into a data phase is taken as data`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    try bench.send("F2 08 00 00 00 20 10")
    #expect(bench.isSilent("F5"))
    #expect(bench.target.bytes(at: 0x2000_0000, 2) == [0xF5, 0])
    #expect(try bench.send("F5", 2) == [2, 0])
  }

  @Test func `a short reply ends an IN transfer early`() throws {
    let bench = try ProbeBench()
    let reply = try bench.probe.perform(
      [.bulkOut(bench.output, bench.block("F5")), .bulkIn(bench.input, byteCount: 64)], within: .seconds(1))[1]
    #expect(reply == [0, 1])
  }

  @Test func `88 bytes come as 64 and 24 on a V2`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 3A")
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 64)], within: .seconds(1))[0].count == 64)
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 64)], within: .seconds(1))[0].count == 24)
  }

  @Test func `board identifiers read with 64 bytes leave the rest for the next command`() throws {
    let bench = try ProbeBench("v2-1:V2J39M27")
    #expect(try bench.send("F2 56", 64).count == 64)
    #expect(failure { try bench.send("F5", 2) }?.reason == .overflow)
  }

  @Test func `a command that takes longer than its deadline leaves its reply behind`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    let error = failure {
      _ = try bench.probe.perform(
        [.bulkOut(bench.output, bench.block("F2 07 00 00 00 20 00 10")), .bulkIn(bench.input, byteCount: 4096)],
        within: .milliseconds(10))
    }
    #expect(error?.reason == .timeout)
    #expect(error?.transferIndex == 1)
    #expect(error?.completed == [[]])
    #expect(try bench.probe.perform([.bulkIn(bench.input, byteCount: 4096)], within: .seconds(1))[0].count == 4096)
  }

  @Test func `data that the target takes too slowly time out`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    try bench.send("F2 36 00 ED 00 E0", 8)
    let error = failure {
      _ = try bench.probe.perform(
        [
          .bulkOut(bench.output, bench.block("F2 08 00 00 00 20 00 10")),
          .bulkOut(bench.output, [UInt8](repeating: 0, count: 4096)),
        ], within: .milliseconds(10))
    }
    #expect(error?.reason == .timeout)
    #expect(error?.transferIndex == 1)
  }

  @Test func `nothing is sent that could not end by the deadline`() throws {
    let bench = try ProbeBench("v2-1")
    let error = failure {
      _ = try bench.probe.perform([.bulkOut(bench.output, bench.block("F4 00"))], within: .microseconds(10))
    }
    #expect(error?.reason == .timeout)
    #expect(try bench.send("F5", 2)[0] == 1)
  }

  @Test func `transfers to endpoints that do not exist fail at once`() throws {
    let bench = try ProbeBench("v2-1")
    for transfer: Transfer in [
      .bulkOut(.output(2), [1]), .bulkIn(.input(1 + 8), byteCount: 1), .bulkOut(.input(1), []),
    ] {
      guard case .other? = failure({ _ = try bench.probe.perform([transfer], within: .seconds(1)) })?.reason else {
        Issue.record("\(transfer)")
        continue
      }
    }
  }

  @Test func `the trace endpoint has nothing to give`() throws {
    let bench = try ProbeBench()
    #expect(
      failure { _ = try bench.probe.perform([.bulkIn(.input(3), byteCount: 64)], within: .milliseconds(5)) }?.reason
        == .timeout)
  }

  @Test func `an unplugged probe is gone`() throws {
    let bench = try ProbeBench()
    bench.device.unplug()
    #expect(failure { try bench.send("F5", 2) }?.reason == .gone)
    #expect(failure { try bench.probe.reset() }?.reason == .gone)
  }

  @Test func `a probe unplugged in mid-batch fails the transfer that waits`() throws {
    let bench = try ProbeBench()
    try bench.enter()
    bench.target.onPacket = { [device = bench.device] _ in device.unplug() }
    let error = failure { try bench.send("F2 36 00 ED 00 E0", 8) }
    #expect(error?.reason == .gone)
    #expect(error?.transferIndex == 1)
  }

  @Test func `a closed probe says so`() throws {
    let bench = try ProbeBench()
    bench.probe.close()
    bench.probe.close()
    #expect(failure { try bench.send("F5", 2) }?.reason == .closed)
    #expect(failure { try bench.probe.reset() }?.reason == .closed)
    #expect(failure { try bench.probe.clearStall(on: bench.input) }?.reason == .closed)
  }

  @Test func `the same commands take the same time and give the same bytes`() throws {
    func session() throws -> ([[UInt8]], UInt64) {
      let bench = try ProbeBench("v3")
      var replies = [try bench.enter(), try bench.send("F7", 8), try bench.send("F2 36 00 ED 00 E0", 8)]
      replies.append(try bench.send("F2 07 00 00 00 08 00 10", 4096))
      return (replies, bench.clock.nanoseconds)
    }
    let first = try session()
    let second = try session()
    #expect(first == second)
  }

  @Test func `each batch is paced with the simulation's time`() throws {
    let bench = try ProbeBench()
    bench.clock.wait(for: .seconds(3))
    let probe = SimulatedProbe(device: bench.device)
    let pace = RecordingPace()
    probe.pace = pace
    _ = try probe.perform(
      [.bulkOut(bench.output, bench.block("F5")), .bulkIn(bench.input, byteCount: 2)], within: .seconds(1))
    probe.clock.wait(for: .seconds(5))
    try probe.reset()
    #expect(pace.times == [.microseconds(300), .microseconds(300) + .milliseconds(5020)])
  }

  @Test func `real time is waited for only as far as it is behind`() {
    var slept: [Duration] = []
    let pace = RealTimePace { slept.append($0) }
    pace.wait(until: .zero)
    #expect(slept.isEmpty)
    pace.wait(until: .seconds(3600))
    #expect(slept.count == 1)
    #expect(slept[0] > .seconds(3500) && slept[0] <= .seconds(3600))
  }

  @Test func `the real pace sleeps`() {
    let start = ContinuousClock.now
    RealTimePace().wait(until: .milliseconds(15))
    #expect(ContinuousClock.now - start >= .milliseconds(14))
  }
}

/// Keeps the times that a probe waits for.
private final class RecordingPace: SimulationPace {
  private(set) var times: [Duration] = []

  func wait(until simulated: Duration) { times.append(simulated) }
}
