import Failures
public import LinkInterface

/// A device that speaks plain DFU 1.1: it takes a file as a whole and does with it what it likes, and gives one back.
///
/// It has no addresses and no erase that could be asked for, so nothing can be planned, kept or compared.
public final class PlainDFUDevice {
  private let device: any USBDevice
  private let interruption: Interruption?
  private var connection: DFUConnection?

  /// How long a device may work on a block, or on all of it in the end, beyond what it asks for itself.
  private static let patience: Duration = .seconds(60)
  /// What nobody's flash is larger than: a device that gives more does not stop.
  private static let largestByteCount = 64 << 20

  /// Makes a device that nobody has talked to yet.
  public init(device: any USBDevice, interruption: Interruption?) {
    self.device = device
    self.interruption = interruption
  }

  /// Whether a device names no memory with addresses.
  public static func isPlain(_ device: any USBDevice) throws(SessionError) -> Bool {
    try SessionError.wrapping { () throws(DebugError) in
      let connection = try DFUConnection(device)
      for alternate in connection.interface.alternates {
        let text = try connection.name(of: alternate) ?? ""
        if DFUMemory(alternate: alternate.number, text: text) != nil { return false }
      }
      return true
    }
  }

  /// The most that one block holds.
  private var blockByteCount: Int { max(connection?.interface.blockByteCount ?? 64, 1) }

  /// Reads what the device says of itself, and brings it into the state in which everything begins.
  public func open() throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      let connection = try DFUConnection(device)
      guard connection.interface.isInDFUMode else { throw .dfu(.runtime, during: "connecting") }
      self.connection = connection
      try connection.select(alternate: connection.interface.alternates[0].number)
      try connection.makeIdle()
    }
  }

  /// Refuses a file that names another device.
  public func check(_ named: DFUFileDevice) throws(SessionError) {
    let identity = device.identity
    guard named.includes(vendorID: identity.vendorID, productID: identity.productID) else {
      throw .plan(.forOtherDevice(named, found: identity.idText))
    }
  }

  /// Sends a file, and lets the device do what it does with it.
  ///
  /// - Parameter advance: is told how many bytes have been taken.
  public func download(_ bytes: [UInt8], advance: (Int) -> Void) throws(SessionError) {
    try SessionError.wrapping { () throws(DebugError) in
      let connection = try opened(for: .download)
      var block = 0
      for start in stride(from: 0, to: bytes.count, by: blockByteCount) {
        let part = Array(bytes[start..<min(bytes.count, start + blockByteCount)])
        try send(part, as: block, connection)
        try settle(connection, in: [.downloadIdle])
        advance(part.count)
        block += 1
      }
      try send([], as: block, connection)
      try manifest(connection)
    }
  }

  /// Reads what the device gives.
  public func upload(advance: (Int) -> Void) throws(SessionError) -> [UInt8] {
    try SessionError.wrapping { () throws(DebugError) in
      let connection = try opened(for: .upload)
      var bytes: [UInt8] = []
      var block = 0
      while bytes.count < Self.largestByteCount {
        if interruption?.isRequested ?? false { throw .interrupted }
        let part: [UInt8]
        do throws(DebugError) {
          part = try connection.upload(block: UInt16(truncatingIfNeeded: block), byteCount: blockByteCount)
        } catch {
          throw try explained(error, during: DFURequest.upload.name, connection)
        }
        bytes += part
        advance(part.count)
        // A short block is the last one.
        if part.count < blockByteCount { return bytes }
        block += 1
      }
      throw .dfu(.malformed([]), during: DFURequest.upload.name)
    }
  }

  /// Gives the device back.
  public func close() { device.close() }

  // MARK: - Parts

  private func opened(for ability: DFUInterface.Abilities) throws(DebugError) -> DFUConnection {
    guard let connection else { throw .dfu(.gone, during: "connecting") }
    guard connection.interface.abilities?.contains(ability) ?? true else {
      throw .dfu(.refused(nil), during: ability == .upload ? "reading, which it says it cannot do" : "writing")
    }
    return connection
  }

  private func send(_ bytes: [UInt8], as block: Int, _ connection: DFUConnection) throws(DebugError) {
    if interruption?.isRequested ?? false { throw .interrupted }
    do throws(DebugError) {
      try connection.download(block: UInt16(truncatingIfNeeded: block), bytes)
    } catch {
      throw try explained(error, during: DFURequest.download.name, connection)
    }
  }

  private func explained(
    _ error: DebugError, during name: String, _ connection: DFUConnection
  ) throws(DebugError) -> DebugError {
    guard error.fault?.kind == .refused else { return error }
    return .dfu(.refused(try connection.status()), during: name)
  }

  /// Waits until the device has come into one of these states.
  @discardableResult
  private func settle(_ connection: DFUConnection, in states: Set<DFUState>) throws(DebugError) -> DFUState {
    let deadline = device.clock.deadline(after: Self.patience)
    while true {
      let report = try connection.status(within: Self.patience)
      guard let state = report.state, state != .error else {
        throw .dfu(.refused(report), during: DFURequest.download.name)
      }
      if states.contains(state) { return state }
      guard !device.clock.hasPassed(deadline) else { throw .dfu(.busy(report), during: DFURequest.download.name) }
      device.clock.wait(for: max(report.pollTime, .milliseconds(1)))
    }
  }

  /// The end: the device makes a program of what it has got.
  ///
  /// One that is not tolerant of that leaves the bus, or waits for a
  /// reset.
  private func manifest(_ connection: DFUConnection) throws(DebugError) {
    do throws(DebugError) {
      guard try settle(connection, in: [.idle, .manifestWaitReset]) == .manifestWaitReset else { return }
    } catch {
      guard error.fault?.kind == .lost else { throw error }
      return
    }
    do throws(LinkError) {
      try device.reset()
    } catch {
      // It comes back as something else.
      guard error.reason == .gone else { throw .transport(error, during: "resetting the device") }
    }
  }
}
