import Foundation
import Testing

@testable import Links

/// Which serial port belongs to which USB device, as sysfs says it.
struct SerialPortListerTests {
  @Test func `a port is found by the bus and address of its device`() throws {
    let files = FileManager.default
    let root = files.temporaryDirectory.appending(path: "ports-\(UUID().uuidString)")
    defer { try? files.removeItem(at: root) }
    // An interface of a probe, the terminal below it, and an adapter whose port stands between the two.
    for (interface, terminal, device, address) in [
      ("usb/1-2/1-2:1.2", "ttyACM0", "usb/1-2", "7"), ("usb/1-3/1-3:1.0/ttyUSB0", "ttyUSB0", "usb/1-3", "9"),
    ] {
      try files.createDirectory(at: root.appending(path: interface), withIntermediateDirectories: true)
      let port = root.appending(path: "tty/\(terminal)")
      try files.createDirectory(at: port, withIntermediateDirectories: true)
      try files.createSymbolicLink(
        atPath: port.appending(path: "device").path, withDestinationPath: root.appending(path: interface).path)
      for (name, text) in [("busnum", "1"), ("devnum", address), ("product", "product \(address)")] {
        try (text + "\n").write(to: root.appending(path: "\(device)/\(name)"), atomically: true, encoding: .utf8)
      }
    }
    try files.createDirectory(at: root.appending(path: "tty/ttyS0"), withIntermediateDirectories: true)
    let ports = SerialPortLister.list(root: root.appending(path: "tty").path, devices: "/dev")
    #expect(ports.map(\.path) == ["/dev/ttyACM0", "/dev/ttyUSB0"])
    #expect(ports.map(\.product) == ["product 7", "product 9"])
    #expect(ports.map(\.device) == [.init(bus: 1, address: 7), .init(bus: 1, address: 9)])
  }
}
