/// The address of a USB endpoint: a number from 0 to 15 and a direction (USB 2.0, table 9-13, bEndpointAddress).
public struct Endpoint: RawRepresentable, Sendable, Hashable {
  /// bEndpointAddress: bit 7 is the direction (1 is IN), bits 3 to 0 the number.
  public let rawValue: UInt8

  /// Makes an endpoint from its bEndpointAddress.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The OUT endpoint of this number.
  public static func output(_ number: UInt8) -> Endpoint {
    Endpoint(rawValue: number & 0x0F)
  }

  /// The IN endpoint of this number.
  public static func input(_ number: UInt8) -> Endpoint {
    Endpoint(rawValue: number & 0x0F | 0x80)
  }

  /// Whether data flows from the device to the host.
  public var isInput: Bool {
    rawValue & 0x80 != 0
  }

  /// The endpoint number without the direction.
  public var number: UInt8 {
    rawValue & 0x0F
  }
}
