import LinkInterface

@testable import Links

/// A device on the bus of `FakeUSB`.
final class FakeDevice {
  var vendorID: UInt16 = 0x0483
  var productID: UInt16
  var location: USBLocation
  /// The string descriptors as they are on the bus, by index; iManufacturer, iProduct and iSerial are 1, 2 and 3.
  var strings: [UInt8: [UInt8]]
  var configuration: Int32 = 1
  var hasKernelDriver = false
  /// What its configuration has, as far as it is known without opening it.
  var interfaces: [USBInterfaceClass] = []

  /// What calls fail with, by the call's name; a call that is not listed succeeds.
  var failures: [String: USBCallError] = [:]
  /// What becomes of a submitted transfer that is not a request for a string; the default answers nothing, ever.
  var answer: (Transfer) -> FakeAnswer = { _ in .silence }

  init(
    _ productID: UInt16 = 0x374B, bus: UInt8 = 1, address: UInt8 = 7, ports: [UInt8] = [4, 2], serial: String? = nil
  ) {
    self.productID = productID
    location = USBLocation(bus: bus, address: address, ports: ports)
    strings = [1: FakeDevice.descriptor("STMicroelectronics"), 2: FakeDevice.descriptor("STM32 STLink")]
    if let serial { strings[3] = FakeDevice.descriptor(serial) }
  }

  /// A string descriptor of ASCII text.
  static func descriptor(_ text: String) -> [UInt8] {
    [UInt8(2 + 2 * text.utf8.count), 3] + text.utf8.flatMap { [$0, 0] }
  }
}

/// What the fake bus does with a submitted transfer.
enum FakeAnswer {
  /// It ends after `delay` as told; the byte count is that of the data, or all of what goes out.
  case ends(TransferCompletion.Status, after: Duration = .zero, data: [UInt8] = [], byteCount: Int? = nil)
  /// Nothing happens until it is cancelled; it then comes back `delay` later with what had arrived.
  case silence
  case silenceAfter([UInt8], delay: Duration = .zero)
  /// It succeeds at the very moment at which it is cancelled.
  case successOnCancel([UInt8])
  /// It never comes back.
  case stuck
  /// The submission is refused.
  case refusal(USBCallError)

  static func success(_ data: [UInt8] = [], after delay: Duration = .zero) -> FakeAnswer {
    .ends(.completed, after: delay, data: data)
  }
}
