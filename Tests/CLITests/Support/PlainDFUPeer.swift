import LinkInterface

@testable import stflash

/// A device that speaks plain DFU 1.1 as the specification has it (figure A.1), like TinyUSB's.
final class PlainDFUPeer: USBDevice {
  /// What the device has been given; what it gives.
  private(set) var content: [UInt8]
  /// Whether it stays on the bus after a download.
  private let isTolerant: Bool
  /// At which block it finds the file bad.
  var badBlock: Int?
  private var state: UInt8 = 2
  private var status: UInt8 = 0
  private var received: [UInt8] = []
  private var position = 0
  private var isGone = false
  /// What a running program with a DFU interface does; nil for a device in DFU mode.
  var program: Program?
  private var isAskedToDetach = false
  /// Whether it has left the bus to come back in DFU mode.
  var hasMadeWay: Bool { program != nil && isGone }

  /// A running program with a DFU interface.
  struct Program {
    /// Whether it leaves the bus by itself (bitWillDetach), or waits for a reset.
    var leavesByItself = true
    /// Whether it does not do what it says that it can.
    var refuses = false
    /// Whether it is gone before it has acknowledged anything.
    var leavesUnacknowledged = false
  }
  private let virtualClock = ManualClock()

  static let blockByteCount = 64

  init(content: [UInt8] = [], isTolerant: Bool = true) {
    self.content = content
    self.isTolerant = isTolerant
  }

  /// The device while its program runs, as a listing shows it.
  static let programListing = PluggedProbe(
    name: "program with a DFU interface", usbID: "cafe:4001", serial: "123456", location: "1-3", obstacle: nil)

  /// The device as a listing shows it.
  static let listing = PluggedProbe(
    name: "DFU device", usbID: "cafe:4000", serial: "123456", location: "1-3", obstacle: nil)

  let identity = USBIdentity(
    vendorID: 0xCAFE, productID: 0x4000, product: "TinyUSB DFU", speed: .full,
    location: USBLocation(bus: 1, address: 5, ports: [3]))
  var clock: any LinkClock { virtualClock }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    var replies: [[UInt8]] = []
    for (index, transfer) in transfers.enumerated() {
      guard !isGone else { throw LinkError(.gone) }
      let reply: [UInt8]? =
        switch transfer {
        case .controlIn(let setup): answer(setup)
        case .controlOut(let setup, let bytes): take(setup, bytes) ? [] : nil
        case .bulkIn, .bulkOut: nil
        }
      guard let reply else { throw LinkError(.stall, at: index, of: transfers, completed: replies) }
      replies.append(reply)
    }
    return replies
  }

  private func answer(_ setup: ControlSetup) -> [UInt8]? {
    switch (setup.requestType, setup.request) {
    case (0x80, 6) where setup.value == 0x0200: Array(configuration.prefix(Int(setup.length)))
    case (0x80, 6): [12, 3] + Array("FLASH".utf8).flatMap { [$0, 0] }
    case (0xA1, 2): upload(Int(setup.length))
    case (0xA1, 3): statusReport()
    default: nil
    }
  }

  private var configuration: [UInt8] {
    let attributes: UInt8 = isTolerant ? 0x07 : 0x03
    if let program {
      return [9, 2, 27, 0, 1, 1, 0, 0x80, 50] + [9, 4, 0, 0, 0, 0xFE, 1, 1, 4]
        + [9, 0x21, program.leavesByItself ? 0x0B : 0x03, 0xE8, 0x03, UInt8(Self.blockByteCount), 0, 0x10, 0x01]
    }
    return [9, 2, 27, 0, 1, 1, 0, 0x80, 50] + [9, 4, 0, 0, 0, 0xFE, 1, 2, 4]
      + [9, 0x21, attributes, 0xE8, 0x03, UInt8(Self.blockByteCount), 0, 0x10, 0x01]
  }

  private func statusReport() -> [UInt8] {
    switch state {
    case 3: state = badBlock == received.count / Self.blockByteCount ? 10 : 5
    case 6:
      state = 7
      content = received
    case 7: if isTolerant { state = 2 } else { isGone = true }
    default: break
    }
    if state == 10 { status = 0x0A }
    return [status, state == 7 ? 20 : 1, 0, 0, state, 0]
  }

  private func upload(_ count: Int) -> [UInt8]? {
    guard state == 2 || state == 9 else { return nil }
    if state == 2 { position = 0 }
    let part = Array(content.dropFirst(position).prefix(count))
    position += part.count
    state = part.count < count ? 2 : 9
    return part
  }

  private func take(_ setup: ControlSetup, _ bytes: [UInt8]) -> Bool {
    if let program {
      guard setup.requestType == 0x21, setup.request == 0, setup.value == 1000, !program.refuses else { return false }
      if program.leavesUnacknowledged {
        isGone = true
        return false
      }
      isAskedToDetach = true
      isGone = program.leavesByItself
      return true
    }
    switch (setup.requestType, setup.request) {
    case (0x01, 11): return setup.value == 0
    case (0x21, 1) where !bytes.isEmpty && (state == 2 || state == 5):
      if state == 2 { received = [] }
      received += bytes
      state = 3
      return true
    case (0x21, 1) where bytes.isEmpty && state == 5:
      state = 6
      return true
    case (0x21, 4) where state == 10:
      (state, status) = (2, 0)
      return true
    case (0x21, 6):
      state = 2
      return true
    default:
      (state, status) = (10, 0x0F)
      return false
    }
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {}
  func reset() throws(LinkError) {
    guard isAskedToDetach else { return }
    isGone = true
    throw LinkError(.gone)
  }
  func close() {}

  private final class ManualClock: LinkClock {
    private(set) var now = Duration.zero
    func wait(for duration: Duration) { now += max(duration, .zero) }
  }
}
