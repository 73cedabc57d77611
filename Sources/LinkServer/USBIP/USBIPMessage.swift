import Basics
import LinkInterface

/// What a client of USB over IP sends (Linux, Documentation/usb/usbip_protocol.rst); all numbers are big-endian.
///
/// A connection begins with one operation. After a successful import it carries transfers until it is closed.
enum USBIPMessage {
  /// OP_REQ_DEVLIST.
  case listDevices
  /// OP_REQ_IMPORT, with the name of a device as the list has it.
  case importDevice(String)
  /// USBIP_CMD_SUBMIT.
  case submit(USBIPTransfer)
  /// USBIP_CMD_UNLINK: end the transfer with the second number; the first is the message's own.
  case unlink(sequence: UInt32, transfer: UInt32)

  /// The protocol's version 1.1.1.
  static let version: UInt16 = 0x0111

  /// The code of an operation; bit 15 marks the request.
  enum Operation: UInt16 {
    case importDevice = 0x8003
    case listDevices = 0x8005
  }

  /// The length of an operation's header: version, code, status.
  private static let operationByteCount = 8
  /// The length of a device's name.
  static let nameByteCount = 32

  /// The first word of a message about a transfer.
  enum Command: UInt32 {
    case submit = 1
    case unlink = 2
    case submitted = 3
    case unlinked = 4
  }

  /// The length of a message about a transfer, without its data.
  static let headerByteCount = 48
  /// The longest transfer that is taken: the kernel's own limit for a file of its USB file system (16 MiB).
  private static let transferLimit = 0x100_0000

  /// Reads the operation at the beginning of a connection.
  static func parseOperation(_ bytes: ArraySlice<UInt8>) -> ParsedRequest<USBIPMessage> {
    guard bytes.count >= operationByteCount else { return .incomplete }
    let word = Array(bytes.prefix(operationByteCount)).bigEndianWord(at: 0)
    guard word >> 16 == UInt32(version), let operation = Operation(rawValue: UInt16(truncatingIfNeeded: word)) else {
      return .malformed(answer: [])
    }
    switch operation {
    case .listDevices: return .request(.listDevices, byteCount: operationByteCount)
    case .importDevice:
      guard bytes.count >= operationByteCount + nameByteCount else { return .incomplete }
      let field = bytes.dropFirst(operationByteCount).prefix(nameByteCount)
      let name = String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
      return .request(.importDevice(name), byteCount: operationByteCount + nameByteCount)
    }
  }

  /// Reads a message about a transfer.
  static func parseTransfer(_ bytes: ArraySlice<UInt8>) -> ParsedRequest<USBIPMessage> {
    guard bytes.count >= headerByteCount else { return .incomplete }
    let header = Array(bytes.prefix(headerByteCount))
    let sequence = header.bigEndianWord(at: 4)
    switch Command(rawValue: header.bigEndianWord(at: 0)) {
    case .unlink:
      return .request(
        .unlink(sequence: sequence, transfer: header.bigEndianWord(at: 20)), byteCount: headerByteCount)
    case .submit:
      let length = Int(header.bigEndianWord(at: 24))
      let direction = header.bigEndianWord(at: 12)
      let number = header.bigEndianWord(at: 16)
      guard length <= transferLimit, direction <= 1, number <= 15 else { return .malformed(answer: []) }
      let isInput = direction == 1
      guard isInput || bytes.count >= headerByteCount + length else { return .incomplete }
      let transfer = USBIPTransfer(
        sequence: sequence, endpoint: isInput ? .input(UInt8(number)) : .output(UInt8(number)),
        setup: number == 0 ? ControlSetup(packet: Array(header[40..<48])) : nil, byteCount: length,
        output: isInput ? [] : Array(bytes.dropFirst(headerByteCount).prefix(length)))
      return .request(.submit(transfer), byteCount: headerByteCount + transfer.output.count)
    case .submitted, .unlinked, nil: return .malformed(answer: [])
    }
  }
}

/// A transfer that came over USB/IP.
///
/// | Offset | Field of USBIP_CMD_SUBMIT |
/// |---|---|
/// | 0 | command, 1 |
/// | 4 | sequence number |
/// | 8 | device: bus << 16, address |
/// | 12 | direction: 0 out, 1 in |
/// | 16 | endpoint number |
/// | 20 | flags |
/// | 24 | length |
/// | 28 | start frame, number of packets, interval: for other kinds of endpoints |
/// | 40 | setup packet |
/// | 48 | data that go out |
struct USBIPTransfer: SubmittedTransfer {
  /// The sequence number.
  let sequence: UInt32
  let endpoint: Endpoint
  let setup: ControlSetup?
  let byteCount: Int
  let output: [UInt8]
  var received: [UInt8] = []
  var failure: LinuxError?

  var id: UInt64 { UInt64(sequence) }
  var isInput: Bool { endpoint.isInput }

  /// USBIP_RET_SUBMIT: how the transfer has ended, and what came in.
  var answer: [UInt8] {
    let moved = isInput ? received.count : (failure == nil ? output.count : 0)
    let status = -(failure?.rawValue ?? 0)
    return USBIPReply.header(.submitted, sequence, status: status) + UInt32(moved).bigEndianBytes
      + [UInt8](repeating: 0, count: 20) + (isInput ? received : [])
  }
}
