import Basics
import Engine
import LinkInterface
import Trace

/// A recorded session as what the host had the probe do.
struct DecodedSession {
  /// The recording.
  let session: Recording
  /// The operations, in order.
  let operations: [DecodedOperation]

  /// Decodes a session.
  init(_ session: Recording) {
    self.session = session
    operations = SessionDecoder.decode(session.exchanges.map(ObservedTransfer.init))
  }

  /// The operation that a transfer is part of.
  func operation(ofTransfer position: Int) -> DecodedOperation? {
    operations.first { $0.transfers.contains(position) }
  }

  /// What stands at the place of a divergence.
  func evidence(of divergence: Divergence) -> [String] {
    guard let operation = operation(ofTransfer: divergence.exchange) else { return [] }
    var lines = ["recorded there: operation \(operation.number), \(operation.text)"]
    if case .byte(let offset, _, _) = divergence.difference,
      case .bulkOut(_, let block) = session.exchanges[divergence.exchange].request,
      let field = operation.transfers.first == divergence.exchange
        ? CommandBlock.field(at: offset, in: block) : "the data"
    {
      lines.append("byte \(offset) is part of \(field)")
    }
    return lines
  }
}

extension ObservedTransfer {
  /// A transfer as a recording holds it.
  init(_ exchange: Exchange) {
    var failure: String?
    if case .failed(let status, _, let sent) = exchange.outcome {
      let moved = exchange.incomingBytes.count + sent
      failure = (status == .success ? "short" : status.name) + (moved == 0 ? "" : " after \(moved.inBytes)")
    }
    self.init(
      exchange.request, received: exchange.incomingBytes, failure: failure, hasEnd: exchange.outcome != .unknown,
      submitted: exchange.submitted, completed: exchange.completed)
  }
}

extension Recording {
  /// What the probe is where the recording lacks its descriptors: the ids that it answered GET_VERSION with, else those
  /// of a probe with the same endpoints.
  var presumedIdentity: USBIdentity? {
    let transfers = exchanges.map(ObservedTransfer.init)
    guard let probe = ObservedProbe(transfers) ?? ObservedProbe(byEndpointsOf: transfers) else { return nil }
    return USBIdentity(
      vendorID: probe.vendorID, productID: probe.productID, speed: .unknown, location: location)
  }
}
