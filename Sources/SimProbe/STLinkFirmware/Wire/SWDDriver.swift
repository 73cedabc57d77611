/// The part of the firmware that makes SWD packets, repeats them on WAIT, and keeps SELECT and CSW in mind.
///
/// All that it knows of the target is what comes back on the wire.
final class SWDDriver {
  /// How long the firmware repeats a packet that is answered with WAIT before it reports it.
  enum Patience {
    /// Four repetitions (docs/simulated-probe.md, "Failures").
    case brief
    /// Within a data phase: four repetitions, and at least so long that the target can program a flash word in between
    /// (100 us at the most; the length is an assumption, no recording shows it).
    case dataPhase

    var repetitions: Int { 4 }

    var nanoseconds: UInt64 {
      switch self {
      case .brief: 0
      case .dataPhase: 150_000
      }
    }
  }

  let connector: any TargetConnector
  let clock: VirtualClock
  /// The costs at the present SWD clock.
  private(set) var timing: WireTiming
  /// How blocks are moved.
  let method: FirmwareTraits.BlockMethod

  /// A sticky flag has been seen and not been cleared since.
  private(set) var hasStickyError = false
  private var selected: UInt32?
  private var control: (port: UInt8, value: UInt32)?

  init(
    connector: any TargetConnector, clock: VirtualClock, timing: WireTiming, method: FirmwareTraits.BlockMethod
  ) {
    self.connector = connector
    self.clock = clock
    self.timing = timing
    self.method = method
    connector.clockChanged(toKilohertz: timing.kilohertz)
  }

  /// Changes the SWD clock.
  func use(_ timing: WireTiming) {
    self.timing = timing
    connector.clockChanged(toKilohertz: timing.kilohertz)
  }

  /// Forgets what SELECT and CSW hold, because the host or a line reset may have changed them.
  func forgetRegisters() {
    selected = nil
    control = nil
  }

  /// Forgets CSW alone.
  func forgetControl() {
    control = nil
  }

  /// Carries out one packet, repeating it on WAIT.
  ///
  /// - Throws: the status of the port that refused, did not answer or answered with a wrong parity bit.
  @discardableResult
  func transfer(_ packet: SWDPacket, _ patience: Patience = .brief) throws(ProbeStatus) -> UInt32 {
    let start = clock.nanoseconds
    var repetitions = 0
    let isAccessPort = packet.port == .access
    while true {
      switch connector.transfer(packet) {
      case .ok(let value):
        clock.advance(by: timing.packet)
        return value
      case .wait:
        clock.advance(by: timing.refusal)
        if repetitions >= patience.repetitions, clock.nanoseconds - start >= patience.nanoseconds {
          throw isAccessPort ? .apWait : .dpWait
        }
        repetitions += 1
      case .fault:
        clock.advance(by: timing.refusal)
        hasStickyError = true
        throw isAccessPort ? .apFault : .dpFault
      case .silence:
        clock.advance(by: timing.packet)
        throw isAccessPort ? .apError : .dpError
      case .parityError:
        clock.advance(by: timing.packet)
        throw isAccessPort ? .apParity : .dpParity
      }
    }
  }

  /// Names the access port and register bank of the packets that follow; SELECT is written only when it changes.
  func select(port: UInt8, bank: UInt8, debugBank: UInt8 = 0) throws(ProbeStatus) {
    let value = UInt32(port) << 24 | UInt32(bank & 0xF0) | UInt32(debugBank & 0x0F)
    guard selected != value else { return }
    selected = nil
    try transfer(.write(.debug, DebugPortRegister.select, value))
    selected = value
  }

  /// Names the debug port's own register bank and leaves the access port as it is.
  func select(debugBank: UInt8) throws(ProbeStatus) {
    let present = selected ?? 0
    try select(
      port: UInt8(present >> 24), bank: UInt8(truncatingIfNeeded: present & 0xF0), debugBank: debugBank)
  }

  /// Takes note of a host's own write to ABORT: STKERRCLR clears what a FAULT has told.
  func noteAbort(_ value: UInt32) {
    if value & 0x4 != 0 { hasStickyError = false }
  }

  /// Clears every sticky flag (ABORT bits 4 to 1).
  func clearStickyFlags() throws(ProbeStatus) {
    try transfer(.write(.debug, DebugPortRegister.abort, 0x1E))
    hasStickyError = false
  }

  /// Reads CTRL/STAT and turns its sticky flags into a status.
  func checkStickyFlags() throws(ProbeStatus) {
    let status = try transfer(.read(.debug, DebugPortRegister.controlStatus))
    guard status & (DebugPortRegister.stickyError | DebugPortRegister.writeDataError) != 0 else { return }
    hasStickyError = true
    throw status & DebugPortRegister.stickyError != 0 ? .apFault : .apWriteData
  }

  /// Sets CSW, where it changes, and TAR for an access.
  ///
  /// - Parameter isFirst: nothing of this command is on its way yet, so a FAULT is an older command's; it is cleared,
  ///   and the registers are written once more.
  func prepare(_ access: MemoryAccess, address: UInt32, isFirst: Bool) throws(ProbeStatus) {
    if isFirst, hasStickyError { try clearStickyFlags() }
    do throws(ProbeStatus) {
      try setUp(access, address: address)
    } catch {
      guard isFirst, error == .apFault || error == .dpFault else { throw error }
      try clearStickyFlags()
      try setUp(access, address: address)
    }
  }

  private func setUp(_ access: MemoryAccess, address: UInt32) throws(ProbeStatus) {
    try select(port: access.port, bank: 0)
    let word = access.controlWord(autoIncrement: method == .autoIncrement)
    if control?.port != access.port || control?.value != word {
      control = nil
      try transfer(.write(.access, AccessPortRegister.control, word))
      control = (access.port, word)
    }
    try transfer(.write(.access, AccessPortRegister.address, address), .dataPhase)
  }
}

/// The debug port's registers as SWD addresses them (ADIv5.2, B2.2).
enum DebugPortRegister {
  static let identification: UInt8 = 0x0
  static let abort: UInt8 = 0x0
  static let controlStatus: UInt8 = 0x4
  static let select: UInt8 = 0x8
  static let readBuffer: UInt8 = 0xC

  /// CTRL/STAT.STICKYERR.
  static let stickyError: UInt32 = 1 << 5
  /// CTRL/STAT.WDATAERR.
  static let writeDataError: UInt32 = 1 << 7
  /// CTRL/STAT: STICKYORUN, STICKYCMP, STICKYERR and WDATAERR.
  static let stickyFlags: UInt32 = 1 << 1 | 1 << 4 | stickyError | writeDataError
  /// CTRL/STAT: CSYSPWRUPREQ and CDBGPWRUPREQ.
  static let powerRequests: UInt32 = 0x5000_0000
  /// CTRL/STAT: CSYSPWRUPACK and CDBGPWRUPACK.
  static let powerAcknowledges: UInt32 = 0xA000_0000
}

/// The registers of a memory access port by their full offset (ADIv5.2, C2.6).
enum AccessPortRegister {
  static let control: UInt8 = 0x00
  static let address: UInt8 = 0x04
  static let data: UInt8 = 0x0C
  /// BD0; BD1 to BD3 follow.
  static let bankedData: UInt8 = 0x10
  static let base: UInt8 = 0xF8
  static let identification: UInt8 = 0xFC
}
