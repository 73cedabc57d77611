import Basics
import LinkInterface
import SimProbe

/// The requests of ioctl(2), with the kernel's answers (drivers/usb/core/devio.c tells which; the numbers were measured
/// with libusb against a real kernel where the reference says so).
extension DeviceFile {
  /// The driver that a claimed interface shows.
  private static let driverName = Array("usbfs".utf8)
  /// The offset of the driver's name in GETDRIVER's structure.
  private static let driverNameOffset: UInt64 = 4

  /// Performs one request.
  ///
  /// - Parameters:
  ///   - code: the request's number.
  ///   - argument: ioctl's third argument, mostly an address.
  ///   - memory: the program's memory.
  /// - Throws: `ClientGone` when the program does not answer any more.
  func perform(_ code: UInt64, argument: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    guard let request = DeviceRequest(code: code) else { return .failed(.notThisRequest) }
    switch request {
    case .reap, .reapIfReady: return try reap(argument, mayFail: request == .reapIfReady, memory: memory)
    case .discard: return outcome { () throws(LinuxError) in try discard(argument) }
    default: break
    }
    guard hasItsDevice else { return .failed(.noDevice) }
    switch request {
    case .submit: return try submit(at: argument, memory: memory)
    case .control: return try controlAtOnce(argument, memory: memory)
    case .bulk: return try bulkAtOnce(argument, memory: memory)
    case .getCapabilities:
      try memory.write(DeviceCapabilities.word.littleEndianBytes, at: argument)
      return .done(0)
    case .getDriver: return try driver(argument, memory: memory)
    case .connectInformation:
      try memory.write(
        UInt32(node.location.address).littleEndianBytes + UInt32(0).littleEndianBytes, at: argument)
      return .done(0)
    case .getSpeed: return .done(node.served.device.speed.linuxNumber)
    case .reset:
      node.reset()
      return .done(0)
    case .driverRequest: return try driverRequest(argument, memory: memory)
    default: return try interfaceRequest(request, try memory.readWord(at: argument), argument, memory: memory)
    }
  }

  private func outcome(_ body: () throws(LinuxError) -> Void) -> Outcome {
    do throws(LinuxError) {
      try body()
      return .done(0)
    } catch {
      return .failed(error)
    }
  }

  private func reap(_ address: UInt64, mayFail: Bool, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    node.pump()
    if try reap(to: address, memory: memory) { return .done(0) }
    guard node.isPlugged else { return .failed(.noDevice) }
    if isBusy || !mayFail { return .reaping(address: address, mayFail: mayFail) }
    return .failed(.again)
  }

  private func submit(at address: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    let bytes = try memory.read(RequestBlock.structureByteCount, at: address)
    var block: RequestBlock
    do throws(LinuxError) { block = try RequestBlock(bytes, at: address) } catch { return .failed(error) }
    if let refusal = try block.fetch(from: memory) { return .failed(refusal) }
    return outcome { () throws(LinuxError) in try submit(block) }
  }

  // MARK: Requests that name an interface, an endpoint or a setting

  private func interfaceRequest(
    _ request: DeviceRequest, _ word: UInt32, _ argument: UInt64, memory: some ClientMemory
  ) throws(ClientGone) -> Outcome {
    let setting = request == .setInterface ? try memory.readWord(at: argument + 4) : 0
    return outcome { () throws(LinuxError) in
      switch request {
      case .claimInterface: try claim(word, unknown: .noEntry)
      case .disconnectAndClaim: try claim(word, unknown: .invalid)
      case .releaseInterface: try release(word)
      case .setInterface: try set(interface: word, to: setting)
      case .setConfiguration: try set(configuration: word)
      case .clearHalt, .resetEndpoint: try clear(endpoint: word, onDevice: request == .clearHalt)
      default: throw .notThisRequest
      }
    }
  }

  private func claim(_ number: UInt32, unknown: LinuxError) throws(LinuxError) {
    guard let interface = UInt8(exactly: number), node.has(interface) else { throw unknown }
    try node.claim(interface, for: self)
  }

  private func release(_ number: UInt32) throws(LinuxError) {
    guard let interface = UInt8(exactly: number), node.has(interface) else { throw .noEntry }
    guard node.owner(of: interface) == ObjectIdentifier(self) else { throw .invalid }
    cancel(on: interface)
    node.release(interface)
  }

  private func set(interface number: UInt32, to setting: UInt32) throws(LinuxError) {
    try claim(number, unknown: .noEntry)
    guard node.descriptors.interfaces.contains(where: { $0.number == number && $0.alternateSetting == setting }) else {
      throw .invalid
    }
    try tell(ControlSetup(requestType: 0x01, request: 11, value: UInt16(setting), index: UInt16(number), length: 0))
  }

  private func set(configuration value: UInt32) throws(LinuxError) {
    guard value == node.descriptors.configurationValue else { throw .invalid }
    guard node.descriptors.interfaces.allSatisfy({ node.owner(of: $0.number) == nil }) else { throw .busy }
    try tell(ControlSetup(requestType: 0x00, request: 9, value: UInt16(value), index: 0, length: 0))
  }

  /// CLEAR_HALT tells the device; RESETEP resets only the host's data toggle, which no simulated device has.
  private func clear(endpoint number: UInt32, onDevice: Bool) throws(LinuxError) {
    guard let address = UInt8(exactly: number),
      let interface = node.descriptors.interface(of: Endpoint(rawValue: address))
    else { throw .noEntry }
    try node.claim(interface, for: self)
    if onDevice {
      try tell(ControlSetup(requestType: 0x02, request: 1, value: 0, index: UInt16(address), length: 0))
    }
  }

  /// A control request that the kernel makes by itself.
  private func tell(_ setup: ControlSetup) throws(LinuxError) {
    switch node.served.request({ $0.control(setup, data: []) }) {
    case .complete: node.pump()
    case .stall: throw .brokenPipe
    case .silence: throw .noProtocol
    }
  }

  // MARK: Drivers

  private func driver(_ argument: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    guard let interface = UInt8(exactly: try memory.readWord(at: argument)), node.has(interface) else {
      return .failed(.invalid)
    }
    guard node.owner(of: interface) != nil else { return .failed(.noData) }
    try memory.write(DeviceFile.driverName + [0], at: argument + DeviceFile.driverNameOffset)
    return .done(0)
  }

  /// A request to an interface's driver; the only ones that matter attach and detach it, and there is none.
  private func driverRequest(_ argument: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    guard let interface = UInt8(exactly: try memory.readWord(at: argument)), node.has(interface) else {
      return .failed(.invalid)
    }
    return .failed(.noData)
  }
}

extension DeviceFile {
  /// USBDEVFS_CONTROL: a control transfer that ends before ioctl returns.
  ///
  /// The structure: setup packet (8 bytes), timeout u32, 4 bytes of padding, address of the data.
  private func controlAtOnce(_ argument: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    let bytes = try memory.read(24, at: argument)
    let setup = ControlSetup(packet: bytes)
    let address = UInt64(bytes.littleEndianWord(at: 16)) | UInt64(bytes.littleEndianWord(at: 20)) << 32
    let isInput = setup.requestType & 0x80 != 0
    let output = isInput ? [] : try memory.read(Int(setup.length), at: address)
    switch node.served.request({ $0.control(setup, data: output) }) {
    case .complete(let received):
      guard isInput else { return .done(Int32(output.count)) }
      let taken = Array(received.prefix(Int(setup.length)))
      try memory.write(taken, at: address)
      return .done(Int32(taken.count))
    case .stall: return .failed(.brokenPipe)
    case .silence: return .failed(.noProtocol)
    }
  }

  /// USBDEVFS_BULK: a bulk transfer that ends before ioctl returns; what the device has not ready now times out.
  ///
  /// The structure: endpoint u32, length u32, timeout u32, 4 bytes of padding, address of the data.
  private func bulkAtOnce(_ argument: UInt64, memory: some ClientMemory) throws(ClientGone) -> Outcome {
    let fields = try memory.read(24, at: argument)
    guard let endpoint = UInt8(exactly: fields.littleEndianWord(at: 0)).map(Endpoint.init(rawValue:)),
      let interface = node.descriptors.interface(of: endpoint)
    else { return .failed(.noEntry) }
    var block: RequestBlock
    do throws(LinuxError) {
      try node.claim(interface, for: self)
      block = try RequestBlock(atOnce: fields, to: endpoint)
    } catch {
      return .failed(error)
    }
    if let refusal = try block.fetch(from: memory) { return .failed(refusal) }
    let answer = node.served.move(&block)
    guard answer == .complete else { return .failed(LinuxError(answer) ?? .timedOut) }
    if !block.received.isEmpty { try memory.write(block.received, at: block.bufferAddress) }
    node.pump()
    return .done(Int32(block.isInput ? block.received.count : block.output.count))
  }
}
