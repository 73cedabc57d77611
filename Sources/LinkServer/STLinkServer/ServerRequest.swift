import Basics

/// A request to a stlink-server.
///
/// There is no length prefix: the first byte names the request, and the request decides how long it is.
enum ServerRequest: Equatable {
  /// GET_SERVER_VERSION, which opens the conversation.
  case version
  /// REFRESH_DEVICE_LIST.
  case refresh
  /// GET_NB_DEV.
  case deviceCount
  /// GET_DEV_INFO for the device at a position of the list, as a record of so many bytes.
  case deviceInformation(index: Int, recordByteCount: Int)
  /// OPEN_DEV.
  case open(deviceID: UInt32)
  /// CLOSE_DEV.
  case close(connectID: UInt32)
  /// SEND_USB_CMD.
  case command(ServerCommand)

  /// Byte 0 of a request.
  private enum Kind: UInt8 {
    case refresh = 0x00
    case deviceCount = 0x01
    case deviceInformation = 0x02
    case open = 0x03
    case close = 0x04
    case command = 0x05
    case version = 0x06

    /// The length in bytes, without the data of a command.
    var byteCount: Int {
      switch self {
      case .deviceCount: 1
      case .refresh: 2
      case .version: 4
      case .deviceInformation, .open, .close: 8
      case .command: ServerCommand.headerByteCount
      }
    }
  }

  /// Reads the request at the beginning of `bytes`.
  static func parse(_ bytes: ArraySlice<UInt8>) -> ParsedRequest<ServerRequest> {
    guard let first = bytes.first else { return .incomplete }
    guard let kind = Kind(rawValue: first) else {
      return .malformed(answer: ServerStatus.commandNotAvailable.rawValue.littleEndianBytes)
    }
    guard bytes.count >= kind.byteCount else { return .incomplete }
    let fields = Array(bytes.prefix(kind.byteCount))
    switch kind {
    case .version: return .request(.version, byteCount: fields.count)
    case .refresh: return .request(.refresh, byteCount: fields.count)
    case .deviceCount: return .request(.deviceCount, byteCount: fields.count)
    case .deviceInformation:
      let size = Int(fields.littleEndianWord(at: 4))
      return .request(
        .deviceInformation(index: Int(fields[1]), recordByteCount: size), byteCount: fields.count)
    case .open: return .request(.open(deviceID: fields.littleEndianWord(at: 4)), byteCount: fields.count)
    case .close: return .request(.close(connectID: fields.littleEndianWord(at: 4)), byteCount: fields.count)
    case .command: return parseCommand(fields, in: bytes)
    }
  }

  private static func parseCommand(_ header: [UInt8], in bytes: ArraySlice<UInt8>) -> ParsedRequest<ServerRequest> {
    let length = Int(header.littleEndianWord(at: 28))
    guard length <= ServerCommand.dataLimit, let direction = ServerCommand.Direction(rawValue: header[24]) else {
      return .malformed(answer: ServerStatus.badParameter.rawValue.littleEndianBytes)
    }
    let outgoing = direction == .write ? length : 0
    guard bytes.count >= header.count + outgoing else { return .incomplete }
    let command = ServerCommand(
      connectID: header.littleEndianWord(at: 4), block: Array(header[8..<24]), direction: direction,
      data: Array(bytes.dropFirst(header.count).prefix(outgoing)),
      replyByteCount: direction == .write ? 0 : length)
    return .request(.command(command), byteCount: header.count + outgoing)
  }
}

/// SEND_USB_CMD: one ST-LINK command with its data phase.
struct ServerCommand: Equatable {
  /// What follows the command block.
  enum Direction: UInt8 {
    /// Data to the probe.
    case write = 0
    /// A reply from the probe, which may be empty.
    case read = 1
    /// What the trace endpoint has; the command block is ignored.
    case readTrace = 3
  }

  /// The length of the header that every command has.
  static let headerByteCount = 32
  /// The most data of one command: the longest transfer of any host is 65,532 bytes.
  static let dataLimit = 0x1_0000

  let connectID: UInt32
  /// The 16 bytes for the probe's command endpoint.
  let block: [UInt8]
  let direction: Direction
  let data: [UInt8]
  /// The bytes that the client expects behind the status.
  let replyByteCount: Int
}
