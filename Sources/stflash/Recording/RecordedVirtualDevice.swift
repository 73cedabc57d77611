import LinkInterface
import SimProbe
import Trace

/// A simulated device for other programs, with a recorder in front of it.
///
/// A carrier asks again while an endpoint has nothing to say. A request is therefore on record as submitted when it is
/// offered for the first time, and as completed when the device takes or answers it.
final class RecordedVirtualDevice: VirtualDeviceLayer {
  /// A request that the device has not answered yet.
  private struct Pending {
    let id: CaptureWriter.RequestID
    let transfer: Transfer
  }

  let device: any VirtualDevice
  private let writer: CaptureWriter
  private let file: RecordingFile
  private var pending: [Endpoint: Pending] = [:]

  /// Begins to record a device.
  init(
    _ device: any VirtualDevice, target: String, to path: String, isRedacted: Bool, in context: CommandContext
  ) throws(CommandFailure) {
    let file = try RecordingFile(path, files: context.files)
    self.device = device
    self.file = file
    writer = CaptureWriter(
      device.identity, clock: device.clock,
      options: RecordingFile.options(isRedacted: isRedacted, simulatedTarget: target, in: context), sink: file.append)
    // A device that a simulated host has enumerated has been asked for all that already.
    if takeHost() { return }
    guard device.isPlugged else { return }
    writer.recordDescriptors { setup in
      if case .complete(let bytes) = control(setup, data: []) { bytes } else { nil }
    }
  }

  /// Records what the simulated host's port has asked by itself; false for nothing.
  @discardableResult private func takeHost() -> Bool {
    let exchanges = device.takeHostExchanges()
    for exchange in exchanges {
      let transfer: Transfer =
        exchange.setup.requestType & 0x80 == 0 ? .controlOut(exchange.setup, []) : .controlIn(exchange.setup)
      for id in writer.submit([transfer], at: exchange.begin) {
        writer.complete(id, transfer, RecordedVirtualDevice.outcome(exchange.answer), at: exchange.end)
      }
    }
    return !exchanges.isEmpty
  }

  private static func outcome(_ answer: ControlAnswer) -> Exchange.Outcome {
    switch answer {
    case .complete(let bytes): .completed(bytes)
    case .stall: .failed(.stall, partial: [], sent: 0)
    case .silence: .failed(USBStatus(.gone), partial: [], sent: 0)
    }
  }

  func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
    takeHost()
    let transfer: Transfer = setup.requestType & 0x80 == 0 ? .controlOut(setup, data) : .controlIn(setup)
    let ids = writer.submit([transfer])
    let answer = device.control(setup, data: data)
    ids.forEach { writer.complete($0, transfer, RecordedVirtualDevice.outcome(answer)) }
    return answer
  }

  func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
    begin(.bulkOut(endpoint, data), on: endpoint)
    let answer = device.send(data, to: endpoint)
    end(answer, on: endpoint, received: [], sent: data.count)
    return answer
  }

  func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
    begin(.bulkIn(endpoint, byteCount: byteCount), on: endpoint)
    let answer = device.receive(atMost: byteCount, from: endpoint, into: &received)
    end(answer, on: endpoint, received: received, sent: 0)
    return answer
  }

  func reset() {
    device.reset()
    writer.recordReset()
  }

  /// The client has taken its request back.
  func withdraw(from endpoint: Endpoint) {
    device.withdraw(from: endpoint)
    guard let request = pending.removeValue(forKey: endpoint) else { return }
    writer.complete(request.id, request.transfer, .failed(.cancelled, partial: [], sent: 0))
  }

  /// Ends the recording; fails where some of it could not be written.
  func finish() throws(CommandFailure) {
    takeHost()
    writer.finish()
    try file.finish()
  }

  /// Records a request when it is offered for the first time.
  private func begin(_ transfer: Transfer, on endpoint: Endpoint) {
    takeHost()
    if let earlier = pending[endpoint] {
      if earlier.transfer == transfer { return }
      // The client has taken its request back, which no carrier tells.
      writer.complete(earlier.id, earlier.transfer, .failed(.cancelled, partial: [], sent: 0))
    }
    pending[endpoint] = writer.submit([transfer]).first.map { Pending(id: $0, transfer: transfer) }
  }

  private func end(_ answer: BulkAnswer, on endpoint: Endpoint, received: [UInt8], sent: Int) {
    let outcome: Exchange.Outcome
    switch answer {
    case .notReady: return
    case .complete: outcome = .completed(received)
    case .stall: outcome = .failed(.stall, partial: received, sent: 0)
    case .overflow: outcome = .failed(USBStatus(.overflow), partial: received, sent: 0)
    case .silence: outcome = .failed(USBStatus(.gone), partial: received, sent: 0)
    }
    guard let request = pending.removeValue(forKey: endpoint) else { return }
    writer.complete(request.id, request.transfer, outcome)
  }
}

extension VirtualDevice {
  /// What the device says of itself.
  fileprivate var identity: USBIdentity {
    let answer = control(.stringDescriptor(descriptors.serialIndex), data: [])
    let serial: USBSerial? = if case .complete(let bytes) = answer { USBSerial(descriptor: bytes) } else { nil }
    return USBIdentity(
      vendorID: descriptors.vendorID, productID: descriptors.productID, serial: serial, speed: speed,
      location: USBLocation(bus: 1, address: 1))
  }
}
