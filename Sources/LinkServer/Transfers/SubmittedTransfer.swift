import LinkInterface
import SimProbe

/// A transfer that a host has submitted: control on endpoint 0, or bulk.
protocol SubmittedTransfer {
  /// The host's own name for it, unique among those under way.
  var id: UInt64 { get }
  /// Where it goes to or comes from.
  var endpoint: Endpoint { get }
  /// The setup packet of a control transfer; nil for bulk.
  var setup: ControlSetup? { get }
  /// Whether data come in.
  var isInput: Bool { get }
  /// How many bytes the host has room for.
  var byteCount: Int { get }
  /// What goes out.
  var output: [UInt8] { get }
  /// What has come in.
  var received: [UInt8] { get set }
  /// How the transfer has ended; nil for success.
  var failure: LinuxError? { get set }
}

extension ServedDevice {
  /// How a transfer has ended.
  enum TransferEnd {
    case complete
    case failed(LinuxError)
  }

  /// Tries a transfer; nil while the device is not ready for it.
  func perform(_ transfer: inout some SubmittedTransfer) -> TransferEnd? {
    if let setup = transfer.setup {
      switch request({ $0.control(setup, data: transfer.output) }) {
      case .complete(let received):
        transfer.received = Array(received.prefix(Int(setup.length)))
        return .complete
      case .stall: return .failed(.brokenPipe)
      case .silence: return .failed(.noProtocol)
      }
    }
    let answer = move(&transfer)
    if answer == .notReady { return nil }
    guard device.isPlugged else { return .failed(.shutdown) }
    return LinuxError(answer).map { .failed($0) } ?? .complete
  }

  /// Tries a bulk transfer.
  func move(_ transfer: inout some SubmittedTransfer) -> BulkAnswer {
    request { device in
      transfer.isInput
        ? device.receive(atMost: transfer.byteCount, from: transfer.endpoint, into: &transfer.received)
        : device.send(transfer.output, to: transfer.endpoint)
    }
  }
}

extension LinuxError {
  /// How a transfer's end is told; nil for a transfer that is complete, or not ended.
  init?(_ answer: BulkAnswer) {
    switch answer {
    case .complete, .notReady: return nil
    case .stall: self = .brokenPipe
    case .overflow: self = .overflow
    case .silence: self = .noProtocol
    }
  }
}

extension ControlSetup {
  /// Reads the eight bytes of a setup packet (USB 2.0, table 9-2).
  init(packet: [UInt8]) {
    self.init(
      requestType: packet[0], request: packet[1], value: UInt16(packet[2]) | UInt16(packet[3]) << 8,
      index: UInt16(packet[4]) | UInt16(packet[5]) << 8, length: UInt16(packet[6]) | UInt16(packet[7]) << 8)
  }
}
