import LinkInterface

/// The three strings of a device descriptor, read as they are on the bus.
///
/// The library's own function turns a raw serial into question marks, so the descriptors themselves are fetched.
struct DeviceStrings: Equatable {
  var manufacturer: String?
  var product: String?
  var serial: USBSerial?
  /// Why one of them could not be read.
  var failure: LinkError.Reason?

  /// How long a device may take for one string; USB 2.0, section 9.2.6.4, grants 500 ms a data packet.
  private static let timeLimit: Duration = .milliseconds(1_000)

  /// Reads the strings of an open device; needs no claim.
  init(of device: LibUSBDevice, through runner: BatchRunner) {
    manufacturer = descriptor(device.strings.manufacturer, through: runner).flatMap(DeviceStrings.text)
    product = descriptor(device.strings.product, through: runner).flatMap(DeviceStrings.text)
    serial = descriptor(device.strings.serial, through: runner).flatMap(USBSerial.init(descriptor:))
  }

  /// Fetches one descriptor; nil for index 0, which stands for a string that is not there, and after a failure.
  private mutating func descriptor(_ index: UInt8, through runner: BatchRunner) -> [UInt8]? {
    guard index != 0 else { return nil }
    let deadline = runner.clock.deadline(after: DeviceStrings.timeLimit)
    switch runner.run([.controlIn(.stringDescriptor(index))], by: deadline).result {
    case .success(let replies):
      return replies.first
    case .failure(let error):
      failure = failure ?? error.reason
      return nil
    }
  }

  /// The text of a string descriptor (USB 2.0, section 9.6.7); nil when the bytes are none.
  static func text(_ descriptor: [UInt8]) -> String? {
    guard descriptor.count >= 2, descriptor[1] == 0x03 else { return nil }
    let end = min(descriptor.count, Int(descriptor[0])) & ~1
    let units = stride(from: 2, to: end, by: 2).map { UInt16(descriptor[$0]) | UInt16(descriptor[$0 + 1]) << 8 }
    return String(decoding: units, as: UTF16.self)
  }
}
