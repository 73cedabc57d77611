import LinkInterface
import SimProbe
package import Sockets

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

/// Where a device hangs on a virtual bus, and as what: each time that it is plugged in it gets another address, as in Linux.
final class BusSlot {
  /// The bus number that all devices are on.
  static let busNumber: UInt8 = 1
  /// How often a program that waits for a transfer is looked at: the virtual time goes on meanwhile.
  static let step: Duration = .milliseconds(1)
  /// How often a device is looked at that may leave the bus or come back by itself.
  private static let glance: Duration = .milliseconds(5)

  /// The device, with its address; the last one while it is not on the bus.
  private(set) var node: DeviceNode
  /// What sysfs shows of it.
  private(set) var shown: SysfsDevice
  /// Whether programs find it there.
  private(set) var isShown: Bool

  private let served: ServedDevice
  private let port: UInt8

  /// Gives devices the ports of the bus in order; a root hub has the first address.
  static func plug(_ devices: [ServedDevice]) -> [BusSlot] {
    zip(devices, 1...UInt8(125)).map { BusSlot($0, port: $1, address: $1 + 1) }
  }

  private init(_ served: ServedDevice, port: UInt8, address: UInt8) {
    (self.served, self.port) = (served, port)
    (node, shown) = Self.appear(served, port, address)
    isShown = served.isPlugged
  }

  private static func appear(
    _ served: ServedDevice, _ port: UInt8, _ address: UInt8
  ) -> (DeviceNode, SysfsDevice) {
    let location = USBLocation(bus: busNumber, address: address, ports: [port])
    let shown = SysfsDevice(
      descriptors: served.device.descriptors, strings: served.strings, speed: served.device.speed, location: location)
    return (DeviceNode(served, location: location), shown)
  }

  /// What has happened to a device on the bus.
  enum Change {
    /// It has left: what sysfs has shown of it goes.
    case left(SysfsDevice)
    /// It is there, at an address that it did not have before.
    case came(DeviceNode, SysfsDevice)
  }

  /// Lets the device's time go on where it may change by itself, and says what has become of it, the last thing last.
  ///
  /// - Parameter nextAddress: gives an address that no device of the bus has had lately.
  func follow(_ nextAddress: () -> UInt8) -> [Change] {
    served.follow()
    guard served.device.plugCount != nil else { return [] }
    var changes: [Change] = []
    if isShown, !node.isPlugged {
      isShown = false
      node.leave()
      changes.append(.left(shown))
    }
    if !isShown, served.device.isPlugged {
      (node, shown) = Self.appear(served, port, nextAddress())
      isShown = true
      changes.append(.came(node, shown))
    }
    return changes
  }

  /// How long the bus may wait before it has to look at the device again; nil for as long as it likes.
  var patience: Duration? { served.isRestless ? Self.glance : nil }
}

/// The addresses that devices of a bus get when they come back: one after another, from 2 to 127 (USB 2.0, 9.4.6).
struct BusAddresses {
  private var last: UInt8

  /// Begins behind those that devices have from the start.
  init(after count: Int) { last = UInt8(min(count, 125)) + 1 }

  /// The next one.
  mutating func take() -> UInt8 {
    last = last < 127 ? last + 1 : 2
    return last
  }
}
