import LinkInterface

/// Puts the submissions and completions of a capture together and sorts them by device.
struct ExchangeAssembler {
  /// A device of the capture.
  struct DeviceKey: Hashable {
    var interface: Int
    var bus: UInt16
    var address: UInt8
  }

  /// What a submission and its completion have in common.
  ///
  /// Linux uses ids again, and a capture may lack the completion in between, so that the endpoint has to agree too.
  private struct RequestKey: Hashable {
    var device: DeviceKey
    var id: UInt64
    var endpoint: Endpoint
  }

  private struct Pending {
    var event: URBEvent
    var position: Int
  }

  /// An exchange with its place among the events, which decides between equal times.
  struct Placed {
    var exchange: Exchange
    var position: Int
  }

  /// The exchanges of each device, times since 1970; in no order yet.
  private(set) var exchanges: [DeviceKey: [Placed]] = [:]
  /// Control transfers whose setup packet is not in the capture, and that say nothing without it.
  private(set) var droppedCount = 0
  private var pending: [RequestKey: Pending] = [:]
  private var position = 0

  /// Takes the next event of the capture.
  mutating func add(_ event: URBEvent) {
    position += 1
    let record = event.record
    let device = DeviceKey(interface: event.interface, bus: record.bus, address: record.device)
    let endpoint = record.kind == .control ? .output(0) : record.endpoint
    let key = RequestKey(device: device, id: record.id, endpoint: endpoint)
    switch record.event {
    case .submission:
      if let forgotten = pending.updateValue(Pending(event: event, position: position), forKey: key) {
        append(unfinished(forgotten.event), forgotten.position, to: device)
      }
    case .completion, .submissionError:
      append(finished(pending.removeValue(forKey: key)?.event, event), position, to: device)
    }
  }

  /// Adds the requests that the capture does not show the end of.
  mutating func finish() {
    for (key, request) in pending {
      append(unfinished(request.event), request.position, to: key.device)
    }
    pending = [:]
    for device in exchanges.keys {
      assumeCompletions(of: device)
    }
  }

  private mutating func append(_ exchange: Exchange?, _ position: Int, to device: DeviceKey) {
    if let exchange {
      exchanges[device, default: []].append(Placed(exchange: exchange, position: position))
    } else {
      droppedCount += 1
    }
  }

  private func unfinished(_ event: URBEvent) -> Exchange? {
    request(event).map { Exchange($0, .unknown, submitted: event.record.time, gaps: event.gaps) }
  }

  private func finished(_ begin: URBEvent?, _ end: URBEvent) -> Exchange? {
    let record = end.record
    var gaps = begin?.gaps ?? []
    gaps.formUnion(end.gaps)
    guard var request = request(begin ?? end) else { return nil }
    if begin == nil { gaps.insert(record.endpoint.isInput ? .requestedLength : .outgoingBytes) }
    if gaps.contains(.requestedLength), case .bulkIn(let endpoint, _) = request {
      request = .bulkIn(endpoint, byteCount: Int(record.length))
    }
    return Exchange(
      request, outcome(of: request, begin, end), submitted: begin?.record.time, completed: record.time, gaps: gaps)
  }

  private func outcome(of request: Transfer, _ begin: URBEvent?, _ end: URBEvent) -> Exchange.Outcome {
    let record = end.record
    let received = request.isInput ? record.data : []
    let wanted = begin.map { Int($0.record.length) } ?? Int(record.length)
    let sent = request.isInput ? 0 : end.tellsMovedLength ? Int(record.length) : wanted
    let isShort = !request.isInput && sent < wanted && record.kind == .bulk
    guard record.status == .success, !isShort else {
      return .failed(record.status, partial: received, sent: end.tellsMovedLength ? sent : 0)
    }
    return .completed(received)
  }

  /// The transfer that an event is about; nil for a control transfer without its setup packet.
  private func request(_ event: URBEvent) -> Transfer? {
    let record = event.record
    let isSubmission = record.event == .submission
    switch record.kind {
    case .control:
      guard let setup = record.setup else { return nil }
      return setup.requestType & 0x80 == 0 ? .controlOut(setup, record.data) : .controlIn(setup)
    case .bulk, .interrupt, .isochronous:
      return record.endpoint.isInput
        ? .bulkIn(record.endpoint, byteCount: Int(record.length))
        : .bulkOut(record.endpoint, isSubmission ? record.data : [])
    }
  }

  /// Takes OUT transfers as done where the capture shows the end of none: it was made of submissions alone.
  private mutating func assumeCompletions(of device: DeviceKey) {
    guard let list = exchanges[device] else { return }
    let showsEnds = list.contains { !$0.exchange.request.isInput && $0.exchange.completed != nil }
    guard !showsEnds else { return }
    exchanges[device] = list.map { placed in
      var placed = placed
      if !placed.exchange.request.isInput { placed.exchange.outcome = .completed([]) }
      return placed
    }
  }
}
