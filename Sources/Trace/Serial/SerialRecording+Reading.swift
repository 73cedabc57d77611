import LinkInterface

extension SerialRecording {
  /// Reads a recording of a serial line: pcapng or pcap with packets of link type 250, ours or another program's, or our
  /// text form.
  ///
  /// - Returns: nil where the file is none.
  /// - Throws: `TraceError` where the file is damaged. One that was cut off is used as far as it goes, and a remark says
  ///   so.
  package static func read(_ bytes: [UInt8]) throws(TraceError) -> SerialRecording? {
    if recognises(bytes) { return try readText(bytes) }
    let file: CapturedPackets
    if PcapngReader.recognises(bytes) {
      file = try PcapngReader.read(bytes)
    } else if PcapReader.recognises(bytes) {
      file = try PcapReader.read(bytes)
    } else {
      return nil
    }
    let packets = file.packets.filter { $0.linkType == SerialPacket.linkType }
    guard !packets.isEmpty else { return nil }
    var reader = SerialCallReader(start: packets.compactMap { SerialPacket($0)?.time }.min() ?? .zero)
    packets.compactMap { SerialPacket($0) }.forEach { reader.add($0) }
    let entries = file.comments.compactMap { MetadataEntry(text: $0) }
    return SerialRecording(
      metadata: entries.filter { !SerialNote.isOfCall($0.key) }, startTime: reader.start, calls: reader.finish(),
      remarks: file.remarks)
  }
}

/// Makes calls of packets.
private struct SerialCallReader {
  let start: Duration
  private var calls: [SerialCall] = []
  /// What is being sent.
  private var sending: SerialPacket?
  private var lines: SerialPacket.Lines = []

  init(start: Duration) { self.start = start }

  mutating func add(_ packet: SerialPacket) {
    let sent = sending
    if packet.event != .sendingEnded { endSending() }
    switch packet.event {
    case .sendingStarted:
      sending = packet
    case .sendingEnded:
      sending = nil
      append(.send((sent?.data ?? []) + packet.data), packet, began: sent?.time)
    case .receivingStarted, .receivingEnded:
      let awaited = packet.note(SerialNote.awaited).flatMap { Int($0) } ?? packet.data.count
      // Other programs tell of an end without data.
      guard awaited > 0 else { return }
      append(.receive(byteCount: awaited, packet.data), packet, began: calls.last.map { $0.ended + start })
    case .breakSent:
      let length = Duration.nanoseconds(packet.note(SerialNote.breakLength).flatMap { Int64($0) } ?? 0)
      append(.sendBreak(length), packet, began: packet.time - length)
    case .statusChange:
      addStatus(packet)
    }
  }

  private mutating func addStatus(_ packet: SerialPacket) {
    defer { lines = packet.lines }
    if let settings = packet.note(SerialNote.settings).flatMap({ SerialSettings(name: $0) }) {
      return append(.configure(settings), packet)
    }
    if packet.note(SerialNote.discarded) != nil { return append(.discardInput, packet) }
    for line in ControlLine.allCases {
      let bit = SerialPacket.Lines(line)
      let isNoted = packet.note(line.rawValue) != nil
      guard isNoted || packet.lines.contains(bit) != lines.contains(bit) else { continue }
      append(.drive(line, active: packet.lines.contains(bit)), packet)
    }
  }

  private mutating func append(_ action: SerialCall.Action, _ packet: SerialPacket, began: Duration? = nil) {
    calls.append(
      SerialCall(
        action, began: (began ?? packet.time) - start, ended: packet.time - start,
        failure: packet.note(SerialNote.failure).map { SerialError.Reason(noteText: $0) }))
  }

  /// What was being sent when the recording goes on without its end has gone.
  private mutating func endSending() {
    guard let sent = sending else { return }
    sending = nil
    calls.append(SerialCall(.send(sent.data), began: sent.time - start, ended: sent.time - start))
  }

  mutating func finish() -> [SerialCall] {
    endSending()
    return calls
  }
}
