#if os(Linux)
import Basics
import Failures
import LinkInterface
import SimProbe
package import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A virtual USB bus that the kernel itself shows to programs: a file system in user space (FUSE) as `/dev/bus/usb`.
///
/// It is mounted where only this program and those that it starts can see it. Everything works there that works on a
/// real bus, also programs that are linked statically or call the kernel without the C library.
package final class FUSEBus: VirtualBus {
  /// A device file that a program has open.
  private struct OpenFile {
    let file: DeviceFile
    let name: String
    /// A call of ioctl(2) that waits for a transfer to end.
    var reaping: (unique: UInt64, address: UInt64, memory: ProcessMemory)?
    /// By which name the kernel wants to be told that poll(2) has something new.
    var pollHandle: UInt64?
  }

  private static let deviceFolder = "/dev/bus/usb"
  private static let systemFolder = "/sys/bus/usb"
  /// Room for the longest request: a write of 128 KiB, which never comes, and its header.
  private static let requestByteCount = 0x2_1000
  private static let root: UInt64 = 1

  /// libudev looks whether the folder of devices is a real sysfs, unless it is told not to.
  package let environment = ["SYSTEMD_DEVICE_VERIFY_SYSFS": "0"]

  private let descriptor: Int32
  private let tree: FileTree
  private let observer: (BusEvent) -> Void
  private let slots: [BusSlot]
  private var addresses: BusAddresses
  private var nodes: [UInt64: FUSENode] = [:]
  /// The device files that the folder has now.
  private var present: [UInt64] = []
  private var lastNumber = FUSEBus.root + 1
  private var files: [UInt64: OpenFile] = [:]
  private var lastHandle: UInt64 = 0
  private var isMounted = true

  /// Plugs devices in, for this program and those that it starts from now on.
  ///
  /// - Parameters:
  ///   - devices: the devices, which take the ports of the bus in order.
  ///   - observer: is told what happens.
  /// - Throws: `ServerError` where the system allows no such thing.
  package init(devices: [ServedDevice], observer: @escaping (BusEvent) -> Void = { _ in }) throws(ServerError) {
    self.observer = observer
    guard access("/dev/fuse", R_OK | W_OK) == 0 else {
      throw ServerError(
        "use /dev/fuse", number: errno,
        remedies: [
          "load the kernel module: sudo modprobe fuse", "or install umockdev (Debian, Ubuntu: apt install umockdev)",
        ])
    }
    tree = try FileTree(longestName: 0)
    slots = BusSlot.plug(devices)
    addresses = BusAddresses(after: slots.count)
    for slot in slots where slot.isShown { try slot.shown.write(to: tree) }

    let view = try MountNamespace()
    // Opened in here: a file system can be mounted only by the user namespace that has opened it.
    descriptor = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw ServerError("open /dev/fuse", number: errno) }
    try view.makePlace(FUSEBus.systemFolder)
    try view.makePlace(FUSEBus.deviceFolder)
    try view.bind("\(tree.root)\(FUSEBus.systemFolder)", on: FUSEBus.systemFolder)
    try view.mountServed(over: descriptor, on: FUSEBus.deviceFolder)
    for slot in slots where slot.isShown { makeNode(slot.node, slot.shown) }
    makeFolders()
  }

  deinit {
    close(descriptor)
  }

  /// The kernel's requests.
  package var interests: [Int32: PollEvents] { isMounted ? [descriptor: .readable] : [:] }

  /// A program that waits for a transfer is looked at again soon.
  package var patience: Duration? {
    if files.values.contains(where: { $0.file.isBusy }) { return BusSlot.step }
    return slots.compactMap(\.patience).min()
  }

  /// Serves what the kernel has asked for.
  package func handle(_ events: PollEvents, on descriptor: Int32) {
    while let bytes = receive() {
      guard let request = FUSERequest(bytes) else { continue }
      serve(request)
      tellOfFinished()
    }
  }

  /// Goes on with the programs that wait for a transfer.
  package func elapse() {
    for slot in slots {
      for change in slot.follow({ addresses.take() }) { show(change) }
    }
    for entry in files.values where entry.file.isBusy { entry.file.node.pump() }
    tellOfFinished()
  }

  // MARK: The tree

  private func makeNode(_ node: DeviceNode, _ shown: SysfsDevice) {
    lastNumber += 1
    present.append(lastNumber)
    nodes[lastNumber] = FUSENode(
      number: lastNumber, name: SysfsDevice.digits(node.location.address), content: shown.content, device: node,
      children: [])
  }

  private func makeFolders() {
    let folder = FUSEBus.root + 1
    nodes[folder] = FUSENode(
      number: folder, name: SysfsDevice.digits(BusSlot.busNumber), content: [], device: nil, children: present)
    nodes[FUSEBus.root] = FUSENode(number: FUSEBus.root, name: "", content: [], device: nil, children: [folder])
  }

  /// Shows that a device has left the bus or come back.
  ///
  /// What cannot be written then, programs do not find; files that are open keep their nodes.
  private func show(_ change: BusSlot.Change) {
    switch change {
    case .left(let shown):
      shown.remove(from: tree)
      present.removeAll { nodes[$0]?.device?.location == shown.location }
    case .came(let node, let shown):
      do throws(ServerError) {
        try shown.write(to: tree)
        makeNode(node, shown)
      } catch {
        shown.remove(from: tree)
      }
    }
    makeFolders()
  }

  // MARK: Requests

  private func receive() -> [UInt8]? {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: FUSEBus.requestByteCount) { buffer, initializedCount in
      count = read(descriptor, buffer.baseAddress, buffer.count)
      initializedCount = max(count, 0)
    }
    // The end of the file system, by umount(8) for example.
    if count < 0 && errno == ENODEV { isMounted = false }
    return count > 0 ? bytes : nil
  }

  private func send(_ bytes: [UInt8]) {
    // Fails only for a request whose caller has gone, which then needs no answer.
    _ = write(descriptor, bytes, bytes.count)
  }

  private func serve(_ request: FUSERequest) {
    guard let operation = request.operation else {
      return send(FUSEReply.bytes(to: request.unique, .failure(.notImplemented)))
    }
    guard operation.wantsReply else {
      if operation == .interrupt { interrupt(request.body.littleEndianDoubleWord(at: 0)) }
      return
    }
    do throws(LinuxError) {
      guard let content = try answer(operation, request) else { return }
      send(FUSEReply.bytes(to: request.unique, .success(content)))
    } catch {
      send(FUSEReply.bytes(to: request.unique, .failure(error)))
    }
  }

  /// The content of a reply; nil when it comes later.
  private func answer(_ operation: FUSERequest.Operation, _ request: FUSERequest) throws(LinuxError) -> [UInt8]? {
    switch operation {
    case .initialize: return FUSEReply.initialization
    case .destroy, .flush, .access, .releaseFolder, .forget, .forgetMany, .interrupt: return []
    case .statistics: return FUSEReply.statistics
    default: break
    }
    guard let node = nodes[request.node] else { throw .noEntry }
    switch operation {
    case .lookup:
      guard let found = node.children.compactMap({ nodes[$0] }).first(where: { $0.name == request.name }) else {
        throw .noEntry
      }
      return FUSEReply.entry(found)
    case .getAttributes: return FUSEReply.attributes(node)
    case .openFolder: return FUSEReply.opened(0, bypassesCache: false)
    case .open: return try makeFile(for: node)
    case .read: return Array(node.content.dropFirst(Int(request.offset)).prefix(request.size))
    case .readFolder:
      let children = node.children.compactMap { nodes[$0] }
      return FUSEReply.entries(children, from: Int(request.offset), atMost: request.size)
    case .release:
      release(request.handle)
      return []
    case .poll: return try polled(request)
    case .control: return try control(request)
    default: throw .notImplemented
    }
  }

  // MARK: Device files

  private func makeFile(for node: FUSENode) throws(LinuxError) -> [UInt8] {
    guard let device = node.device else { return FUSEReply.opened(0, bypassesCache: false) }
    guard !device.isReplaced else { throw .noDevice }
    lastHandle += 1
    files[lastHandle] = OpenFile(file: device.open(), name: device.served.name)
    observer(.opened(device: device.served.name))
    return FUSEReply.opened(lastHandle, bypassesCache: true)
  }

  private func release(_ handle: UInt64) {
    guard let entry = files.removeValue(forKey: handle) else { return }
    entry.file.close()
    observer(.closed(device: entry.name))
  }

  private func polled(_ request: FUSERequest) throws(LinuxError) -> [UInt8] {
    guard let file = files[request.handle]?.file else { throw .badFile }
    if request.wantsWaking { files[request.handle]?.pollHandle = request.pollHandle }
    return FUSEReply.polled(FUSEBus.events(of: file))
  }

  /// What poll(2) says of a device file: writable when a transfer can be reaped, broken when the device has gone.
  private static func events(of file: DeviceFile) -> UInt32 {
    var events: UInt32 = 0
    if file.hasFinished { events |= UInt32(POLLOUT) | UInt32(POLLWRNORM) }
    if file.node.hasLeft { events |= UInt32(POLLERR) | UInt32(POLLHUP) }
    return events
  }

  private func control(_ request: FUSERequest) throws(LinuxError) -> [UInt8]? {
    guard let file = files[request.handle]?.file, !request.isFrom32Bits else { throw .notThisRequest }
    let memory = ProcessMemory(thread: request.thread)
    let outcome: DeviceFile.Outcome
    do throws(ClientGone) {
      outcome = try file.perform(UInt64(request.code), argument: request.argument, memory: memory)
    } catch {
      throw .fault
    }
    switch outcome {
    case .done(let result): return FUSEReply.controlled(result)
    case .failed(let error): throw error
    case .reaping(let address, let mayFail):
      guard !mayFail else { throw .again }
      files[request.handle]?.reaping = (request.unique, address, memory)
      return nil
    }
  }

  /// A program that waits in ioctl(2) was sent a signal.
  private func interrupt(_ unique: UInt64) {
    for (handle, entry) in files where entry.reaping?.unique == unique {
      files[handle]?.reaping = nil
      send(FUSEReply.bytes(to: unique, .failure(.interrupted)))
    }
  }

  /// Answers those who wait for a transfer that has ended, and wakes those who poll.
  private func tellOfFinished() {
    for (handle, entry) in files where entry.file.hasFinished || entry.file.node.hasLeft {
      if let reaping = entry.reaping {
        files[handle]?.reaping = nil
        send(FUSEReply.bytes(to: reaping.unique, reap(for: reaping, from: entry.file)))
      }
      if let pollHandle = entry.pollHandle {
        files[handle]?.pollHandle = nil
        send(FUSEReply.wake(pollHandle: pollHandle))
      }
    }
  }

  private func reap(
    for reaping: (unique: UInt64, address: UInt64, memory: ProcessMemory), from file: DeviceFile
  ) -> Result<[UInt8], LinuxError> {
    do throws(ClientGone) {
      guard try file.reap(to: reaping.address, memory: reaping.memory) else { return .failure(.noDevice) }
      return .success(FUSEReply.controlled(0))
    } catch {
      return .failure(.fault)
    }
  }
}

/// The fields behind the header, by operation.
extension FUSERequest {
  /// The handle of an open file, which most requests begin with.
  fileprivate var handle: UInt64 { body.littleEndianDoubleWord(at: 0) }
  /// fuse_read_in: where to begin.
  fileprivate var offset: UInt64 { body.littleEndianDoubleWord(at: 8) }
  /// fuse_read_in: how much at the most.
  fileprivate var size: Int { Int(body.littleEndianWord(at: 16)) }
  /// fuse_ioctl_in: FUSE_IOCTL_COMPAT, a program of 32 bits, whose structures look different.
  fileprivate var isFrom32Bits: Bool { body.littleEndianWord(at: 8) & 1 != 0 }
  /// fuse_ioctl_in: the request's number.
  fileprivate var code: UInt32 { body.littleEndianWord(at: 12) }
  /// fuse_ioctl_in: the third argument.
  fileprivate var argument: UInt64 { body.littleEndianDoubleWord(at: 16) }
  /// fuse_poll_in: the name to wake the callers by.
  fileprivate var pollHandle: UInt64 { body.littleEndianDoubleWord(at: 8) }
  /// fuse_poll_in: FUSE_POLL_SCHEDULE_NOTIFY.
  fileprivate var wantsWaking: Bool { body.littleEndianWord(at: 16) & 1 != 0 }
}
#endif
