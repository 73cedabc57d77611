/// The instrumentation trace macrocell: stimulus ports, timestamps, and the order in which packets leave (ARMv7-M, C1.7).
///
/// Times are processor clock cycles, which go on in debug state.
struct InstrumentationTrace {
  /// A packet that waits for the trace port, since when.
  private struct Waiting {
    let packet: TracePacket
    let byteCount: Int
    let since: UInt64
  }

  /// Packets that wait, in the order in which they were made, and how much room they leave.
  private struct Queue {
    let capacity: Int
    var waiting: [Waiting] = []
    var byteCount = 0

    init(capacity: Int) { self.capacity = capacity }

    /// Takes a packet, or notes that it was lost.
    mutating func add(_ packet: TracePacket, at cycle: UInt64) {
      let length = packet.bytes.count
      if byteCount + length <= capacity {
        waiting.append(Waiting(packet: packet, byteCount: length, since: cycle))
        byteCount += length
      } else if waiting.last?.packet != .overflow {
        waiting.append(Waiting(packet: .overflow, byteCount: 0, since: cycle))
      }
    }

    mutating func removeFirst() -> Waiting {
      byteCount -= waiting[0].byteCount
      return waiting.removeFirst()
    }
  }

  /// TER: which stimulus ports are on.
  private(set) var enabledPorts: UInt32 = 0
  /// TPR: which groups of eight ports are for privileged code alone.
  private(set) var privilegedGroups: UInt32 = 0
  /// TCR.
  private(set) var control: UInt32 = 0

  private let identification: ComponentIdentification
  private var isUnlocked = false
  private var software = Queue(capacity: Self.softwareCapacity)
  private var hardware = Queue(capacity: Self.hardwareCapacity)
  /// The time of the last local timestamp.
  private var lastTimestamp: UInt64 = 0
  /// What the next local timestamp has to tell of; nil where none is due.
  private var owed: OwedTimestamp?
  /// The time of the last global timestamp; nil where the next one has to tell all of it.
  private var lastGlobal: UInt64?

  private struct OwedTimestamp {
    var time: UInt64
    var isLate: Bool
    var isPacketLate: Bool
  }

  /// How many bytes wait at most: chosen, because the manuals do not tell (docs/fidelity.md).
  static let softwareCapacity = 10
  private static let hardwareCapacity = 16
  private static let largestStimulus = 5
  /// The local timestamp's counter has 21 bits (Cortex-M3 TRM, "ITM functional description").
  private static let longestInterval: UInt64 = 1 << 21 - 1
  private static let unlockKey: UInt32 = 0xC5AC_CE55
  private static let controlMask: UInt32 = 0x007F_0F1F
  private static let busy: UInt32 = 1 << 23

  init(_ profile: CoreProfile) {
    identification = profile.instrumentationTraceIdentification
  }

  /// ITMENA.
  var isEnabled: Bool { control & 1 != 0 }
  /// TSENA.
  private var hasTimestamps: Bool { control & 0b11 == 0b11 }
  /// SYNCENA.
  var sendsSynchronisation: Bool { control & 0b101 == 0b101 }
  /// DWTENA: packets of the DWT are forwarded.
  var forwardsHardware: Bool { control & 0b1001 == 0b1001 }
  /// TraceBusID.
  var sourceID: UInt8 { UInt8(control >> 16 & 0x7F) }
  /// Whether packets wait.
  private var hasPackets: Bool { !software.waiting.isEmpty || !hardware.waiting.isEmpty || owed != nil }
  /// Whether something will leave by itself.
  var isActive: Bool { hasPackets || hasTimestamps }

  // MARK: Registers

  /// Reads the word at an offset; a stimulus port tells whether it has room.
  func read(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0x000..<0x080: software.byteCount + Self.largestStimulus <= software.capacity ? 1 : 0
    case 0xE00: enabledPorts
    case 0xE40: privilegedGroups
    case 0xE80: control | (hasPackets ? Self.busy : 0)
    case 0xFB4: isUnlocked ? 1 : 3
    case ComponentIdentification.firstOffset...: identification.register(at: offset)
    default: 0
    }
  }

  /// Writes the word at an offset that is no stimulus port; while the unit is locked only the lock itself can be written.
  mutating func write(_ offset: UInt32, _ value: UInt32, at cycle: UInt64) {
    if offset == 0xFB0 { isUnlocked = value == Self.unlockKey }
    guard isUnlocked else { return }
    switch offset {
    case 0xE00: enabledPorts = value
    case 0xE40: privilegedGroups = value & 0xF
    case 0xE80: writeControl(value & Self.controlMask, at: cycle)
    default: break
    }
  }

  private mutating func writeControl(_ value: UInt32, at cycle: UInt64) {
    let (hadTimestamps, sentSynchronisation) = (hasTimestamps, sendsSynchronisation)
    control = value
    if hasTimestamps, !hadTimestamps { (lastTimestamp, lastGlobal) = (cycle, nil) }
    if !hasTimestamps { owed = nil }
    if sendsSynchronisation, !sentSynchronisation { hardware.add(.synchronisation, at: cycle) }
  }

  // MARK: Sources

  /// Whether code without privileges may use a stimulus port.
  func isOpen(toUnprivileged port: Int) -> Bool { privilegedGroups & 1 << UInt32(port / 8) == 0 }

  /// Takes a write to a stimulus port.
  mutating func stimulate(_ port: Int, _ value: UInt32, _ width: BusWidth, at cycle: UInt64) {
    guard isEnabled, enabledPorts & 1 << UInt32(port) != 0 else { return }
    software.add(.stimulus(port: port, value: value, width: width), at: cycle)
  }

  /// Takes a packet of the DWT.
  mutating func forward(_ packet: TracePacket, at cycle: UInt64) {
    if forwardsHardware { hardware.add(packet, at: cycle) }
  }

  /// The DWT's tap for synchronisation.
  mutating func synchronise(at cycle: UInt64) {
    if sendsSynchronisation { hardware.add(.synchronisation, at: cycle) }
  }

  // MARK: Sink

  /// Takes the packet that leaves next and does not before the trace port is free, nor after `now`.
  ///
  /// What software has written comes first, then what the DWT has made, and timestamps when nothing else waits.
  ///
  /// - Parameter tick: how many cycles the timestamp counter takes for a step.
  mutating func take(portIsFreeFrom free: UInt64, now: UInt64, tick: UInt64) -> (bytes: [UInt8], start: UInt64)? {
    let first = min(software.waiting.first?.since ?? .max, hardware.waiting.first?.since ?? .max)
    if first > free, let timestamp = takeTimestamp(at: free, before: min(first, now), tick: tick) { return timestamp }
    let start = max(first, free)
    guard start <= now else { return nil }
    let isSoftware = software.waiting.first.map { $0.since <= start } ?? false
    let taken = isSoftware ? software.removeFirst() : hardware.removeFirst()
    noteTimestamp(of: taken, isLate: !isSoftware && start > taken.since, start: start)
    return (taken.packet.bytes, start)
  }

  /// What software writes is in the stream at once, however long it waits for the pin; the DWT's packets give way.
  private mutating func noteTimestamp(of taken: Waiting, isLate isPacketLate: Bool, start: UInt64) {
    guard hasTimestamps, taken.packet != .synchronisation else { return }
    owed = OwedTimestamp(
      time: isPacketLate ? start : taken.since, isLate: owed != nil,
      isPacketLate: isPacketLate || owed?.isPacketLate ?? false)
  }

  private mutating func takeTimestamp(
    at free: UInt64, before end: UInt64, tick: UInt64
  ) -> (bytes: [UInt8], start: UInt64)? {
    guard hasTimestamps else { return nil }
    let tick = tick << timestampShift
    let limit = lastTimestamp + Self.longestInterval * tick
    if let owed, owed.time <= limit {
      self.owed = nil
      let ticks = (max(owed.time, lastTimestamp) - lastTimestamp) / tick
      lastTimestamp += ticks * tick
      let isInTime = !owed.isLate && !owed.isPacketLate
      var bytes = globalTimestamp(at: owed.time)
      if ticks > 0 || !isInTime {
        let packet = TracePacket.localTimestamp(
          UInt32(ticks), isLate: owed.isLate, isPacketLate: owed.isPacketLate)
        bytes = packet.bytes + bytes
      }
      return bytes.isEmpty ? nil : (bytes, free)
    }
    // The counter does not wrap silently.
    guard limit <= end else { return nil }
    lastTimestamp = limit
    let packet = TracePacket.localTimestamp(UInt32(Self.longestInterval), isLate: false, isPacketLate: false)
    return (packet.bytes, max(limit, free))
  }

  /// TSPrescale: 1, 4, 16 or 64.
  private var timestampShift: UInt64 { UInt64(control >> 8 & 3) * 2 }

  /// GTSFREQ: off, at most every 128 or 8192 cycles, or with each timestamp.
  private mutating func globalTimestamp(at time: UInt64) -> [UInt8] {
    let intervals: [UInt64?] = [nil, 128, 8192, 0]
    guard let interval = intervals[Int(control >> 10 & 3)] else { return [] }
    if let lastGlobal, time < lastGlobal + interval { return [] }
    let hasWrapped = lastGlobal.map { $0 >> 26 != time >> 26 } ?? true
    lastGlobal = time
    let low = TracePacket.globalTimestamp(UInt32(time & 0x3FF_FFFF), hasWrapped: hasWrapped)
    guard hasWrapped else { return low.bytes }
    return low.bytes + TracePacket.globalTimestampHigh(UInt32(time >> 26 & 0x3F_FFFF)).bytes
  }
}
