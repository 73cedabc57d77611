/// The SWJ-DP version 1 of every F2 and F4, on its serial wire side (ADIv5.2, B2 to B4; RM0090, 38.8).
///
/// It starts up in JTAG mode and answers nothing on SWD until a switch sequence between two line resets; after a line
/// reset the first packet has to read DPIDR.
final class DebugPort {
  /// Where the line protocol stands.
  private enum Line: Equatable {
    /// JTAG is selected: SWD packets are not understood.
    case jtag
    /// SWD has been selected and a line reset has to follow.
    case switched
    /// Only a read of DPIDR is taken.
    case reset
    /// Packets are taken.
    case ready
  }

  /// The access port with APSEL 0; other numbers have none.
  let accessPort: AHBAccessPort

  private var line = Line.jtag
  private var control: DebugPortControl = []
  private var select: UInt32 = 0
  private var wireControl: UInt32 = 0
  private var readBuffer: UInt32 = 0
  private var lastAnswer: UInt32 = 0
  /// An accepted access that the bus has not finished.
  private var pending: (register: UInt8, data: UInt32?)?

  /// DPIDR of the SW-DP in every F2 and F4.
  static let usualIdentification: UInt32 = 0x2BA0_1477
  private let identification: UInt32

  /// Makes a port as it is after power-up.
  init(accessPort: AHBAccessPort, identification: UInt32 = DebugPort.usualIdentification) {
    self.accessPort = accessPort
    self.identification = identification
  }

  /// Power-up: everything is lost, JTAG is selected.
  func powerOnReset() {
    line = .jtag
    control = []
    select = 0
    wireControl = 0
    readBuffer = 0
    lastAnswer = 0
    pending = nil
    accessPort.powerOnReset()
  }

  /// At least 50 clocks with SWDIO high.
  func lineReset() {
    if line != .jtag { line = .reset }
  }

  /// A 16-bit switch sequence, LSB first; other sequences mean nothing.
  func switchSequence(_ bits: UInt16) {
    switch bits {
    case 0xE79E: line = .switched
    case 0xE73C: line = .jtag
    default: break
    }
  }

  /// Answers one packet.
  func transfer(_ packet: SWDPacket) -> SWDAnswer {
    let readsIdentification = packet == .read(.debug, 0x0)
    switch line {
    case .jtag, .switched: return .silence
    case .reset where !readsIdentification: return .silence
    case .reset, .ready: line = .ready
    }
    if let answer = alwaysAnswered(packet) { return answer }
    if isWaiting() { return .wait }
    guard control.isDisjoint(with: .sticky) else { return .fault }
    if packet.hasWrongParity {
      control.insert(.writeDataError)
      return .ok(0)
    }
    return packet.port == .debug ? transferDebug(packet) : transferAccess(packet)
  }

  // MARK: Debug port registers

  /// Reads of DPIDR and CTRL/STAT and writes of ABORT: never WAIT, never FAULT (ADIv5.2, B4.2.4).
  private func alwaysAnswered(_ packet: SWDPacket) -> SWDAnswer? {
    guard packet.port == .debug else { return nil }
    switch (packet.register, packet.writeData) {
    case (0x0, nil): return answer(identification)
    case (0x0, .some(let word)):
      abort(word)
      return .ok(0)
    case (0x4, nil):
      if select & 1 != 0 { return answer(wireControl) }
      _ = isWaiting()
      return answer(control.withAcknowledgements.rawValue)
    default: return nil
    }
  }

  private func transferDebug(_ packet: SWDPacket) -> SWDAnswer {
    switch (packet.register, packet.writeData) {
    case (0x4, .some(let word)):
      if select & 1 != 0 {
        wireControl = word & 0x3C7
      } else {
        let written = DebugPortControl(rawValue: word).intersection(.writable)
        control = control.subtracting(.writable).union(written)
      }
    case (0x8, nil): return .ok(lastAnswer)
    case (0x8, .some(let word)): select = word
    case (0xC, nil): return answer(readBuffer)
    default: break
    }
    return .ok(0)
  }

  /// DAPABORT and the clear bits of the sticky flags.
  private func abort(_ word: UInt32) {
    if word & 1 << 0 != 0 {
      pending = nil
      accessPort.abort()
    }
    if word & 1 << 1 != 0 { control.remove(.stickyCompare) }
    if word & 1 << 2 != 0 { control.remove(.stickyError) }
    if word & 1 << 3 != 0 { control.remove(.writeDataError) }
    if word & 1 << 4 != 0 { control.remove(.stickyOverrun) }
  }

  // MARK: Access port

  private func transferAccess(_ packet: SWDPacket) -> SWDAnswer {
    guard control.contains(.debugPowerRequest) else {
      control.insert(.stickyError)
      return .fault
    }
    let register = UInt8(truncatingIfNeeded: select & 0xF0) | packet.register
    let previous = readBuffer
    guard select >> 24 == 0 else {
      if packet.writeData == nil { readBuffer = 0 }
      return answer(packet.writeData == nil ? previous : 0)
    }
    if accessPort.isBusy(register) { return .wait }
    pending = (register, packet.writeData)
    _ = isWaiting()
    return packet.writeData == nil ? answer(previous) : .ok(0)
  }

  /// Goes on with the pending access; whether it is still not done.
  private func isWaiting() -> Bool {
    guard let access = pending else { return false }
    switch accessPort.perform(access.register, write: access.data) {
    case .stalled: return true
    case .done(let value, _):
      pending = nil
      if access.data == nil {
        readBuffer = value
        control.insert(.readOK)
      }
    case .fault:
      pending = nil
      control.insert(.stickyError)
      if access.data == nil { control.remove(.readOK) }
    }
    return false
  }

  private func answer(_ word: UInt32) -> SWDAnswer {
    lastAnswer = word
    return .ok(word)
  }
}
