import Basics
import LinkInterface
import SimProbe
import Sockets

/// A device as Linux's sysfs shows it: the files by which libusb and udev find it.
struct SysfsDevice {
  /// The descriptors.
  let descriptors: DeviceDescriptors
  /// The strings of the device: manufacturer, product, serial number; nil where there is none.
  let strings: [String: String]
  /// The speed.
  let speed: USBSpeed
  /// Where it hangs.
  let location: USBLocation

  /// The name below `/sys/bus/usb/devices`, such as "1-1".
  var name: String { location.path }
  /// The device file without `/dev/`: "bus/usb/001/002".
  var node: String { "bus/usb/\(SysfsDevice.digits(location.bus))/\(SysfsDevice.digits(location.address))" }
  /// The device number: 189 is the major number of USB devices, and each bus has 128 minor numbers.
  private var minor: Int { (Int(location.bus) - 1) * 128 + Int(location.address) - 1 }
  private static let major = 189

  /// Writes the folder of the device with its interfaces.
  ///
  /// A real sysfs has links to the devices where this has the devices themselves.
  func write(to tree: FileTree) throws(ServerError) {
    let folder = "sys/bus/usb/devices/\(name)"
    for (attribute, value) in attributes { try tree.write("\(folder)/\(attribute)", line: value) }
    try tree.write("\(folder)/descriptors", content)
    try tree.write("\(folder)/uevent", Array(uevent.utf8))
    // What a `subsystem` link points to need not exist; its last part names the subsystem.
    try tree.link("\(folder)/subsystem", to: "../../../../bus/usb")
    for interface in descriptors.interfaces where interface.alternateSetting == 0 {
      try write(interface, to: tree, below: folder)
    }
  }

  /// Removes what `write` has written: the device has left the bus.
  func remove(from tree: FileTree) {
    let folder = "sys/bus/usb/devices/\(name)"
    for interface in descriptors.interfaces {
      tree.remove("\(folder):\(descriptors.configurationValue).\(interface.number)")
    }
    tree.remove(folder)
  }

  /// What can be read from the device file.
  var content: [UInt8] { descriptors.device + descriptors.configuration }

  /// The device number as sysfs and umockdev write it.
  var deviceNumber: String { "\(SysfsDevice.major):\(minor)" }

  private func write(_ interface: InterfaceDescription, to tree: FileTree, below folder: String) throws(ServerError) {
    let interfaceName = "\(name):\(descriptors.configurationValue).\(interface.number)"
    let path = "\(folder)/\(interfaceName)"
    let classBytes = interface.interfaceClass.map { Hexadecimal.digits($0, width: 2, uppercase: false) }
    try tree.write("\(path)/bInterfaceNumber", line: Hexadecimal.digits(interface.number, width: 2, uppercase: false))
    try tree.write("\(path)/bAlternateSetting", line: " 0")
    try tree.write(
      "\(path)/bNumEndpoints", line: Hexadecimal.digits(interface.endpoints.count, width: 2, uppercase: false))
    for (attribute, value) in zip(["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"], classBytes) {
      try tree.write("\(path)/\(attribute)", line: value)
    }
    try tree.write("\(path)/uevent", Array("DEVTYPE=usb_interface\nPRODUCT=\(productText)\n".utf8))
    try tree.link("\(path)/subsystem", to: "../../../../../bus/usb")
    try tree.link("sys/bus/usb/devices/\(interfaceName)", to: "\(name)/\(interfaceName)")
  }

  private var attributes: [String: String] {
    let classBytes = descriptors.deviceClass.map { Hexadecimal.digits($0, width: 2, uppercase: false) }
    let own = [
      "busnum": "\(location.bus)", "devnum": "\(location.address)", "dev": deviceNumber,
      "devpath": location.ports.map(String.init).joined(separator: "."), "speed": speed == .high ? "480" : "12",
      "version": " 2.00", "maxchild": "0", "bConfigurationValue": "\(descriptors.configurationValue)",
      "bNumConfigurations": "1", "bNumInterfaces": " \(Set(descriptors.interfaces.map(\.number)).count)",
      "idVendor": Hexadecimal.digits(descriptors.vendorID, width: 4, uppercase: false),
      "idProduct": Hexadecimal.digits(descriptors.productID, width: 4, uppercase: false),
      "bcdDevice": Hexadecimal.digits(descriptors.deviceRelease, width: 4, uppercase: false),
      "bDeviceClass": classBytes[0], "bDeviceSubClass": classBytes[1], "bDeviceProtocol": classBytes[2],
    ]
    return own.merging(strings) { own, _ in own }
  }

  private var uevent: String {
    let type = descriptors.deviceClass.map(String.init).joined(separator: "/")
    let lines = [
      "MAJOR=\(SysfsDevice.major)", "MINOR=\(minor)", "DEVNAME=\(node)", "DEVTYPE=usb_device", "DRIVER=usb",
      "PRODUCT=\(productText)", "TYPE=\(type)", "BUSNUM=\(SysfsDevice.digits(location.bus))",
      "DEVNUM=\(SysfsDevice.digits(location.address))",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  /// Vendor, product and release as uevents have them: hexadecimal without leading zeros.
  private var productText: String {
    [descriptors.vendorID, descriptors.productID, descriptors.deviceRelease].map { String($0, radix: 16) }
      .joined(separator: "/")
  }

  /// A bus number or an address as names of device files have them.
  static func digits(_ value: UInt8) -> String {
    let text = String(value)
    return String(repeating: "0", count: 3 - text.count) + text
  }
}
