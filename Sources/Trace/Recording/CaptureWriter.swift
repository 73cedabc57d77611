package import LinkInterface

/// Writes the traffic of one device as a capture file, request by request.
///
/// The file is pcapng with Linux usbmon packets, which Wireshark opens. The sink gets whole blocks, and gets them as
/// soon as a request has ended (`CaptureFile`).
package final class CaptureWriter {
  /// Takes the next bytes of the file.
  package typealias Sink = ([UInt8]) throws -> Void

  /// Tells a request from every other one of the file.
  package struct RequestID: Sendable, Hashable {
    var number: UInt64
  }

  private let identity: USBIdentity
  private let clock: any LinkClock
  private let file: CaptureFile
  private let handsOverSubmissionsFirst: Bool
  private var redaction: Redaction
  private let concealer: (any Concealer)?
  /// The time since 1970 at which the clock read zero.
  private let origin: Duration
  private var nextNumber: UInt64 = 1

  /// Why the recording ended before the session did; nil while it goes on.
  package var failure: (any Error)? { file.failure }

  /// Begins a recording: writes the file's head.
  ///
  /// - Parameters:
  ///   - identity: what the device says of itself.
  ///   - clock: the device's clock.
  ///   - options: what goes into the file besides the traffic.
  ///   - sink: takes the file's bytes, block by block.
  package init(
    _ identity: USBIdentity, clock: any LinkClock, options: RecorderOptions, sink: @escaping Sink
  ) {
    self.identity = identity
    self.clock = clock
    let redaction = Redaction(of: identity.serial, isActive: options.redactsSerial)
    self.redaction = redaction
    concealer = options.makeConcealer?()
    handsOverSubmissionsFirst = options.handsOverSubmissionsFirst
    origin = options.startTime - clock.now
    file = CaptureFile(
      application: options.application, metadata: options.metadata.map(redaction.redact),
      linkType: URBRecord.linkType, interface: "usbmon\(CaptureWriter.bus(of: identity))", sink: sink)
  }

  /// Whether what comes is still written.
  package var isWriting: Bool { file.isWriting }

  /// Adds a fact that was not known at the start, such as the chip behind the probe; it goes with the next packet.
  package func note(_ key: String, _ value: String) {
    file.note(redaction.redact(MetadataEntry(key, value)))
  }

  /// Records that a host has handed over requests.
  ///
  /// - Parameter time: when, on the device's clock; now unless it is given.
  /// - Returns: the requests' ids, in order.
  package func submit(_ transfers: [Transfer], at time: Duration? = nil) -> [RequestID] {
    let ids = transfers.indices.map { RequestID(number: nextNumber + UInt64($0)) }
    nextNumber += UInt64(transfers.count)
    guard isWriting else { return ids }
    let time = origin + (time ?? clock.now)
    for (id, transfer) in zip(ids, transfers) {
      append(
        URBRecord(
          event: .submission, id: id.number, kind: transfer.urbKind, endpoint: transfer.endpoint, bus: UInt16(bus),
          device: address, setup: transfer.setup, status: .inProgress, length: transfer.wireLength,
          data: redaction.redact(transfer.outgoingBytes), time: time))
    }
    if handsOverSubmissionsFirst { file.flush() }
    return ids
  }

  /// Records how a request ended.
  ///
  /// - Parameter time: when, on the device's clock; now unless it is given.
  package func complete(
    _ id: RequestID, _ transfer: Transfer, _ outcome: Exchange.Outcome, at time: Duration? = nil
  ) {
    complete([RequestEnd(id: id, transfer: transfer, outcome: outcome, time: time ?? clock.now)])
  }

  /// Records the ends of several requests, in the order in which they happened.
  func complete(_ ends: [RequestEnd]) {
    guard isWriting else { return }
    ends.forEach { append(record($0)) }
    file.flush()
  }

  /// How a request ended, and when.
  struct RequestEnd {
    var id: RequestID
    var transfer: Transfer
    var outcome: Exchange.Outcome
    var time: Duration
  }

  private func record(_ end: RequestEnd) -> URBRecord {
    let transfer = end.transfer
    let (status, data, length): (USBStatus, [UInt8], UInt32) =
      switch end.outcome {
      case .completed(let bytes):
        (.success, bytes, transfer.isInput ? UInt32(clamping: bytes.count) : transfer.wireLength)
      case .failed(let status, let partial, let sent):
        (status, partial, UInt32(clamping: transfer.isInput ? partial.count : sent))
      case .unknown: (.cancelled, [], 0)
      }
    return URBRecord(
      event: .completion, id: end.id.number, kind: transfer.urbKind, endpoint: transfer.endpoint, bus: UInt16(bus),
      device: address, setup: nil, status: status, length: length, data: concealed(data, transfer),
      time: origin + end.time)
  }

  private func concealed(_ data: [UInt8], _ transfer: Transfer) -> [UInt8] {
    let data = redaction.redact(data, to: transfer)
    switch transfer {
    case .controlOut(let setup, let bytes): concealer?.sent(bytes, by: setup)
    case .controlIn(let setup): return concealer?.concealed(data, by: setup) ?? data
    case .bulkOut, .bulkIn: break
    }
    return data
  }

  /// Records that the device has been reset: by the SET_ADDRESS that follows a reset on the bus.
  package func recordReset() {
    let transfer = Transfer.controlOut(StandardRequest.setAddress(address), [])
    for id in submit([transfer]) { complete(id, transfer, .completed([])) }
  }

  /// Ends the recording; what comes later is not written.
  ///
  /// May be called twice.
  package func finish() {
    file.finish(at: origin + clock.now)
  }

  // MARK: Descriptors

  /// Records the device's descriptors as a host asks for them when a device is plugged in.
  ///
  /// - Parameter ask: performs and records a request; nil where the device does not answer it. What is known of the
  ///   device then takes the answer's place.
  package func recordDescriptors(asking ask: (ControlSetup) -> [UInt8]?) {
    let known = DescriptorSet(identity: identity)
    guard let device = descriptor(.device, length: StandardRequest.DescriptorSize.device, ask, known) else { return }
    let headSize = StandardRequest.DescriptorSize.configuration
    if let head = descriptor(.configuration, length: headSize, ask, known), head.count >= Int(headSize) {
      _ = descriptor(.configuration, length: UInt16(head[2]) | UInt16(head[3]) << 8, ask, known)
    }
    for number in DescriptorSet.stringNumbers(ofDevice: device) {
      _ = descriptor(.string, number: number, language: 0x0409, length: 255, ask, known)
    }
  }

  /// One descriptor, from the device or from what is known of it; nil when neither has it.
  private func descriptor(
    _ type: StandardRequest.DescriptorType, number: UInt8 = 0, language: UInt16 = 0, length: UInt16,
    _ ask: (ControlSetup) -> [UInt8]?, _ known: DescriptorSet
  ) -> [UInt8]? {
    let setup = StandardRequest.getDescriptor(type, number: number, language: language, length: length)
    if let reply = ask(setup), !reply.isEmpty { return reply }
    guard let bytes = known.descriptor(type, number: number) else { return nil }
    let transfer = Transfer.controlIn(setup)
    for id in submit([transfer]) { complete(id, transfer, .completed(bytes)) }
    return bytes
  }

  // MARK: Blocks

  /// A device on no bus is shown as device 1 of bus 1.
  private static func bus(of identity: USBIdentity) -> UInt8 { max(1, identity.location.bus) }

  private var bus: UInt8 { CaptureWriter.bus(of: identity) }

  private var address: UInt8 { max(1, identity.location.address) }

  private func append(_ record: URBRecord) {
    file.append(at: record.time, byteCount: URBRecord.headerSize + record.data.count) { record.append(to: &$0) }
  }
}
