import LinkInterface

/// The requests that every USB device knows (USB 2.0, section 9.4), as far as a recording holds them.
enum StandardRequest {
  /// bRequest values (USB 2.0, table 9-4).
  private enum Number {
    static let clearFeature: UInt8 = 1
    static let setAddress: UInt8 = 5
    static let getDescriptor: UInt8 = 6
  }

  /// bDescriptorType values (USB 2.0, table 9-5).
  enum DescriptorType: UInt16 {
    case device = 1
    case configuration = 2
    case string = 3
  }

  /// Sizes of descriptors in bytes (USB 2.0, tables 9-8 and 9-10).
  enum DescriptorSize {
    static let device: UInt16 = 18
    static let configuration: UInt16 = 9
  }

  static func getDescriptor(_ type: DescriptorType, number: UInt8 = 0, language: UInt16 = 0, length: UInt16)
    -> ControlSetup
  {
    ControlSetup(
      requestType: 0x80, request: Number.getDescriptor, value: type.rawValue << 8 | UInt16(number), index: language,
      length: length)
  }

  /// Where a device descriptor holds iSerialNumber (USB 2.0, table 9-8).
  static let serialIndexOffset = 16

  /// The descriptor that a GET_DESCRIPTOR asks for; nil for other requests and descriptors.
  static func descriptor(askedBy setup: ControlSetup) -> (type: DescriptorType, number: UInt8)? {
    guard setup.requestType == 0x80, setup.request == Number.getDescriptor,
      let type = DescriptorType(rawValue: setup.value >> 8)
    else { return nil }
    return (type, UInt8(truncatingIfNeeded: setup.value))
  }

  /// CLEAR_FEATURE(ENDPOINT_HALT).
  static func clearHalt(of endpoint: Endpoint) -> ControlSetup {
    ControlSetup(
      requestType: 0x02, request: Number.clearFeature, value: 0, index: UInt16(endpoint.rawValue), length: 0)
  }

  /// SET_ADDRESS: what a host sends after it has reset a device, and so the mark of a reset in a recording.
  static func setAddress(_ address: UInt8) -> ControlSetup {
    ControlSetup(requestType: 0x00, request: Number.setAddress, value: UInt16(address), index: 0, length: 0)
  }

  /// Whether a request is GET_DESCRIPTOR of a type, for the device.
  static func isGetDescriptor(_ setup: ControlSetup, _ type: DescriptorType) -> Bool {
    setup.requestType == 0x80 && setup.request == Number.getDescriptor && setup.value >> 8 == type.rawValue
  }

  /// Whether a request is SET_ADDRESS.
  static func isSetAddress(_ setup: ControlSetup) -> Bool {
    setup.requestType == 0x00 && setup.request == Number.setAddress
  }

  /// Whether a request clears a stalled endpoint.
  static func isClearHalt(_ setup: ControlSetup) -> Bool {
    setup.requestType == 0x02 && setup.request == Number.clearFeature && setup.value == 0
  }

  /// Whether a request is one of the standard ones, which the operating system sends on its own account too.
  static func isStandard(_ setup: ControlSetup) -> Bool {
    setup.requestType & 0x60 == 0
  }
}
