import Engine
import LinkInterface
import SimProbe

/// A simulated device for other programs, with somebody who is told of each bulk transfer when it has ended.
///
/// Control transfers are between the program's library and the device, and told to nobody.
final class WatchedVirtualDevice: VirtualDeviceLayer {
  let device: any VirtualDevice
  private let observer: (ObservedTransfer) -> Void

  /// Begins to watch a device.
  init(_ device: any VirtualDevice, observer: @escaping (ObservedTransfer) -> Void) {
    self.device = device
    self.observer = observer
  }

  func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    let start = device.clock.now
    let answer = device.send(data, to: endpoint)
    tell(.bulkOut(endpoint, data), answer, received: [], since: start)
    return answer
  }

  func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    let start = device.clock.now
    let answer = device.receive(atMost: byteCount, from: endpoint, into: &received)
    tell(.bulkIn(endpoint, byteCount: byteCount), answer, received: received, since: start)
    return answer
  }

  private func tell(_ transfer: Transfer, _ answer: BulkAnswer, received: [UInt8], since start: Duration) {
    let failure: String? =
      switch answer {
      case .notReady, .complete: nil
      case .stall: "stall"
      case .overflow: "overflow"
      case .silence: "no answer"
      }
    // The carrier asks again until there is an answer.
    if answer == .notReady { return }
    observer(
      ObservedTransfer(transfer, received: received, failure: failure, submitted: start, completed: device.clock.now))
  }
}
