import LinkInterface

/// The result code of a libusb call that failed (`enum libusb_error`); unknown codes are kept.
package struct USBCallError: Error, RawRepresentable, Sendable, Hashable {
  /// The code as libusb returns it, below zero.
  package let rawValue: Int32

  /// Makes an error from a return value of libusb.
  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  static let io = USBCallError(rawValue: -1)
  static let invalidParameter = USBCallError(rawValue: -2)
  static let access = USBCallError(rawValue: -3)
  static let noDevice = USBCallError(rawValue: -4)
  static let notFound = USBCallError(rawValue: -5)
  static let busy = USBCallError(rawValue: -6)
  static let timeout = USBCallError(rawValue: -7)
  static let overflow = USBCallError(rawValue: -8)
  static let pipe = USBCallError(rawValue: -9)
  static let interrupted = USBCallError(rawValue: -10)
  static let noMemory = USBCallError(rawValue: -11)
  static let notSupported = USBCallError(rawValue: -12)
  static let other = USBCallError(rawValue: -99)

  /// libusb's names and what they mean here.
  private static let table: [USBCallError: (name: String, meaning: String)] = [
    .io: ("LIBUSB_ERROR_IO", "input/output error on the bus"),
    .invalidParameter: ("LIBUSB_ERROR_INVALID_PARAM", "invalid parameter"),
    .access: ("LIBUSB_ERROR_ACCESS", "access denied by the operating system"),
    .noDevice: ("LIBUSB_ERROR_NO_DEVICE", "the device is gone"),
    .notFound: ("LIBUSB_ERROR_NOT_FOUND", "not found"),
    .busy: ("LIBUSB_ERROR_BUSY", "held by another program or driver"),
    .timeout: ("LIBUSB_ERROR_TIMEOUT", "timed out"),
    .overflow: ("LIBUSB_ERROR_OVERFLOW", "more data than asked for"),
    .pipe: ("LIBUSB_ERROR_PIPE", "the endpoint answered STALL"),
    .interrupted: ("LIBUSB_ERROR_INTERRUPTED", "interrupted by a signal"),
    .noMemory: ("LIBUSB_ERROR_NO_MEM", "out of memory for USB transfers"),
    .notSupported: ("LIBUSB_ERROR_NOT_SUPPORTED", "not supported on this system"),
    .other: ("LIBUSB_ERROR_OTHER", "failed for a reason that libusb does not tell"),
  ]

  /// The meaning in words with libusb's own name.
  package var text: String {
    guard let row = USBCallError.table[self] else { return "unknown libusb error \(rawValue)" }
    return "\(row.meaning) (\(row.name))"
  }

  /// The failure as the seam names it.
  var reason: LinkError.Reason {
    switch self {
    case .access: .denied
    case .noDevice: .gone
    case .busy: .busy
    case .timeout: .timeout
    case .overflow: .overflow
    case .pipe: .stall
    default: .other(code: rawValue, text: text)
    }
  }
}
