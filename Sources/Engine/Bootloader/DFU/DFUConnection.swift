import Basics
import LinkInterface

/// The requests of device firmware upgrade on one interface of a USB device.
struct DFUConnection {
  let device: any USBDevice
  let interface: DFUInterface

  /// How long a request may take that starts nothing (USB 2.0, 9.2.6.4, gives a data packet 500 ms).
  static let patience: Duration = .seconds(2)
  /// How often the way to the idle state is tried.
  private static let roundCount = 4

  /// Reads the configuration of a device and finds its DFU interface.
  init(_ device: any USBDevice) throws(DebugError) {
    self.device = device
    let name = "reading descriptors"
    let head = try Self.configuration(of: device, byteCount: 9, name)
    guard head.count >= 4 else { throw .dfu(.malformed(head), during: name) }
    let length = UInt16(head[2]) | UInt16(head[3]) << 8
    let whole = try Self.configuration(of: device, byteCount: max(length, 9), name)
    guard let interface = DFUInterface(configuration: whole) else { throw .dfu(.notDFU, during: name) }
    self.interface = interface
  }

  private static func configuration(
    of device: any USBDevice, byteCount: UInt16, _ name: String
  ) throws(DebugError) -> [UInt8] {
    let setup = ControlSetup(requestType: 0x80, request: 6, value: 0x0200, index: 0, length: byteCount)
    return try perform(.controlIn(setup), on: device, within: patience, name)
  }

  /// The name of an alternate setting; nil where it has none or does not tell it.
  func name(of alternate: DFUInterface.Alternate) throws(DebugError) -> String? {
    guard alternate.nameIndex != 0 else { return nil }
    do throws(DebugError) {
      let bytes = try perform(
        .controlIn(.stringDescriptor(alternate.nameIndex)), within: Self.patience, "reading descriptors")
      // Some say that they are longer than what they send.
      let end = min(bytes.count, Int(bytes.first ?? 0)) & ~1
      let units = stride(from: 2, to: end, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
      return String(decoding: units, as: UTF16.self)
    } catch {
      guard error.fault?.kind == .refused else { throw error }
      return nil
    }
  }

  // MARK: Requests

  /// Chooses an alternate setting.
  func select(alternate: UInt8) throws(DebugError) {
    let setup = ControlSetup(
      requestType: 0x01, request: 11, value: UInt16(alternate), index: UInt16(interface.number), length: 0)
    _ = try perform(.controlOut(setup, []), within: Self.patience, "choosing a memory")
  }

  /// Asks for status and state; a device that works answers when it has finished.
  func status(within limit: Duration = patience) throws(DebugError) -> DFUStatusReport {
    let bytes = try request(.getStatus, length: UInt16(DFUStatusReport.byteCount), within: limit)
    guard let report = DFUStatusReport(bytes) else {
      throw .dfu(.malformed(bytes), during: DFURequest.getStatus.name)
    }
    return report
  }

  /// Sends a block; nothing happens before the status is asked for.
  func download(block: UInt16, _ bytes: [UInt8]) throws(DebugError) {
    let setup = setup(.download, value: block, length: UInt16(bytes.count))
    _ = try perform(.controlOut(setup, bytes), within: Self.patience, DFURequest.download.name)
  }

  /// Reads a block.
  func upload(block: UInt16, byteCount: Int) throws(DebugError) -> [UInt8] {
    try request(.upload, value: block, length: UInt16(byteCount))
  }

  /// Leaves the error state.
  func clearStatus() throws(DebugError) { try order(.clearStatus) }

  /// Goes back to where everything begins.
  func abort() throws(DebugError) { try order(.abort) }

  /// Asks a running program to make way for its bootloader.
  func detach(within limit: Duration) throws(DebugError) {
    let milliseconds = UInt16(clamping: limit.components.seconds * 1000)
    let setup = setup(.detach, value: milliseconds, length: 0)
    _ = try perform(.controlOut(setup, []), within: Self.patience, DFURequest.detach.name)
  }

  private func order(_ request: DFURequest) throws(DebugError) {
    _ = try perform(.controlOut(setup(request, value: 0, length: 0), []), within: Self.patience, request.name)
  }

  private func request(
    _ request: DFURequest, value: UInt16 = 0, length: UInt16, within limit: Duration = patience
  ) throws(DebugError) -> [UInt8] {
    try perform(.controlIn(setup(request, value: value, length: length)), within: limit, request.name)
  }

  private func setup(_ request: DFURequest, value: UInt16, length: UInt16) -> ControlSetup {
    let isInput = [.upload, .getStatus, .getState].contains(request)
    return ControlSetup(
      requestType: isInput ? 0xA1 : 0x21, request: request.rawValue, value: value, index: UInt16(interface.number),
      length: length)
  }

  /// Leads out of whatever state a program has left the device in; on F2 and F4 the first host finds an error.
  func makeIdle() throws(DebugError) {
    var last: DFUStatusReport?
    for _ in 0..<Self.roundCount {
      let report = try status()
      last = report
      switch report.state {
      case .idle?: return
      case .error?: try clearStatus()
      case .downloadIdle?, .uploadIdle?, .downloadSync?, .manifestSync?: try abort()
      case .downloadBusy?, .manifest?: device.clock.wait(for: max(report.pollTime, .milliseconds(1)))
      case .appIdle?, .appDetach?: throw .dfu(.runtime, during: "connecting")
      case .manifestWaitReset?, nil: throw .dfu(.stuck(report), during: "connecting")
      }
    }
    guard try status().state == .idle else { throw .dfu(.stuck(last), during: "connecting") }
  }

  // MARK: Transfers

  private func perform(
    _ transfer: Transfer, within limit: Duration, _ name: String
  ) throws(DebugError) -> [UInt8] {
    try Self.perform(transfer, on: device, within: limit, name)
  }

  private static func perform(
    _ transfer: Transfer, on device: any USBDevice, within limit: Duration, _ name: String
  ) throws(DebugError) -> [UInt8] {
    do throws(LinkError) {
      return try device.perform([transfer], within: limit).first ?? []
    } catch {
      switch error.reason {
      case .stall: throw .dfu(.refused(nil), during: name)
      case .gone: throw .dfu(.gone, during: name)
      case .timeout: throw .dfu(.silent, during: name)
      case .denied: throw .dfu(.denied, during: name)
      case .busy: throw .dfu(.claimed, during: name)
      default: throw .transport(error, during: name)
      }
    }
  }
}
