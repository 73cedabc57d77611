/// The program inside an ST-LINK: takes commands and data from USB, drives the SWD wires, and queues replies.
///
/// It knows the target only through what its wires answer. It does not know how its USB end is carried either: packets
/// come in through `receive`, whole replies go out through `takeReplies`.
final class STLinkFirmware {
  /// What the last ENTER opened.
  enum Link: Equatable {
    /// No ENTER since the probe was plugged in or debug mode was left.
    case none
    /// SWD, with what ENTER answered.
    case swd(ProbeStatus)
    /// JTAG, with what ENTER answered; the simulated connector has no JTAG pins.
    case jtag(ProbeStatus)
  }

  /// What the bytes of an OUT data phase are for.
  enum DataPurpose {
    /// A memory write.
    case memory(BlockWrite)
    /// A list of RW_MISC.
    case list(itemCount: Int)
    /// Bytes of a command that has failed already.
    case nothing
  }

  /// An OUT data phase that the host has announced.
  struct DataPhase {
    var purpose: DataPurpose
    /// The bytes still to come.
    var remaining: Int
    /// Bytes that do not make a whole unit yet; a list is collected here whole.
    var carry: [UInt8] = []
  }

  /// The outcome of the last memory command, which GETLASTRWSTATUS2 reports; it is no part of the reply buffer.
  struct AccessRecord: Equatable {
    var status = ProbeStatus.ok
    var address: UInt32 = 0
  }

  let profile: STLinkProfile
  let traits: FirmwareTraits
  let driver: SWDDriver
  let connector: any TargetConnector
  let clock: VirtualClock
  /// The four characters of the board's mbed id; nil where the probe is no part of a board.
  let boardIdentifier: String?

  var mode: ProbeMode
  var link = Link.none
  /// DPIDR as ENTER found it.
  var identification: UInt32 = 0
  /// The access ports that memory commands may use.
  var openPorts: Set<UInt8> = []
  var access = AccessRecord()
  var buffer = ReplyBuffer()
  var dataPhase: DataPhase?
  /// The results and statuses of the last RW_MISC list.
  var listResults: [UInt32] = []
  var listStatuses: [ProbeStatus] = []
  /// V3: the prescaler that SWITCH_STLINK_FREQ has set.
  var prescaler: UInt8 = 1
  /// V3: the clocks in use, SWD and JTAG, in kHz.
  var kilohertz: [UInt32] = [ProbeClocks.defaultKilohertz, ProbeClocks.defaultKilohertz]
  /// A voltage was asked for in DFU mode; the answer comes when that mode is left.
  var owesVoltage = false
  /// The number of voltages measured, from which each reading's noise follows.
  var measurements: UInt64 = 0
  /// Whether there is firmware beyond the bootloader; an interrupted update leaves none.
  var hasApplication = true
  /// The link to the target has latched up: ENTER says "done", every access after it is answered with a DP error, until
  /// RESETSYS.
  ///
  /// As two logs show it of an F446 behind V2J30M19 whose programmer had been killed; what latches is not known.
  var isLinkLatched = false
  /// What receives SWO; nil while it is off.
  private(set) var traceReceiver: TraceReceiver?
  /// Whether SWO can be received at all.
  var canTrace = true
  /// Nothing but plugging the probe in anew helps.
  private(set) var isHung = false
  private var replies: [[UInt8]] = []
  /// A command is about to be carried out.
  let commandBegins: Signal<Void>

  /// Starts the firmware as after plugging the probe in.
  init(
    profile: STLinkProfile, connector: any TargetConnector, clock: VirtualClock, boardIdentifier: String? = nil,
    commandBegins: Signal<Void> = Signal()
  ) {
    self.profile = profile
    self.connector = connector
    self.clock = clock
    self.boardIdentifier = boardIdentifier
    self.commandBegins = commandBegins
    traits = FirmwareTraits(of: profile.version)
    mode =
      switch profile.product.family {
      case .v2: .dfu
      case .v21, .v3: .idle
      case .loader: .bootloader
      }
    let clockRate =
      profile.version.generation >= 3
      ? ProbeClocks.defaultKilohertz : ProbeClocks.kilohertz(divisor: ProbeClocks.defaultDivisor)
    driver = SWDDriver(
      connector: connector, clock: clock, timing: WireTiming(profile.version, kilohertz: clockRate),
      method: traits.blockMethod)
  }

  /// Takes one USB packet of the command endpoint.
  ///
  /// - Parameters:
  ///   - bytes: the transfer that the packet belongs to.
  ///   - range: the packet within it.
  func receive(_ bytes: [UInt8], _ range: Range<Int>) {
    guard !isHung, !range.isEmpty else { return }
    if dataPhase != nil {
      receiveData(bytes, range)
    } else {
      commandBegins.send()
      clock.advance(by: WireTiming.command)
      perform(CommandBlock(bytes[range]))
    }
  }

  /// The replies that have been made since the last call, in order.
  func takeReplies() -> [[UInt8]] {
    defer { replies = [] }
    return replies
  }

  /// A USB reset: what was on its way is lost, the firmware's state stays.
  func forgetTransfers() {
    dataPhase = nil
    replies = []
  }

  /// Begins to receive SWO, begins anew, or stops.
  func setTraceReceiver(_ receiver: TraceReceiver?) {
    traceReceiver = receiver
    connector.traceListener = receiver
  }

  /// Stops for good, as some versions do on some commands.
  func hang() {
    isHung = true
    dataPhase = nil
  }

  /// Sends the beginning of the buffer; beyond its end there is nothing to send.
  func send(_ byteCount: Int) {
    replies.append(Array(buffer.bytes.prefix(byteCount)))
  }

  /// Sends bytes that the buffer takes first.
  func send(_ bytes: [UInt8]) {
    buffer.write(bytes)
    send(bytes.count)
  }

  /// Sends bytes that come from elsewhere and leave the buffer as it is.
  func sendRecord(_ bytes: [UInt8]) {
    replies.append(bytes)
  }

  /// Runs a command whose reply is a status.
  func replyStatus(_ body: () throws(ProbeStatus) -> Void) {
    do throws(ProbeStatus) {
      try body()
      buffer.write(.ok)
    } catch {
      buffer.write(error)
    }
    send(2)
  }

  /// Runs a command whose reply is a status and a word at offset 4; on failure the word stays what it was.
  func replyValue(_ body: () throws(ProbeStatus) -> UInt32) {
    do throws(ProbeStatus) {
      let value = try body()
      buffer.write(.ok)
      buffer.write(word: value, at: 4)
    } catch {
      buffer.write(error)
    }
    send(8)
  }

  /// Refuses a target access while there is no SWD link; ENTER need not have succeeded.
  func requireLink() throws(ProbeStatus) {
    guard mode == .debug, case .swd = link else { throw traits.noLinkStatus }
    guard !isLinkLatched else { throw .dpError }
  }

  /// Runs an access to the target's memory or core, reporting the wire's failures as this version does.
  ///
  /// Opens access port 0, as commands 31 to 36 and 3A do (docs/simulated-probe.md, "Commands").
  func targetAccess<Value>(_ body: () throws(ProbeStatus) -> Value) throws(ProbeStatus) -> Value {
    try requireLink()
    openPorts.insert(0)
    do throws(ProbeStatus) {
      return try body()
    } catch {
      throw targetStatus(error)
    }
  }

  /// What this version reports for a failure on the wire during a memory access.
  func targetStatus(_ status: ProbeStatus) -> ProbeStatus {
    switch status {
    case .apFault, .dpFault: traits.memoryFaultStatus
    case .apError, .dpError: traits.noLinkStatus
    default: status
    }
  }
}
