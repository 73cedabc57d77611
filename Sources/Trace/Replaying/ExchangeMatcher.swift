import LinkInterface

/// Holds what a program asks for against what a recording has in its place.
struct ExchangeMatcher {
  private let exchanges: [Exchange]
  private let masks: MaskedBytes

  /// A host driver splits a transfer at multiples of the packet size: 64 bytes at full speed, 512 at high speed.
  private static let splitUnit: UInt32 = 64

  init(_ exchanges: [Exchange], masks: [MaskRule]) {
    self.exchanges = exchanges
    self.masks = MaskedBytes(masks, in: exchanges)
  }

  /// The recorded transfer from a position on, put together again where a host driver split what is now asked for in
  /// one, and the position behind it.
  func recorded(from position: Int, for wanted: Transfer) -> (exchange: Exchange, next: Int) {
    var exchange = exchanges[position]
    var next = position + 1
    while next < exchanges.count, let joined = join(exchange, exchanges[next], for: wanted) {
      exchange = joined
      next += 1
    }
    return (exchange, next)
  }

  /// The first difference between a recorded exchange and what is asked for; nil when they agree.
  func difference(_ recorded: Exchange, at position: Int, from wanted: Transfer) -> Divergence.Difference? {
    guard recorded.request.hasKind(of: wanted) else {
      return .transfer(expected: recorded.request.summary, got: wanted.summary)
    }
    if case .bulkIn(_, let expected) = recorded.request, case .bulkIn(_, let got) = wanted {
      let isEnough = recorded.gaps.contains(.requestedLength) && expected <= got
      return expected == got || isEnough ? nil : .length(expected: expected, got: got)
    }
    // The address that a reset device gets is the host's choice.
    if recorded.request.setup.map(StandardRequest.isSetAddress) == true,
      wanted.setup.map(StandardRequest.isSetAddress) == true
    {
      return nil
    }
    return difference(
      (recorded.request.setup?.bytes ?? []) + recorded.request.outgoingBytes,
      (wanted.setup?.bytes ?? []) + wanted.outgoingBytes, at: position,
      isCut: recorded.gaps.contains(.outgoingBytes))
  }

  private func difference(
    _ expected: [UInt8], _ got: [UInt8], at position: Int, isCut: Bool
  ) -> Divergence.Difference? {
    for (offset, pair) in zip(expected, got).enumerated() where pair.0 != pair.1 {
      guard masks.coversOutgoing(offset, at: position) else {
        return .byte(offset: offset, expected: pair.0, got: pair.1)
      }
    }
    let isSameLength = isCut ? expected.count <= got.count : expected.count == got.count
    return isSameLength ? nil : .length(expected: expected.count, got: got.count)
  }

  /// Two recorded transfers as one, when the first is a full part of what is wanted and the second goes on with it.
  private func join(_ first: Exchange, _ second: Exchange, for wanted: Transfer) -> Exchange? {
    guard case .completed(let received) = first.outcome, first.request.setup == nil,
      first.request.hasKind(of: second.request), first.request.hasKind(of: wanted),
      first.request.wireLength > 0, first.request.wireLength < wanted.wireLength,
      first.request.wireLength % ExchangeMatcher.splitUnit == 0
    else { return nil }
    var joined = second
    switch (first.request, second.request) {
    case (.bulkIn(let endpoint, let count), .bulkIn(_, let more)):
      guard received.count == count else { return nil }
      joined.request = .bulkIn(endpoint, byteCount: count + more)
    case (.bulkOut(let endpoint, let bytes), .bulkOut(_, let more)):
      joined.request = .bulkOut(endpoint, bytes + more)
    default:
      return nil
    }
    joined.submitted = first.submitted
    joined.gaps.formUnion(first.gaps)
    switch second.outcome {
    case .completed(let bytes): joined.outcome = .completed(received + bytes)
    case .failed(let status, let partial, let sent):
      joined.outcome = .failed(
        status, partial: received + partial, sent: first.request.outgoingBytes.count + sent)
    case .unknown: break
    }
    return joined
  }
}
