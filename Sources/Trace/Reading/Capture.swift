import LinkInterface

/// A capture file after reading: one probe's session, and what the file was like.
package struct Capture: Sendable, Equatable {
  /// The session of the probe that was chosen.
  package var session: Recording
  /// What is to be known about the file: that it is cut off, what was left out, which devices were not chosen.
  package var remarks: [String]
  /// All devices of the capture; empty for a text recording, which holds one session and no more.
  package var devices: [RecordedDevice]

  /// Reads a recording: pcapng, pcap (link types 189, 220 and 249), our text form, or a USBlyzer report.
  ///
  /// The content tells which it is.
  ///
  /// - Throws: `TraceError` when the content is none of these, is damaged, or holds no session of a probe. A file that
  ///   was cut off is used as far as it goes, and a remark says so.
  package static func read(_ bytes: [UInt8], choosing choice: DeviceChoice = .busiest) throws(TraceError) -> Capture {
    guard !bytes.isEmpty else { throw TraceError(.emptyFile) }
    if PcapngReader.recognises(bytes) {
      return try Capture(try PcapngReader.read(bytes), choosing: choice)
    }
    if PcapReader.recognises(bytes) {
      return try Capture(try PcapReader.read(bytes), choosing: choice)
    }
    if TextReader.recognises(bytes) {
      return Capture(session: try TextReader.read(bytes), remarks: [], devices: [])
    }
    if USBlyzerReader.recognises(bytes) {
      return try Capture(events: try USBlyzerReader.events(bytes), of: CapturedPackets(), choosing: choice)
    }
    throw TraceError(.unknownFormat, at: .offset(0))
  }

  private init(session: Recording, remarks: [String], devices: [RecordedDevice]) {
    self.session = session
    self.remarks = remarks
    self.devices = devices
  }

  private init(_ file: CapturedPackets, choosing choice: DeviceChoice) throws(TraceError) {
    var events: [URBEvent] = []
    var foreignTypes: Set<UInt16> = []
    for packet in file.packets {
      if UsbmonDecoder.headerSizes[packet.linkType] != nil {
        UsbmonDecoder.event(packet).map { events.append($0) }
      } else if packet.linkType == USBPcapDecoder.linkType {
        USBPcapDecoder.event(packet).map { events.append($0) }
      } else {
        foreignTypes.insert(packet.linkType)
      }
    }
    guard foreignTypes.isEmpty || !events.isEmpty else { throw TraceError(.linkTypes(foreignTypes.sorted())) }
    try self.init(events: events, of: file, choosing: choice)
    if !foreignTypes.isEmpty {
      remarks.append("packets of other kinds were left out (link types \(foreignTypes.sorted()))")
    }
  }

  private init(
    events: [URBEvent], of file: CapturedPackets, choosing choice: DeviceChoice
  ) throws(TraceError) {
    var assembler = ExchangeAssembler()
    events.forEach { assembler.add($0) }
    assembler.finish()
    guard !assembler.exchanges.isEmpty else { throw TraceError(.noTransfers) }
    try self.init(file, assembler, choosing: choice)
    if assembler.droppedCount > 0 {
      remarks.append("\(assembler.droppedCount) control transfers without their setup packet were left out")
    }
  }

  private init(
    _ file: CapturedPackets, _ assembler: ExchangeAssembler, choosing choice: DeviceChoice
  ) throws(TraceError) {
    let candidates = assembler.exchanges
      .map { Candidate(key: $0.key, placed: $0.value, shape: choice.shape) }
      .sorted { $0.isBetter(than: $1) }
    devices = candidates.map(\.device)
    remarks = file.remarks
    guard let chosen = try Capture.choose(choice, among: candidates) else {
      throw TraceError(.noSuchDevice(devices: devices))
    }
    let rivals = candidates.filter { $0.key != chosen.key && $0.rank == chosen.rank && $0.rank > 0 }
    if choice.shape != nil, !rivals.isEmpty {
      remarks.append(
        "\(chosen.device) was chosen; like a probe look also "
          + rivals.map(\.device.description).joined(separator: "; "))
    }
    session = chosen.session(comments: file.comments)
    if session.exchanges.contains(where: { $0.submitted == nil || $0.outcome == .unknown }) {
      remarks.append("the capture does not show both ends of every transfer")
    }
  }

  private static func choose(
    _ choice: DeviceChoice, among candidates: [Candidate]
  ) throws(TraceError) -> Candidate? {
    switch choice {
    case .busiest, .like:
      guard let best = candidates.first, best.rank > 0 else {
        throw TraceError(.noProbe(devices: candidates.map(\.device)))
      }
      return best
    case .device(let bus, let address):
      return candidates.first { $0.key.bus == bus && $0.key.address == address }
    }
  }

  /// A device of the capture with its exchanges in order.
  private struct Candidate {
    let key: ExchangeAssembler.DeviceKey
    let exchanges: [Exchange]
    let rank: Int
    let device: RecordedDevice

    init(key: ExchangeAssembler.DeviceKey, placed: [ExchangeAssembler.Placed], shape: DeviceShape?) {
      self.key = key
      let sorted = placed.sorted {
        ($0.exchange.orderingTime, $0.position) < ($1.exchange.orderingTime, $1.position)
      }
      let finder = RecordedDeviceFinder(sorted.map(\.exchange), shape: shape)
      exchanges = finder.vendorExchanges
      rank = finder.rank
      device = RecordedDevice(
        interface: key.interface, bus: key.bus, address: key.address, ids: finder.ids, bulkCount: finder.bulkCount)
    }

    func isBetter(than other: Candidate) -> Bool {
      (rank, device.bulkCount, other.key.interface, other.key.bus, other.key.address)
        > (other.rank, other.device.bulkCount, key.interface, key.bus, key.address)
    }

    /// The session with times from its first event, and with metadata and masks out of the file's comments.
    func session(comments: [String]) -> Recording {
      let start = exchanges.flatMap { [$0.submitted, $0.completed] }.compactMap { $0 }.min() ?? .zero
      let relative = exchanges.map { exchange in
        var exchange = exchange
        exchange.submitted = exchange.submitted.map { $0 - start }
        exchange.completed = exchange.completed.map { $0 - start }
        return exchange
      }
      let entries = comments.compactMap { MetadataEntry(text: $0) }
      return Recording(
        metadata: entries.filter { $0.key != MaskRule.metadataKey }, startTime: start,
        location: USBLocation(bus: UInt8(truncatingIfNeeded: key.bus), address: key.address), exchanges: relative,
        masks: entries.filter { $0.key == MaskRule.metadataKey }.compactMap { MaskRule(text: $0.value) })
    }
  }
}
