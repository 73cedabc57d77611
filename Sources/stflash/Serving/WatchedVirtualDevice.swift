import Engine
import LinkInterface
import SimProbe

/// A simulated device for other programs, with somebody who is told of each bulk transfer of its debug interface when it has
/// ended.
///
/// Control transfers are between the program's library and the device, and told to nobody, unless they are all that the device
/// does: the class requests of a bootloader on USB. Neither is what goes over a COM port.
final class WatchedVirtualDevice: VirtualDeviceLayer {
  let device: any VirtualDevice
  private let observer: (ObservedTransfer) -> Void
  /// The endpoints of the debug interface, which is number 0 on every probe.
  private let watched: Set<Endpoint>

  private let tellsClassRequests: Bool

  /// Begins to watch a device.
  init(
    _ device: any VirtualDevice, tellsClassRequests: Bool = false, observer: @escaping (ObservedTransfer) -> Void
  ) {
    self.device = device
    self.tellsClassRequests = tellsClassRequests
    self.observer = observer
    watched = Set(device.descriptors.interfaces.filter { $0.number == 0 }.flatMap(\.endpoints))
  }

  func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    let start = device.clock.now
    let answer = device.control(setup, data: data)
    guard tellsClassRequests, setup.requestType & 0x60 == 0x20 else { return answer }
    let transfer: Transfer = setup.requestType & 0x80 == 0 ? .controlOut(setup, data) : .controlIn(setup)
    let (received, failure): ([UInt8], String?) =
      switch answer {
      case .complete(let bytes): (bytes, nil)
      case .stall: ([], "stall")
      case .silence: ([], "no answer")
      }
    observer(
      ObservedTransfer(transfer, received: received, failure: failure, submitted: start, completed: device.clock.now))
    return answer
  }

  func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    let start = device.clock.now
    let answer = device.send(data, to: endpoint)
    tell(.bulkOut(endpoint, data), on: endpoint, answer, received: [], since: start)
    return answer
  }

  func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    let start = device.clock.now
    let answer = device.receive(atMost: byteCount, from: endpoint, into: &received)
    tell(.bulkIn(endpoint, byteCount: byteCount), on: endpoint, answer, received: received, since: start)
    return answer
  }

  private func tell(
    _ transfer: Transfer, on endpoint: Endpoint, _ answer: BulkAnswer, received: [UInt8], since start: Duration
  ) {
    let failure: String? =
      switch answer {
      case .notReady, .complete: nil
      case .stall: "stall"
      case .overflow: "overflow"
      case .silence: "no answer"
      }
    // The carrier asks again until there is an answer.
    if answer == .notReady || !watched.contains(endpoint) { return }
    observer(
      ObservedTransfer(transfer, received: received, failure: failure, submitted: start, completed: device.clock.now))
  }
}
