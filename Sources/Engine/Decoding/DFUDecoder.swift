import Basics
import LinkInterface

/// What the class requests of a DFU device mean, those of ST's dialect with the addresses that they are about.
struct DFUDecoder {
  /// What one block holds at the most, as the functional descriptor says.
  private var blockByteCount: UInt32 = 2048
  /// Where the last command has set the address pointer to; nil where none has.
  private var pointer: UInt32?

  /// Describes a request; nothing happens for one of another class.
  mutating func describe(_ operation: inout DecodedOperation, _ setup: ControlSetup, sent: [UInt8], received: [UInt8]) {
    if setup.requestType == 0x80, setup.request == 6, setup.value == 0x0200,
      let size = DFUInterface(configuration: received)?.blockByteCount
    {
      blockByteCount = UInt32(size)
    }
    guard setup.requestType == 0x21 || setup.requestType == 0xA1, let request = DFURequest(rawValue: setup.request)
    else {
      return
    }
    operation.name = request.name
    switch request {
    case .download: describeDownload(&operation, block: setup.value, sent)
    case .upload:
      operation.subject = setup.value == 0 ? "list of commands" : place(of: setup.value, &operation)
    case .getStatus:
      guard let report = DFUStatusReport(received) else { return }
      let pause = report.pollTime == .zero ? "" : ", ask again after \(report.pollTime.wording)"
      operation.incoming = .text(report.name + pause)
    case .getState:
      if let state = received.first.flatMap(DFUState.init) { operation.incoming = .text(state.name) }
    case .detach, .clearStatus, .abort: break
    }
  }

  private mutating func describeDownload(_ operation: inout DecodedOperation, block: UInt16, _ bytes: [UInt8]) {
    if bytes.isEmpty {
      operation.subject = "no data: leave"
    } else if block != 0 {
      operation.subject = place(of: block, &operation)
    } else {
      operation.outgoing = nil
      let address = bytes.count == 5 ? bytes.littleEndianWord(at: 1) : nil
      switch (bytes[0], address) {
      case (0x21, let address?):
        pointer = address
        operation.subject = "set address \(address.hexadecimal)"
      case (0x41, let address?): operation.subject = "erase \(address.hexadecimal)"
      case (0x41, nil): operation.subject = "erase everything"
      case (0x92, nil): operation.subject = "read unprotect"
      default:
        operation.outgoing = .bytes(bytes)
        operation.subject = "unknown command"
      }
      operation.address = address
    }
  }

  /// A block with its address, where that is known.
  private func place(of block: UInt16, _ operation: inout DecodedOperation) -> String {
    guard block >= 2, let pointer else { return "block \(block)" }
    let address = pointer &+ UInt32(block - 2) &* blockByteCount
    operation.address = address
    return "block \(block), \(address.hexadecimal)"
  }
}
