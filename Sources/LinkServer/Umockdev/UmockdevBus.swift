import Failures
import LinkInterface
import SimProbe
package import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A virtual USB bus for programs that run with umockdev's preload library (Debian's package `umockdev`).
///
/// The library shows its program a folder of ours as `/sys` and `/dev`, and carries calls of ioctl(2) on device files
/// to sockets in that folder. The program, libusb included, is the one that everybody has; no privileges, no kernel USB.
package final class UmockdevBus: VirtualBus {
  private static let library = "libumockdev-preload.so.0"
  /// The folders that programs expect on every machine; pyOCD looks among the disks for a probe's mass storage.
  private static let folders = [
    "sys/class/block", "sys/block", "sys/bus/usb/devices", "dev/disk/by-id", "ioctl/dev",
  ]
  /// The longest path below the folder: a device's socket.
  private static let longestName = "/ioctl/dev/bus/usb/001/127".utf8.count

  /// The environment that makes a program see the bus.
  package let environment: [String: String]

  /// Nothing that the program did has come here: the library was not loaded into it, or it never asked for USB.
  package var obstacle: String? {
    hasBeenReached
      ? nil
      : "the program has opened no probe; umockdev's library does not reach programs that are linked statically, that run "
        + "with other rights, or that are for another architecture"
  }

  private var hasBeenReached = false
  private let tree: FileTree
  private let observer: (BusEvent) -> Void
  private var slots: [BusSlot] = []
  private var addresses = BusAddresses(after: 0)
  /// The listening sockets, each with the device that it stands for.
  private var listeners: [Int32: (socket: Socket, node: DeviceNode?)] = [:]
  private var connections: [Int32: (connection: UmockdevConnection, node: DeviceNode?)] = [:]

  /// Plugs devices in.
  ///
  /// - Parameters:
  ///   - devices: the devices, which take the ports of the bus in order.
  ///   - observer: is told what happens.
  /// - Throws: `ServerError` when the preload library is not installed, or when the folder cannot be made.
  package init(devices: [ServedDevice], observer: @escaping (BusEvent) -> Void = { _ in }) throws(ServerError) {
    guard let library = UmockdevBus.findLibrary() else {
      throw ServerError(
        "run a program with a simulated probe", text: "\(UmockdevBus.library) is missing",
        remedies: ["install umockdev (Debian, Ubuntu: apt install umockdev)"])
    }
    self.observer = observer
    tree = try FileTree(longestName: UmockdevBus.longestName)
    let preload = [library] + (getenv("LD_PRELOAD").map { [String(cString: $0)] } ?? [])
    environment = ["LD_PRELOAD": preload.joined(separator: ":"), "UMOCKDEV_DIR": tree.root]
    for folder in UmockdevBus.folders { try tree.makeFolder(folder) }
    slots = BusSlot.plug(devices)
    addresses = BusAddresses(after: slots.count)
    for slot in slots where slot.isShown { try plugIn(slot.node, slot.shown) }
    // Every other file below /dev: answered with "make the real call", else each opening would leak a socket.
    try listen("ioctl/_default", for: nil)
  }

  /// All sockets.
  package var interests: [Int32: PollEvents] {
    var interests: [Int32: PollEvents] = [:]
    for descriptor in listeners.keys { interests[descriptor] = .readable }
    for descriptor in connections.keys { interests[descriptor] = .readable }
    return interests
  }

  /// A program that waits for a transfer is looked at again soon.
  package var patience: Duration? {
    if connections.values.contains(where: { $0.connection.isReaping }) { return BusSlot.step }
    return slots.compactMap(\.patience).min()
  }

  /// Accepts a connection or serves one.
  package func handle(_ events: PollEvents, on descriptor: Int32) {
    if let listener = listeners[descriptor] {
      while let socket = listener.socket.accept() {
        let connection = UmockdevConnection(socket, file: listener.node?.open())
        connections[socket.descriptor] = (connection, listener.node)
        hasBeenReached = true
        if let node = listener.node { observer(.opened(device: node.served.name)) }
      }
    } else if let entry = connections[descriptor], !entry.connection.serve() {
      remove(descriptor)
    }
  }

  /// Goes on with the programs that wait for a transfer.
  package func elapse() {
    for slot in slots {
      for change in slot.follow({ addresses.take() }) { show(change) }
    }
    for (descriptor, entry) in connections where entry.connection.isReaping {
      entry.node?.pump()
      if !entry.connection.goOn() { remove(descriptor) }
    }
  }

  private func remove(_ descriptor: Int32) {
    guard let entry = connections.removeValue(forKey: descriptor) else { return }
    entry.connection.close()
    if let node = entry.node { observer(.closed(device: node.served.name)) }
  }

  /// Shows that a device has left the bus or come back; what cannot be written then, programs do not find.
  private func show(_ change: BusSlot.Change) {
    switch change {
    case .left(let shown):
      shown.remove(from: tree)
      for path in paths(of: shown) { tree.remove(path) }
      for (descriptor, entry) in listeners where entry.node?.location == shown.location { listeners[descriptor] = nil }
    case .came(let node, let shown):
      do throws(ServerError) {
        try plugIn(node, shown)
      } catch {
        shown.remove(from: tree)
      }
    }
  }

  /// The files of a device beside those of sysfs: the device file, its number, its socket.
  private func paths(of shown: SysfsDevice) -> [String] {
    ["dev/\(shown.node)", "dev/.node/\(flatName(of: shown))", "ioctl/dev/\(shown.node)"]
  }

  private func flatName(of shown: SysfsDevice) -> String {
    shown.node.split(separator: "/").joined(separator: "_")
  }

  private func plugIn(_ node: DeviceNode, _ shown: SysfsDevice) throws(ServerError) {
    try shown.write(to: tree)
    // To poll(2) and read(2) the device file is an ordinary file; its number is told by a link beside it.
    try tree.write("dev/\(shown.node)", shown.content)
    try tree.link("dev/.node/\(flatName(of: shown))", to: shown.deviceNumber)
    try listen("ioctl/dev/\(shown.node)", for: node)
  }

  private func listen(_ path: String, for node: DeviceNode?) throws(ServerError) {
    try tree.makeFolder(path.split(separator: "/").dropLast().joined(separator: "/"))
    let socket = try Socket.listening(path: "\(tree.root)/\(path)")
    listeners[socket.descriptor] = (socket, node)
  }

  /// The preload library's path; nil where it is not installed.
  private static func findLibrary() -> String? {
    let own = (getenv("LD_LIBRARY_PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
    let folders =
      own + ["/usr/local/lib", "/usr/lib64", "/usr/lib"]
      + ["x86_64", "aarch64"].flatMap { ["/usr/lib/\($0)-linux-gnu", "/lib/\($0)-linux-gnu"] }
    return folders.map { "\($0)/\(library)" }.first { access($0, R_OK) == 0 }
  }
}
