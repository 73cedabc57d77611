public import ProbeInterface

/// A probe that passes everything to another probe and writes down what went over the cable.
///
/// The file is pcapng with Linux usbmon packets, which Wireshark opens. It begins with the device's descriptors, and
/// every block is handed to the sink before the next call to the probe, so that a killed program leaves a file that can
/// be read. Requests of a batch are recorded as submitted when the batch is handed over and as completed when it comes
/// back, because the seam tells no times in between.
///
/// A sink that fails ends the recording and not the session: `failure` says so.
public final class Recorder: Probe {
  /// Takes the next bytes of the file.
  public typealias Sink = ([UInt8]) throws -> Void

  private let probe: any Probe
  private let sink: Sink
  private let redaction: Redaction
  /// The time since 1970 at which the probe's clock read zero.
  private let origin: Duration
  private var nextID: UInt64 = 1
  private var packetCount: UInt64 = 0
  private var pendingMetadata: [MetadataEntry] = []
  private var isFinished = false

  /// Why the recording ended before the session did; nil while it goes on.
  public private(set) var failure: (any Error)?

  /// Begins a recording: writes the file's head and the device's descriptors.
  ///
  /// - Parameters:
  ///   - probe: the probe to record; nobody else may use it from here on.
  ///   - options: what goes into the file besides the traffic.
  ///   - sink: takes the file's bytes, block by block.
  public init(_ probe: any Probe, options: RecorderOptions = RecorderOptions(), sink: @escaping Sink) {
    self.probe = probe
    self.sink = sink
    redaction = Redaction(of: options.redactsSerial ? probe.identity.serial : nil)
    origin = options.startTime - probe.clock.now
    let metadata = options.metadata.map(redaction.redact)
    write(PcapngBlock.sectionHeader(application: options.application, metadata: metadata))
    write(PcapngBlock.interfaceDescription(name: "usbmon\(bus)"))
    recordDescriptors(asksProbe: options.asksForDescriptors)
  }

  /// What the recorded probe says of itself.
  public var identity: ProbeIdentity { probe.identity }

  /// The recorded probe's clock.
  public var clock: any ProbeClock { probe.clock }

  /// Adds a fact that was not known at the start, such as the chip behind the probe; it goes with the next packet.
  public func note(_ key: String, _ value: String) {
    pendingMetadata.append(redaction.redact(MetadataEntry(key, value)))
  }

  /// Performs a batch on the recorded probe and records it.
  public func perform(_ transfers: [Transfer], by deadline: Deadline) throws(TransportError) -> [[UInt8]] {
    guard !isFinished, failure == nil, !transfers.isEmpty else {
      return try probe.perform(transfers, by: deadline)
    }
    let first = submit(transfers)
    do throws(TransportError) {
      let replies = try probe.perform(transfers, by: deadline)
      complete(transfers, from: first, completed: replies, error: nil)
      return replies
    } catch {
      complete(transfers, from: first, completed: error.completed, error: error)
      throw error
    }
  }

  /// Clears a stalled endpoint of the recorded probe; recorded as the control transfer that it is.
  public func clearStall(on endpoint: Endpoint) throws(TransportError) {
    try recordControl(StandardRequest.clearHalt(of: endpoint)) { () throws(TransportError) in
      try probe.clearStall(on: endpoint)
    }
  }

  /// Resets the recorded probe; recorded as the SET_ADDRESS that follows a reset on the bus.
  public func reset() throws(TransportError) {
    try recordControl(StandardRequest.setAddress(device)) { () throws(TransportError) in try probe.reset() }
  }

  /// Ends the recording and closes the recorded probe.
  public func close() {
    finish()
    probe.close()
  }

  /// Ends the recording; later calls pass through without being recorded.
  ///
  /// May be called twice.
  public func finish() {
    guard !isFinished else { return }
    write(PcapngBlock.interfaceStatistics(packetCount: packetCount, time: now, metadata: pendingMetadata))
    pendingMetadata = []
    isFinished = true
  }

  // MARK: Records

  private var now: Duration { origin + probe.clock.now }

  /// A device on no bus is shown as device 1 of bus 1.
  private var bus: UInt8 { max(1, probe.identity.location.bus) }

  private var device: UInt8 { max(1, probe.identity.location.address) }

  /// Records the submission of a batch and returns the id of its first request.
  private func submit(_ transfers: [Transfer]) -> UInt64 {
    let first = nextID
    nextID += UInt64(transfers.count)
    write(zip(first..., transfers).flatMap { id, transfer in block(record(.submission, id, transfer)) })
    return first
  }

  private func complete(
    _ transfers: [Transfer], from first: UInt64, completed: [[UInt8]], error: TransportError?
  ) {
    let failed = error.map { $0.transferIndex ?? $0.completed.count } ?? transfers.count
    var blocks: [UInt8] = []
    for (index, transfer) in transfers.enumerated() {
      let id = first + UInt64(index)
      var end = record(.completion, id, transfer)
      if index < failed {
        end.data = completed.indices.contains(index) ? redaction.redact(completed[index]) : []
        end.length = transfer.isInput ? UInt32(end.data.count) : transfer.wireLength
      } else if index == failed, let error {
        end.status = USBStatus(error.reason)
        end.data = redaction.redact(error.partial)
        end.length = error.reason.sentByteCount ?? UInt32(end.data.count)
      } else {
        end.status = .cancelled
        end.length = 0
      }
      blocks += block(end)
    }
    write(blocks)
  }

  private func recordControl(
    _ setup: ControlSetup, _ action: () throws(TransportError) -> Void
  ) throws(TransportError) {
    guard !isFinished, failure == nil else { return try action() }
    let transfer = Transfer.controlOut(setup, [])
    let first = submit([transfer])
    do throws(TransportError) {
      try action()
      complete([transfer], from: first, completed: [[]], error: nil)
    } catch {
      complete([transfer], from: first, completed: [], error: TransportError(error.reason))
      throw error
    }
  }

  /// A record with what submission and completion have in common; the submission's status, length and data.
  private func record(_ event: URBRecord.Event, _ id: UInt64, _ transfer: Transfer) -> URBRecord {
    let isSubmission = event == .submission
    return URBRecord(
      event: event, id: id, kind: transfer.setup == nil ? .bulk : .control, endpoint: transfer.endpoint,
      bus: UInt16(bus), device: device, setup: isSubmission ? transfer.setup : nil,
      status: isSubmission ? .inProgress : .success, length: transfer.wireLength,
      data: isSubmission ? redaction.redact(transfer.outgoingBytes) : [], time: now)
  }

  private func block(_ record: URBRecord) -> [UInt8] {
    packetCount += 1
    defer { pendingMetadata = [] }
    return PcapngBlock.enhancedPacket(record.packet, time: record.time, metadata: pendingMetadata)
  }

  private func write(_ bytes: [UInt8]) {
    guard failure == nil, !isFinished, !bytes.isEmpty else { return }
    do {
      try sink(bytes)
    } catch {
      failure = error
    }
  }

  // MARK: Descriptors

  /// Records the device's descriptors as a host asks for them when a device is plugged in.
  private func recordDescriptors(asksProbe: Bool) {
    let known = DescriptorSet(identity: probe.identity)
    guard let device = descriptor(.device, length: StandardRequest.DescriptorSize.device, asksProbe, known) else {
      return
    }
    if asksProbe,
      let head = descriptor(.configuration, length: StandardRequest.DescriptorSize.configuration, asksProbe, known),
      head.count >= Int(StandardRequest.DescriptorSize.configuration)
    {
      _ = descriptor(.configuration, length: UInt16(head[2]) | UInt16(head[3]) << 8, asksProbe, known)
    }
    for number in DescriptorSet.stringNumbers(ofDevice: device) {
      _ = descriptor(.string, number: number, language: 0x0409, length: 255, asksProbe, known)
    }
  }

  /// One descriptor, from the probe or, where it does not answer, from what is known of it; nil when neither has it.
  private func descriptor(
    _ type: StandardRequest.DescriptorType, number: UInt8 = 0, language: UInt16 = 0, length: UInt16,
    _ asksProbe: Bool, _ known: DescriptorSet
  ) -> [UInt8]? {
    let setup = StandardRequest.getDescriptor(type, number: number, language: language, length: length)
    let answerLimit = Duration.milliseconds(500)
    if asksProbe {
      do throws(TransportError) {
        let replies = try perform([.controlIn(setup)], by: probe.clock.deadline(after: answerLimit))
        if let reply = replies.first, !reply.isEmpty { return reply }
      } catch {
        // The refusal is on record; what is known of the device takes its place.
      }
    }
    guard let bytes = known.descriptor(type, number: number) else { return nil }
    let transfer = Transfer.controlIn(setup)
    let first = submit([transfer])
    complete([transfer], from: first, completed: [bytes], error: nil)
    return bytes
  }
}
