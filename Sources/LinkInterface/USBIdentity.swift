/// What a USB device says of itself before anything is sent to it, and where it is plugged in.
public struct USBIdentity: Sendable, Equatable {
  /// idVendor.
  public var vendorID: UInt16
  /// idProduct.
  public var productID: UInt16
  /// bcdDevice, the device release number.
  public var deviceRelease: UInt16
  /// The manufacturer string; nil where the descriptor is missing or could not be read.
  public var manufacturer: String?
  /// The product string; nil where the descriptor is missing or could not be read.
  public var product: String?
  /// The serial number; nil where the descriptor is missing or could not be read.
  public var serial: USBSerial?
  /// The speed at which the device was enumerated.
  public var speed: USBSpeed
  /// Where the device hangs.
  public var location: USBLocation

  /// Makes an identity; strings that could not be read stay nil.
  public init(
    vendorID: UInt16, productID: UInt16, deviceRelease: UInt16 = 0x0100, manufacturer: String? = nil,
    product: String? = nil, serial: USBSerial? = nil, speed: USBSpeed, location: USBLocation
  ) {
    self.vendorID = vendorID
    self.productID = productID
    self.deviceRelease = deviceRelease
    self.manufacturer = manufacturer
    self.product = product
    self.serial = serial
    self.speed = speed
    self.location = location
  }
}

/// The speed at which a USB device runs.
public enum USBSpeed: String, Sendable, Equatable {
  /// Not told by the operating system.
  case unknown
  /// 1.5 Mbit/s.
  case low
  /// 12 Mbit/s: every V2 and V2-1, and a V3 behind an old hub.
  case full
  /// 480 Mbit/s: V3.
  case high
  /// 5 Gbit/s and more.
  case superSpeed
}

/// A device's place on the USB tree.
public struct USBLocation: Sendable, Equatable, Hashable {
  /// The bus number, from 1; 0 for a device that is on no bus (a simulated or a recorded probe).
  public var bus: UInt8
  /// The device address, which changes with every plug-in.
  public var address: UInt8
  /// The port numbers from the root hub outward; stays the same while the cable stays where it is.
  public var ports: [UInt8]

  /// Makes a location.
  public init(bus: UInt8, address: UInt8, ports: [UInt8] = []) {
    self.bus = bus
    self.address = address
    self.ports = ports
  }

  /// The location as Linux names it: bus, hyphen, ports separated by points ("1-4.2"); bus and address where no port
  /// is known ("1:7").
  public var path: String {
    ports.isEmpty ? "\(bus):\(address)" : "\(bus)-" + ports.map(String.init).joined(separator: ".")
  }
}
