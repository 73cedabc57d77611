package import LinkInterface

/// A serial line that passes everything to another one and writes down what went over it.
///
/// The file is pcapng with packets that Wireshark shows as "RTAC Serial". What is sent is on file before it goes out, and
/// everything else as soon as it is done. A sink that fails ends the recording and not the session.
package final class SerialRecorder: SerialLine {
  private let line: any SerialLine
  private let file: CaptureFile
  private let handsOverFirst: Bool
  private let origin: Duration
  private let concealer: (any Concealer)?
  private var lines: SerialPacket.Lines = []

  /// Begins a recording: writes the file's head.
  ///
  /// - Parameters:
  ///   - line: the line to record; nobody else may use it from here on.
  ///   - options: what goes into the file besides the traffic; redacted, it does not name the port.
  ///   - sink: takes the file's bytes, block by block.
  package init(_ line: any SerialLine, options: RecorderOptions, sink: @escaping CaptureWriter.Sink) {
    self.line = line
    handsOverFirst = options.handsOverSubmissionsFirst
    origin = options.startTime - line.clock.now
    concealer = options.makeConcealer?()
    let name = options.redactsSerial ? "serial" : line.identity.name
    file = CaptureFile(
      application: options.application, metadata: options.metadata + [MetadataEntry(SerialRecording.portKey, name)],
      linkType: SerialPacket.linkType, interface: name, sink: sink)
  }

  /// Why the recording ended before the session did; nil while it goes on.
  package var failure: (any Error)? { file.failure }
  /// What the system says of the recorded port.
  package var identity: SerialIdentity { line.identity }
  /// The recorded line's clock.
  package var clock: any LinkClock { line.clock }
  /// How characters stand on the recorded line.
  package var settings: SerialSettings { line.settings }

  /// Adds a fact that was not known at the start, such as the chip's name; it goes with the next packet.
  package func note(_ key: String, _ value: String) {
    file.note(MetadataEntry(key, value))
  }

  /// Changes how characters stand on the wires, and records it.
  package func configure(_ settings: SerialSettings) throws(SerialError) {
    try recording(.statusChange, [MetadataEntry(SerialNote.settings, settings.name)]) { () throws(SerialError) in
      try line.configure(settings)
    }
  }

  /// Sends bytes, and records them.
  package func send(_ bytes: [UInt8], by deadline: Deadline) throws(SerialError) {
    append(.sendingStarted, data: bytes)
    concealer?.sent(bytes, by: nil)
    if handsOverFirst { file.flush() }
    try recording(.sendingEnded) { () throws(SerialError) in try line.send(bytes, by: deadline) }
  }

  /// Waits for bytes, and records what came.
  package func receive(_ byteCount: Int, by deadline: Deadline) throws(SerialError) -> [UInt8] {
    do throws(SerialError) {
      let bytes = try line.receive(byteCount, by: deadline)
      append(.receivingStarted, data: concealer?.concealed(bytes, by: nil) ?? bytes)
      file.flush()
      return bytes
    } catch {
      let awaited = MetadataEntry(SerialNote.awaited, String(byteCount))
      let received = concealer?.concealed(error.received, by: nil) ?? error.received
      append(.receivingEnded, data: received, [awaited, note(of: error)])
      file.flush()
      throw error
    }
  }

  /// Forgets what has come in, and records that.
  package func discardInput() throws(SerialError) {
    try recording(.statusChange, [MetadataEntry(SerialNote.discarded, "input")]) { () throws(SerialError) in
      try line.discardInput()
    }
  }

  /// Drives a control line, and records the state of both.
  package func drive(_ control: ControlLine, active: Bool) throws(SerialError) {
    let bit = SerialPacket.Lines(control)
    if active { lines.insert(bit) } else { lines.remove(bit) }
    try recording(.statusChange, [MetadataEntry(control.rawValue, active ? "active" : "inactive")]) {
      () throws(SerialError) in try line.drive(control, active: active)
    }
  }

  /// Holds the sending wire low, and records it.
  package func sendBreak(for duration: Duration) throws(SerialError) {
    let length = MetadataEntry(SerialNote.breakLength, String(duration.wholeNanoseconds))
    try recording(.breakSent, [length]) { () throws(SerialError) in try line.sendBreak(for: duration) }
  }

  /// Ends the recording and closes the recorded line.
  package func close() {
    finish()
    line.close()
  }

  /// Ends the recording; later calls pass through without being recorded.
  ///
  /// May be called twice.
  package func finish() {
    file.finish(at: origin + clock.now)
  }

  private func recording(
    _ event: SerialPacket.Event, _ notes: [MetadataEntry] = [], _ body: () throws(SerialError) -> Void
  ) throws(SerialError) {
    do throws(SerialError) {
      try body()
      append(event, notes)
      file.flush()
    } catch {
      append(event, notes + [note(of: error)])
      file.flush()
      throw error
    }
  }

  private func note(of error: SerialError) -> MetadataEntry {
    MetadataEntry(SerialNote.failure, error.reason.noteText)
  }

  private func append(_ event: SerialPacket.Event, data: [UInt8] = [], _ notes: [MetadataEntry] = []) {
    guard file.isWriting else { return }
    let packet = SerialPacket(event, lines: lines, data: data, time: origin + clock.now)
    let bytes = packet.bytes
    file.append(at: packet.time, byteCount: bytes.count, notes: notes) { $0.append(bytes) }
  }
}
