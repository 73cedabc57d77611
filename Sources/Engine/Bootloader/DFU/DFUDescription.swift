import Basics
public import Failures
public import LinkInterface

/// What is known of a chip's ROM bootloader that shows itself on USB.
public struct DFUDescription: Sendable, Equatable {
  /// The USB device.
  public var device: USBIdentity
  /// The memories that it names.
  public var memories: [DFUMemory]
  /// The most that one block holds.
  public var blockByteCount: Int
  /// The byte by which AN2606 tells it from others; nil where it does not show it.
  public var identifier: UInt8?
  /// The 96 bits that tell the chip from all others; nil where it does not show them.
  public var uniqueID: [UInt8]?

  /// idVendor of every ROM bootloader of ST's.
  public static let romVendorID: UInt16 = 0x0483
  /// idProduct of every ROM bootloader of ST's.
  public static let romProductID: UInt16 = 0xDF11
  /// bInterfaceClass, bInterfaceSubClass and bInterfaceProtocol of a device in DFU mode (USB DFU 1.1, table 4.4).
  public static let interfaceClass: [UInt8] = [0xFE, 0x01, 0x02]

  /// The same three of a program that has a DFU interface beside its own (USB DFU 1.1, table 4.1).
  public static let runtimeInterfaceClass: [UInt8] = [0xFE, 0x01, 0x01]

  /// DFU_GETSTATUS, which every host asks (USB DFU 1.1, 6.1.2).
  public static let statusRequest = ControlSetup(
    requestType: 0xA1, request: DFURequest.getStatus.rawValue, value: 0, index: 0,
    length: UInt16(DFUStatusReport.byteCount))

  /// What is told where none is plugged in.
  public static let missing = FailureReport(
    .noProbe, "no device in DFU mode is plugged in", causes: [.dfuMissing, .crystalMistaken])

  /// The bootloader's version, which it has in place of a release of the device: "2.2" for 0x2200.
  public var versionName: String { "\(device.deviceRelease >> 12).\(device.deviceRelease >> 8 & 0x0F)" }
}

extension USBIdentity {
  /// The ids as `lsusb` writes them.
  var idText: String { Hexadecimal.usbIDs(vendorID: vendorID, productID: productID) }
}
