import Basics
import LinkInterface
import SimProbe

/// The answer to GET_SERVER_VERSION: the protocol's revision and the version of the server.
enum ServerVersion {
  /// From revision 3 on a server keeps the two commands of RW_MISC together, and clients make use of it.
  static let interface: UInt32 = 3
  /// Major, minor and build number: the first release of ST's server with that revision is 2.1.0-1.
  static let release: [UInt32] = [2, 1, 0]

  /// 16 bytes, without a status.
  static var answer: [UInt8] { ([interface] + release).flatMap(\.littleEndianBytes) }
}

/// What GET_DEV_INFO says of a probe.
struct DeviceRecord {
  /// The length of the record that revision 1 knows.
  static let byteCount = 41
  private static let serialByteCount = 32

  let id: UInt32
  let serial: String
  let vendorID: UInt16
  let productID: UInt16
  let isTaken: Bool

  /// Describes a device; its serial is written in digits even where the descriptor holds raw bytes.
  init(id: UInt32, device: ServedDevice, isTaken: Bool) {
    self.id = id
    serial = device.serial?.text ?? ""
    vendorID = device.device.descriptors.vendorID
    productID = device.device.descriptors.productID
    self.isTaken = isTaken
  }

  /// The record: id, serial with zeros behind it, vendor, product, "used".
  var bytes: [UInt8] {
    // The last byte of the field stays a zero, for clients that take it for a C string.
    let text = Array(serial.utf8.prefix(DeviceRecord.serialByteCount - 1))
    let field = text + [UInt8](repeating: 0, count: DeviceRecord.serialByteCount - text.count)
    return id.littleEndianBytes + field + vendorID.littleEndianBytes + productID.littleEndianBytes
      + [isTaken ? 1 : 0]
  }
}

/// The answer to SEND_USB_CMD: a status and always as many bytes as the client waits for.
struct CommandReply {
  private let status: ServerStatus
  private let data: [UInt8]

  /// Makes an answer; zeros stand for data that did not come.
  init(status: ServerStatus, data: [UInt8] = [], byteCount: Int) {
    self.status = status
    self.data = data + [UInt8](repeating: 0, count: max(0, byteCount - data.count))
  }

  /// The answer's bytes.
  var bytes: [UInt8] { status.rawValue.littleEndianBytes + data }
}
