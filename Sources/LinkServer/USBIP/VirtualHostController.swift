import Failures
import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Linux's virtual host controller (the module vhci-hcd) as sysfs shows it: ports to which USB/IP devices are attached.
struct VirtualHostController {
  /// Where the kernel has it.
  static let usualFolder = "/sys/devices/platform/vhci_hcd.0"

  private static let moduleRemedy: Advice = "load the kernel module: sudo modprobe vhci-hcd"
  private static let otherCarriers: Advice = "\(.serveOtherwise, or: "the other carriers")"
  /// The state of a port that nothing is attached to.
  private static let freeState = "004"

  private let folder: String

  /// Finds the controller.
  ///
  /// - Throws: `ServerError` when its module is not loaded.
  init(folder: String = VirtualHostController.usualFolder) throws(ServerError) {
    guard access("\(folder)/status", R_OK) == 0 else {
      throw ServerError(
        "attach a simulated probe", text: "the kernel module vhci-hcd is not loaded",
        remedies: [
          VirtualHostController.moduleRemedy,
          "without the module or root: \(VirtualHostController.otherCarriers)",
        ])
    }
    self.folder = folder
  }

  /// The first free port for devices up to high speed.
  func freePort() throws(ServerError) -> Int {
    let status = try SystemFile.read("\(folder)/status")
    guard let port = VirtualHostController.freePort(in: status) else {
      throw ServerError(
        "attach a simulated probe", text: "all ports of vhci-hcd are taken",
        remedies: ["see them with \"usbip port\" and free one with \"usbip detach -p PORT\""])
    }
    return port
  }

  /// Gives the kernel one end of a connection over which USB/IP transfers go from now on.
  ///
  /// - Parameters:
  ///   - descriptor: a stream socket; the kernel keeps its own hold on it.
  ///   - port: a free port.
  ///   - deviceID: bus << 16 and address, as the messages shall carry them.
  ///   - speed: enum usb_device_speed.
  func attach(_ descriptor: Int32, to port: Int, deviceID: UInt32, speed: Int32) throws(ServerError) {
    do throws(ServerError) {
      try SystemFile.write("\(folder)/attach", "\(port) \(descriptor) \(deviceID) \(speed)")
    } catch {
      let needsRoot = error.number == EACCES || error.number == EPERM
      throw ServerError(
        "attach a simulated probe", text: needsRoot ? "only root may attach USB devices" : error.text,
        remedies: needsRoot
          ? ["run it with sudo", "without root: \(VirtualHostController.otherCarriers)"]
          : [])
    }
  }

  /// The first free port of a status file: after a line of headings, "hub port state ...", with "hs" or "ss" for the hub.
  static func freePort(in status: String) -> Int? {
    for line in status.split(separator: "\n").dropFirst() {
      let fields = line.split(separator: " ")
      guard fields.count >= 3, fields[0] == "hs", fields[2] == freeState, let port = Int(fields[1]) else { continue }
      return port
    }
    return nil
  }
}

/// Small files of the kernel's own file systems, which are read and written in one piece.
enum SystemFile {
  private static let limit = 0x1_0000

  /// Reads a text file.
  static func read(_ path: String) throws(ServerError) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ServerError("read \(path)", number: errno) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4_096)
    while content.count < limit {
      #if canImport(Glibc)
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      #elseif canImport(Musl)
      let count = Musl.read(descriptor, &chunk, chunk.count)
      #else
      let count = Darwin.read(descriptor, &chunk, chunk.count)
      #endif
      guard count >= 0 else { throw ServerError("read \(path)", number: errno) }
      guard count > 0 else { break }
      content += chunk.prefix(count)
    }
    return String(decoding: content, as: UTF8.self)
  }

  /// Writes a text to a file that exists.
  static func write(_ path: String, _ text: String) throws(ServerError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ServerError("write \(path)", number: errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    #if canImport(Glibc)
    let count = Glibc.write(descriptor, bytes, bytes.count)
    #elseif canImport(Musl)
    let count = Musl.write(descriptor, bytes, bytes.count)
    #else
    let count = Darwin.write(descriptor, bytes, bytes.count)
    #endif
    guard count == bytes.count else { throw ServerError("write \(path)", number: errno) }
  }
}
