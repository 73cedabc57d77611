import LinkInterface
import SimProbe

@testable import LinkServer

/// A clock that only its owner moves.
final class ManualClock: LinkClock {
  var now: Duration = .zero
  func wait(for duration: Duration) { now += max(duration, .zero) }
}

/// A device with a probe's descriptors whose answers a test decides.
final class FakeDevice: VirtualDevice {
  let descriptors: DeviceDescriptors
  let speed = USBSpeed.full
  let clock: any LinkClock
  var isPlugged = true
  var plugCount: Int? = 1
  var isClaimedElsewhere = false
  var busyUntil: Duration?
  /// What has come in on the bulk OUT endpoint.
  var received: [[UInt8]] = []
  /// What waits to be read.
  var replies: [[UInt8]] = []
  /// What a 16-byte command makes the device reply.
  var answers: [UInt8: [UInt8]] = [:]
  /// Endpoints that answer STALL.
  var halted: Set<Endpoint> = []
  /// Whether nothing is taken.
  var isHung = false
  var resetCount = 0
  /// The endpoints from which something was taken back.
  var withdrawals: [Endpoint] = []
  /// What a request costs on the device's clock.
  var cost: Duration = .zero

  static let output = Endpoint.output(1)
  static let input = Endpoint.input(1)
  static let trace = Endpoint.input(2)

  init(clock: any LinkClock = ManualClock(), serial: [UInt8] = Array("066CFF343339415043114433".utf8)) {
    self.clock = clock
    self.serial = serial
    let device: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0x83, 0x04, 0x4B, 0x37, 0, 1, 1, 2, 3, 1]
    let body: [UInt8] =
      [9, 4, 0, 0, 3, 255, 255, 255, 4]
      + [FakeDevice.input, FakeDevice.output, FakeDevice.trace].flatMap { [7, 5, $0.rawValue, 2, 64, 0, 0] }
    let configuration: [UInt8] = [9, 2, UInt8(9 + body.count), 0, 1, 1, 0, 0x80, 50] + body
    guard let descriptors = DeviceDescriptors(device: device, configuration: configuration) else {
      preconditionFailure("the fake device's descriptors are wrong")
    }
    self.descriptors = descriptors
  }

  private let serial: [UInt8]

  func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    guard isPlugged else { return .silence }
    switch (setup.requestType, setup.request) {
    case (0x80, 6):
      switch setup.value {
      case 0x0300: return .complete([4, 3, 9, 4])
      case 0x0301: return .complete(FakeDevice.string(Array("STMicroelectronics".utf8)))
      case 0x0303: return .complete(FakeDevice.string(serial))
      default: return .stall
      }
    case (0x02, 1):
      halted.remove(Endpoint(rawValue: UInt8(setup.index)))
      return .complete([])
    case (0x01, 11), (0x00, 9): return .complete([])
    default: return .stall
    }
  }

  func withdraw(from endpoint: Endpoint) { withdrawals.append(endpoint) }

  func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    clock.wait(for: cost)
    guard isPlugged, endpoint == FakeDevice.output else { return .silence }
    guard !halted.contains(endpoint) else { return .stall }
    guard !isHung else { return .notReady }
    received.append(data)
    if data.count == 16, let reply = answers[data[0]] { replies.append(reply) }
    return .complete
  }

  func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    guard isPlugged, [FakeDevice.input, FakeDevice.trace].contains(endpoint) else { return .silence }
    guard !halted.contains(endpoint) else { return .stall }
    guard endpoint == FakeDevice.input, let reply = replies.first else { return .notReady }
    guard reply.count <= byteCount else { return .overflow }
    received += reply
    replies.removeFirst()
    return .complete
  }

  func reset() {
    resetCount += 1
    replies = []
  }

  static func string(_ characters: [UInt8]) -> [UInt8] {
    [UInt8(2 + 2 * characters.count), 3] + characters.flatMap { [$0, 0] }
  }
}
