import LinkInterface
import SimProbe
import Testing

@testable import LinkServer

@Suite struct `The time of a served device` {
  private let host = ManualClock()
  private let own = ManualClock()
  private let computing = ManualClock()

  @Test func `goes on while the client waits`() {
    let served = ServedDevice(FakeDevice(clock: own), name: "board", hostClock: host, computing: computing)
    host.now += .milliseconds(10)
    served.request { _ in }
    #expect(own.now == .milliseconds(10))
  }

  @Test func `passes once for two devices of one simulation`() {
    let first = ServedDevice(FakeDevice(clock: own), name: "probe", hostClock: host, computing: computing)
    let second = ServedDevice(
      FakeDevice(clock: own), name: "USB", beside: first, hostClock: ManualClock(), computing: computing)
    for _ in 0..<5 {
      host.now += .milliseconds(10)
      first.request { _ in }
      second.request { _ in }
    }
    #expect(own.now == .milliseconds(50))
  }

  @Test func `does not catch up with a client that was away for long`() {
    let served = ServedDevice(FakeDevice(clock: own), name: "board", hostClock: host, computing: computing)
    host.now += .seconds(3_600)
    served.request { _ in }
    #expect(own.now == .seconds(1))
  }

  @Test func `hurries through flash operations at full speed`() {
    let device = FakeDevice(clock: own)
    let served = ServedDevice(device, name: "board", hostClock: host, computing: computing)
    device.busyUntil = .milliseconds(120)
    for expected in [50, 100, 120, 120] {
      served.request { _ in }
      #expect(own.now == .milliseconds(expected))
    }
    #expect(host.now == .zero)
  }

  @Test func `does not hold a client at full speed`() {
    let device = FakeDevice(clock: own)
    device.cost = .milliseconds(3)
    let served = ServedDevice(device, name: "board", hostClock: host, computing: computing)
    served.request { _ = $0.send([], to: FakeDevice.output) }
    #expect(host.now == .zero)
  }

  @Test func `holds a client at the pace of hardware`() {
    let device = FakeDevice(clock: own)
    device.cost = .milliseconds(3)
    let served = ServedDevice(device, name: "board", pace: .realTime, hostClock: host, computing: computing)
    for _ in 0..<5 { served.request { _ = $0.send([], to: FakeDevice.output) } }
    #expect(host.now == .milliseconds(15))
    host.now += .milliseconds(5)
    served.request { _ in }
    #expect(own.now == .milliseconds(20))
  }

  @Test(arguments: [ServingPace.fast, .realTime])
  func `goes on for as long as a request took on a busy host`(pace: ServingPace) {
    let device = FakeDevice(clock: own)
    let served = ServedDevice(device, name: "board", pace: pace, hostClock: host, computing: computing)
    served.request { _ in host.now += .milliseconds(30) }
    #expect(own.now == .zero)
    host.now += .milliseconds(5)
    served.request { _ in }
    #expect(own.now == .milliseconds(35), "the client has seen 35 ms pass")
  }

  @Test(arguments: [ServingPace.fast, .realTime])
  func `does not run after the time that a simulation takes which is slower than the chip`(pace: ServingPace) {
    let device = FakeDevice(clock: own)
    device.cost = .milliseconds(3)
    let served = ServedDevice(device, name: "board", pace: pace, hostClock: host, computing: computing)
    for _ in 0..<3 {
      served.request { device in
        host.now += .milliseconds(700)
        computing.now += .milliseconds(600)
        _ = device.send([], to: FakeDevice.output)
      }
    }
    #expect(own.now == .milliseconds(9))
    #expect(host.now == .milliseconds(2_100))
    host.now += .milliseconds(20)
    served.request { _ in }
    #expect(own.now == .milliseconds(29), "the client's own pauses count")
  }

  @Test(arguments: [ServingPace.fast, .realTime])
  func `is forgiven what a pause was too long for`(pace: ServingPace) {
    let served = ServedDevice(
      FakeDevice(clock: own), name: "board", pace: pace, hostClock: host, computing: computing)
    host.now += .seconds(3_600)
    for _ in 0..<3 { served.request { _ in } }
    #expect(own.now == .seconds(1))
  }
}
