/// The serial adapters that are plugged in, as the kernel lists them (sysfs, `/sys/class/tty`).
package enum SerialPortLister {
  /// A serial port.
  package struct Port: Sendable, Equatable {
    /// The path of its device.
    package let path: String
    /// What the adapter calls itself; nil where it says nothing.
    package let product: String?
    /// Bus and address of the USB device that it belongs to, as the kernel numbers them; nil where nothing says.
    package var device: BusAndAddress?
  }

  /// Where a USB device is on its bus.
  package struct BusAndAddress: Sendable, Equatable {
    /// The bus number, from 1.
    package let bus: Int
    /// The device address.
    package let address: Int

    /// Makes it.
    package init(bus: Int, address: Int) {
      self.bus = bus
      self.address = address
    }
  }

  /// The ports of USB adapters, by path.
  ///
  /// - Parameters:
  ///   - root: where sysfs lists terminals.
  ///   - devices: where their device files are.
  package static func list(root: String = "/sys/class/tty", devices: String = "/dev") -> [Port] {
    SystemFiles.names(in: root).filter { $0.hasPrefix("ttyUSB") || $0.hasPrefix("ttyACM") }.sorted().map { name in
      Port(
        path: "\(devices)/\(name)", product: product(named: name, root: root), device: device(named: name, root: root))
    }
  }

  /// What the adapter behind a path calls itself; nil where it says nothing.
  static func product(of path: String) -> String? {
    product(named: path.split(separator: "/").last.map(String.init) ?? path, root: "/sys/class/tty")
  }

  /// The interface is the device of the terminal or of the port in front of it; its parent has the strings.
  private static func product(named name: String, root: String) -> String? {
    ["..", "../.."].lazy.compactMap { SystemFiles.firstLine(of: "\(root)/\(name)/device/\($0)/product") }.first
  }

  private static func device(named name: String, root: String) -> BusAndAddress? {
    ["..", "../.."].lazy.compactMap { step -> BusAndAddress? in
      let folder = "\(root)/\(name)/device/\(step)"
      guard let bus = SystemFiles.firstLine(of: "\(folder)/busnum").flatMap({ Int($0) }),
        let address = SystemFiles.firstLine(of: "\(folder)/devnum").flatMap({ Int($0) })
      else { return nil }
      return BusAndAddress(bus: bus, address: address)
    }.first
  }
}
