import Basics
import LinkInterface
import SimProbe

/// What a server of USB over IP answers.
enum USBIPReply {
  /// The status of an operation.
  enum Status: UInt32 {
    case ok = 0
    /// Another client has the device.
    case busy = 2
    /// The device cannot be used.
    case deviceError = 3
    /// There is no such device.
    case noDevice = 4
  }

  /// OP_REP_DEVLIST: the devices that are plugged in, each with the classes of its interfaces.
  static func deviceList(_ devices: [ServedDevice]) -> [UInt8] {
    let plugged = devices.enumerated().filter { $0.element.device.isPlugged }
    var bytes = operation(.listDevices, .ok) + UInt32(plugged.count).bigEndianBytes
    for (index, device) in plugged {
      bytes += record(of: device, at: location(of: index))
      for interface in device.device.descriptors.interfaces where interface.alternateSetting == 0 {
        bytes += interface.interfaceClass + [0]
      }
    }
    return bytes
  }

  /// OP_REP_IMPORT for a device that is given to the client.
  static func imported(_ device: ServedDevice, at index: Int) -> [UInt8] {
    operation(.importDevice, .ok) + record(of: device, at: location(of: index))
  }

  /// OP_REP_IMPORT for a device that is not.
  static func refused(_ status: Status) -> [UInt8] {
    operation(.importDevice, status)
  }

  /// USBIP_RET_UNLINK: whether the transfer was ended before its time.
  static func unlinked(_ sequence: UInt32, wasUnderWay: Bool) -> [UInt8] {
    let status = wasUnderWay ? -LinuxError.connectionReset.rawValue : 0
    return header(.unlinked, sequence, status: status) + [UInt8](repeating: 0, count: 24)
  }

  /// The beginning of a message about a transfer: command, sequence number, three words that only requests use, status.
  static func header(_ command: USBIPMessage.Command, _ sequence: UInt32, status: Int32) -> [UInt8] {
    command.rawValue.bigEndianBytes + sequence.bigEndianBytes + [UInt8](repeating: 0, count: 12)
      + status.bigEndianBytes
  }

  /// Where the device at a position of the list hangs; its path is its name.
  static func location(of index: Int) -> USBLocation {
    let port = UInt8(truncatingIfNeeded: index + 1)
    return USBLocation(bus: 1, address: port + 1, ports: [port])
  }

  /// The number by which a kernel names the device in its messages.
  static func deviceID(of index: Int) -> UInt32 {
    UInt32(location(of: index).bus) << 16 | UInt32(location(of: index).address)
  }

  private static func operation(_ operation: USBIPMessage.Operation, _ status: Status) -> [UInt8] {
    USBIPMessage.version.bigEndianBytes + (operation.rawValue & 0x7FFF).bigEndianBytes + status.rawValue.bigEndianBytes
  }

  /// A device, 312 bytes.
  private static func record(of served: ServedDevice, at location: USBLocation) -> [UInt8] {
    let descriptors = served.device.descriptors
    let numbers = [descriptors.vendorID, descriptors.productID, descriptors.deviceRelease]
    let interfaceCount = Set(descriptors.interfaces.map(\.number)).count
    return field("/sys/devices/virtual/usb\(location.bus)/\(location.path)", 256)
      + field(location.path, USBIPMessage.nameByteCount) + UInt32(location.bus).bigEndianBytes
      + UInt32(location.address).bigEndianBytes + UInt32(served.device.speed.linuxNumber).bigEndianBytes
      + numbers.flatMap(\.bigEndianBytes) + descriptors.deviceClass
      + [descriptors.configurationValue, 1, UInt8(interfaceCount)]
  }

  private static func field(_ text: String, _ byteCount: Int) -> [UInt8] {
    let bytes = Array(text.utf8.prefix(byteCount - 1))
    return bytes + [UInt8](repeating: 0, count: byteCount - bytes.count)
  }
}
