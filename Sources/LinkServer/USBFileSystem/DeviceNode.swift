import LinkInterface
import SimProbe

/// A device on the virtual bus: what all programs that have opened its file share.
final class DeviceNode {
  /// The device.
  let served: ServedDevice
  /// Where it hangs.
  let location: USBLocation
  /// The interfaces that are claimed, each by one open file.
  private var claims: [UInt8: ObjectIdentifier] = [:]
  private var files: [DeviceFile] = []
  /// Which of the device's times on the bus this is.
  private let plugCount: Int?

  init(_ served: ServedDevice, location: USBLocation) {
    self.served = served
    self.location = location
    plugCount = served.device.plugCount
  }

  /// Whether the device is on the bus, and has been since it got this address.
  var isPlugged: Bool { served.isPlugged && !isReplaced }
  /// Whether the device has left this address for good.
  ///
  /// One that resets itself, and is nobody's to unplug, keeps its place meanwhile: what libusb has taken off its list comes back
  /// only with the system's word, which carriers cannot give.
  var hasLeft: Bool { plugCount != nil && !isPlugged }
  /// How often the device has shown itself here.
  var appearanceCount: Int { served.device.appearanceCount }
  /// Whether the device has come back since, at another address.
  var isReplaced: Bool { served.device.plugCount != plugCount }
  /// What the device says of itself.
  var descriptors: DeviceDescriptors { served.device.descriptors }

  /// A new open file of this device.
  func open() -> DeviceFile {
    let file = DeviceFile(node: self)
    files.append(file)
    return file
  }

  /// The program has closed a file, or has ended.
  func forget(_ file: DeviceFile) {
    for (interface, owner) in claims where owner == ObjectIdentifier(file) { release(interface) }
    files.removeAll { $0 === file }
  }

  /// The file that has claimed an interface.
  func owner(of interface: UInt8) -> ObjectIdentifier? { claims[interface] }

  /// Whether the device has an interface.
  func has(_ interface: UInt8) -> Bool {
    descriptors.interfaces.contains { $0.number == interface }
  }

  /// Gives an interface to a file, or lets it keep it.
  func claim(_ interface: UInt8, for file: DeviceFile) throws(LinuxError) {
    let owner = claims[interface]
    guard owner == nil || owner == ObjectIdentifier(file) else { throw .busy }
    // Over TCP a client holds the whole device.
    guard !served.isTaken(from: ObjectIdentifier(self)) else { throw .busy }
    claims[interface] = ObjectIdentifier(file)
    served.owner = ObjectIdentifier(self)
  }

  /// Frees an interface.
  func release(_ interface: UInt8) {
    claims[interface] = nil
    if claims.isEmpty { served.owner = nil }
  }

  /// A port reset: the kernel takes claimed interfaces away from whoever holds them, with their transfers.
  func reset() {
    for file in files { file.cancelAll() }
    for interface in claims.keys { release(interface) }
    served.request { $0.reset() }
  }

  /// The device has left the bus: transfers end, and nobody holds it any more.
  func leave() {
    pump()
    for interface in claims.keys { release(interface) }
  }

  /// Performs what can be performed of the transfers of all files.
  func pump() {
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for file in files where file.pump() { hasMoved = true }
    }
  }
}
