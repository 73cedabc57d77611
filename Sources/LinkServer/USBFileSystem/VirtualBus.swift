import LinkInterface
import SimProbe

/// A virtual USB bus that programs find at the places where Linux has its own: `/sys/bus/usb` and `/dev/bus/usb`.
package protocol VirtualBus: EventSource {
  /// The environment that a program needs to find the bus.
  var environment: [String: String] { get }

  /// Why a program may have ended without ever having seen the bus; nil where it has, or must have, seen it.
  var obstacle: String? { get }
}

extension VirtualBus {
  /// A bus that the kernel shows to everybody is seen by whoever looks.
  package var obstacle: String? { nil }
}

/// What happens on a virtual bus, for whoever shows it to a user.
package enum BusEvent: Sendable, Equatable {
  /// A program has opened a device.
  case opened(device: String)
  /// A program has closed a device, or has ended.
  case closed(device: String)
}

/// Where devices hang on a virtual bus.
enum BusPlace {
  /// The bus number that all devices are on.
  static let busNumber: UInt8 = 1
  /// The address of the first device; a root hub has 1.
  private static let firstAddress: UInt8 = 2
  /// How often a program that waits for a transfer is looked at: the virtual time goes on meanwhile.
  static let step: Duration = .milliseconds(1)

  /// Gives devices the ports of the bus in order; each with what sysfs shows of it.
  static func plug(_ devices: [ServedDevice]) -> [(node: DeviceNode, shown: SysfsDevice)] {
    zip(devices, 1...UInt8(125)).map { device, port in
      let location = USBLocation(bus: busNumber, address: firstAddress + port - 1, ports: [port])
      let shown = SysfsDevice(
        descriptors: device.device.descriptors, strings: device.strings, speed: device.device.speed,
        location: location)
      return (DeviceNode(device, location: location), shown)
    }
  }
}
