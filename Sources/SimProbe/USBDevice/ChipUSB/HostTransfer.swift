import LinkInterface

/// One transfer that a simulated host has under way on the chip's own USB: control, bulk or interrupt.
final class HostTransfer {
  /// How a transfer has ended.
  enum End: Equatable {
    case complete, stall, overflow
    /// The device has answered nothing, three times.
    case silence
    /// The device has gone.
    case gone
  }

  /// What comes next in a control transfer; the others have data only.
  private enum Stage {
    case setup, data, status
  }

  /// The endpoint; of a control transfer, that of its data.
  let endpoint: Endpoint
  /// The setup packet; nil but for control.
  let setup: ControlSetup?
  /// How much is asked for.
  let byteCount: Int
  /// What goes out.
  let output: [UInt8]
  /// What has come in.
  private(set) var received: [UInt8] = []
  /// How much has gone out.
  private var sentCount = 0
  /// How it has ended; nil while it is under way.
  private(set) var end: End?
  /// When it is tried next, in nanoseconds.
  var nextTry: UInt64 = 0
  /// How often in a row the device was not ready.
  private(set) var refusalCount = 0
  /// How many packets have moved.
  private(set) var moveCount = 0

  private var stage: Stage
  private var silenceCount = 0
  /// The toggle of a control transfer's data.
  private var isData1 = true
  /// A host gives a transfer up after three errors (USB 2.0, 10.2.6).
  private static let mostSilences = 3

  /// A control transfer.
  init(_ setup: ControlSetup, _ output: [UInt8]) {
    self.setup = setup
    self.output = output
    byteCount = Int(setup.length)
    endpoint = setup.requestType & 0x80 != 0 ? .input(0) : .output(0)
    stage = .setup
  }

  /// Data for an endpoint.
  init(sending output: [UInt8], to endpoint: Endpoint) {
    (setup, self.output, self.endpoint, byteCount, stage) = (nil, output, endpoint, output.count, .data)
  }

  /// Data from an endpoint.
  init(receiving byteCount: Int, from endpoint: Endpoint) {
    (setup, output, self.endpoint, self.byteCount, stage) = (nil, [], endpoint, byteCount, .data)
  }

  /// Ends it before its time.
  func finish(_ end: End) { if self.end == nil { self.end = end } }

  /// Performs its next packet.
  ///
  /// - Returns: how many bytes of data were on the bus.
  func step(on device: OnTheGoController, at address: UInt32, packetSize: Int, toggle: inout Bool) -> Int {
    switch stage {
    case .setup:
      take(device.setup(setup?.packet ?? [], at: address)) { stage = byteCount > 0 ? .data : .status }
      return 8
    case .data where setup != nil:
      let count =
        endpoint.isInput ? receive(device, address, packetSize, &isData1) : send(device, address, packetSize, &isData1)
      return count
    case .data:
      return endpoint.isInput
        ? receive(device, address, packetSize, &toggle) : send(device, address, packetSize, &toggle)
    case .status:
      if endpoint.isInput, byteCount > 0 {
        take(device.output([], isData1: true, to: 0, at: address)) { finish(.complete) }
      } else {
        switch device.input(from: 0, at: address) {
        case .data(let bytes, isData1: true): take(.acknowledge) { finish(bytes.isEmpty ? .complete : .overflow) }
        // The wrong toggle: a repetition of a packet that has been taken, to a host.
        case .data: take(.notReady) {}
        case .notReady: take(.notReady) {}
        case .stall: take(.stall) {}
        case .silence: take(.silence) {}
        }
      }
      return 0
    }
  }

  private func send(_ device: OnTheGoController, _ address: UInt32, _ size: Int, _ toggle: inout Bool) -> Int {
    let packet = Array(output[sentCount..<min(sentCount + size, output.count)])
    let number = setup == nil ? Int(endpoint.number) : 0
    let answer = device.output(packet, isData1: toggle, to: number, at: address)
    take(answer) { sentCount += packet.count }
    if answer == .acknowledge {
      toggle.toggle()
      if sentCount == output.count { moveOn() }
    }
    return packet.count
  }

  private func receive(_ device: OnTheGoController, _ address: UInt32, _ size: Int, _ toggle: inout Bool) -> Int {
    switch device.input(from: setup == nil ? Int(endpoint.number) : 0, at: address) {
    case .data(let bytes, let isData1):
      guard isData1 == toggle else {
        take(.acknowledge) {}
        return bytes.count
      }
      toggle.toggle()
      guard received.count + bytes.count <= byteCount else {
        finish(.overflow)
        return bytes.count
      }
      take(.acknowledge) { received += bytes }
      if bytes.count < size || received.count == byteCount { moveOn() }
      return bytes.count
    case .notReady: take(.notReady) {}
    case .stall: take(.stall) {}
    case .silence: take(.silence) {}
    }
    return 0
  }

  private func moveOn() {
    if setup == nil { finish(.complete) } else { stage = .status }
  }

  private func take(_ answer: OnTheGoController.Handshake, _ goOn: () -> Void) {
    switch answer {
    case .acknowledge:
      (refusalCount, silenceCount) = (0, 0)
      moveCount += 1
      goOn()
    case .notReady:
      silenceCount = 0
      refusalCount += 1
    case .stall: finish(.stall)
    case .silence:
      silenceCount += 1
      if silenceCount == Self.mostSilences { finish(.silence) }
    }
  }
}

extension ControlSetup {
  /// The eight bytes of the setup packet (USB 2.0, table 9-2).
  var packet: [UInt8] {
    [requestType, request] + [value, index, length].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}
