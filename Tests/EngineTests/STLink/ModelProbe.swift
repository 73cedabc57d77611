import LinkInterface
import TestSupport

/// A small target for tests of whole sequences: sparse memory and the debug registers of one core.
///
/// Written from ARMv7-M, C1.6, without a look at the engine's tables.
struct ModelTarget {
  /// Whether anything answers on SWD.
  var isConnected = true
  /// Whether NRST is wired.
  var isResetWired = true
  /// Whether the program takes the SWD pins away: it answers only while it is held in reset.
  var disablesSWD = false
  /// How many commands such a program leaves after each reset before it has taken them.
  var commandsBeforeDisabling = 0
  /// Whether the reset vector catch holds.
  var catchesReset = true
  /// What DPIDR reads.
  var dpidr: UInt32 = 0x2BA0_1477
  /// How many attempts to connect go unanswered.
  var ignoredConnects = 0
  /// The fastest clock in kHz at which anything answers at all.
  var answersUpToKHz = Int.max
  /// The fastest clock in kHz at which data come through ungarbled.
  var isCleanUpToKHz = Int.max
  /// Whether C_HALT halts the core.
  var canHalt = true
  /// Whether SYSRESETREQ resets the chip.
  var canReset = true

  /// How many accesses meet the core asleep, on a part that answers such reads with zeros and loses such writes, unless
  /// DBG_SLEEP is set.
  var accessesAsleep = 0

  /// Erased flash where nothing else is said; FLASH_SR idle, the comparators of FPB and DWT off.
  var memory: [UInt32: UInt8] = {
    let idle = [0x4002_3C0C..<0x4002_3C10, 0xE000_2000..<0xE000_2028, 0xE000_1000..<0xE000_1060] as [Range<UInt32>]
    return Dictionary(uniqueKeysWithValues: idle.joined().map { ($0, 0) })
  }()
  /// What answers with a bus error.
  var faults: [Range<UInt32>] = []
  var commandsLeft = 0
  var isHeldInReset = false
  var isHalted = false
  var isLockedUp = false
  var isSleeping = false
  var resetSticky = true
  var control: UInt32 = 0
  var dfsr: UInt32 = 0
  var demcr: UInt32 = 0
  var dbgmcu: [UInt32: UInt32] = [0xE004_2000: 0x1007_6413, 0xE004_2004: 0, 0xE004_2008: 0]
  var registers: [UInt8: UInt32] = [:]
  var resetCount = 0
  var stepCount = 0
  /// Every register write, in order.
  var writes: [(address: UInt32, value: UInt32)] = []

  mutating func drive(resetLow: Bool) {
    guard isResetWired, resetLow != isHeldInReset else { return }
    isHeldInReset = resetLow
    if resetLow { enterReset() } else { leaveReset() }
  }

  private mutating func enterReset() {
    resetCount += 1
    resetSticky = true
    isHalted = false
    isLockedUp = false
    control &= ~0b10
  }

  /// The catch is evaluated when the reset ends.
  private mutating func leaveReset() {
    commandsLeft = commandsBeforeDisabling
    guard catchesReset, control & 1 != 0, demcr & 1 != 0 else { return }
    isHalted = true
    dfsr |= 1 << 3
  }

  /// Whether an access meets the core asleep.
  private mutating func isLostInSleep() -> Bool {
    guard accessesAsleep > 0, (dbgmcu[0xE004_2004] ?? 0) & 1 == 0 else { return false }
    accessesAsleep -= 1
    return true
  }

  mutating func readWord(_ address: UInt32) -> UInt32? {
    if isLostInSleep() { return 0 }
    switch address {
    case 0xE000_ED00: return 0x410F_C241
    case 0xE000_ED0C: return 0xFA05_0000
    case 0xE000_ED30: return dfsr
    case 0xE000_EDF0:
      var value = control | 1 << 16
      if isHalted { value |= 1 << 17 }
      if isSleeping { value |= 1 << 18 }
      if isLockedUp { value |= 1 << 19 }
      if resetSticky { value |= 1 << 25 }
      resetSticky = isHeldInReset
      return value
    case 0xE000_EDFC: return demcr
    default:
      if let value = dbgmcu[address] { return value }
      guard !faults.contains(where: { $0.contains(address) }) else { return nil }
      return (0..<4).reduce(0) { $0 | UInt32(memory[address + $1] ?? 0xFF) << (8 * $1) }
    }
  }

  mutating func writeWord(_ address: UInt32, _ value: UInt32) -> Bool {
    guard !faults.contains(where: { $0.contains(address) }) else { return false }
    if isLostInSleep() { return true }
    writes.append((address, value))
    switch address {
    case 0xE000_ED0C:
      if value == 0x05FA_0004, canReset {
        enterReset()
        leaveReset()
      }
    case 0xE000_ED30: dfsr &= ~value
    case 0xE000_EDF0: writeControl(value)
    case 0xE000_EDFC: demcr = value
    default:
      if dbgmcu[address] != nil {
        dbgmcu[address] = value
      } else {
        for lane in 0..<4 as Range<UInt32> { memory[address + lane] = UInt8(truncatingIfNeeded: value >> (8 * lane)) }
      }
    }
    return true
  }

  private mutating func writeControl(_ value: UInt32) {
    guard value >> 16 == 0xA05F else { return }
    control = value & 0x2F
    guard control & 1 != 0 else {
      isHalted = false
      return
    }
    if control & 0b10 != 0 {
      if canHalt, !isHeldInReset, !isHalted {
        isHalted = true
        dfsr |= 1
      }
    } else if control & 0b100 != 0, isHalted {
      stepCount += 1
      dfsr |= 1
      isHalted = canHalt
    } else {
      isHalted = false
    }
  }
}

/// A small V2J37 with a target behind it, which checks the probe's own rules for memory commands.
final class ModelProbe: USBDevice {
  let identity: USBIdentity
  let testClock = TestClock()
  var clock: any LinkClock { testClock }

  var target = ModelTarget()
  /// The version word of GET_VERSION.
  var version: [UInt8] = [0x29, 0x47]
  /// The reply to GET_VERSION_EX.
  var extendedVersion: [UInt8] = []
  /// The voltage reading; the reference is 1500.
  var voltageReading: UInt32 = 2045
  /// The longest 8-bit transfer that the firmware survives.
  var byteLimit = 64
  /// What broke the probe's rules.
  var violations: [String] = []
  /// The commands that came, by their second byte (first byte where that is not F2).
  var commands: [UInt8] = []
  /// Statuses to answer to the next memory commands instead of carrying them out.
  var nextMemoryStatuses: [UInt8] = []
  /// The SWD clock by the divisor that was set last.
  private(set) var kHz = 1800
  private(set) var isClosed = false
  private(set) var mode: UInt8 = 1

  private var replies: [[UInt8]] = []
  private var lastStatus: UInt8 = 0x80
  private var faultAddress: UInt32 = 0
  private var pendingWrite: (address: UInt32, width: UInt32, byteCount: Int)?
  private var isResetLow = false

  /// kHz by divisor, as OpenOCD's table has them.
  private static let clocks: [UInt8: Int] = [0: 4000, 1: 1800, 2: 1200, 3: 950, 7: 480, 15: 240, 31: 125, 40: 100]

  init(product: UInt16 = 0x3748, ports: [UInt8] = [3]) {
    identity = USBIdentity(
      vendorID: 0x0483, productID: product, serial: USBSerial(text: "066CFF343339415043114433"), speed: .full,
      location: USBLocation(bus: 1, address: 2, ports: ports))
  }

  func perform(_ transfers: [Transfer], by deadline: Deadline) throws(LinkError) -> [[UInt8]] {
    var results: [[UInt8]] = []
    for (index, transfer) in transfers.enumerated() {
      switch transfer {
      case .bulkOut(_, let bytes):
        take(bytes)
        results.append([])
      case .bulkIn(_, let byteCount):
        guard !replies.isEmpty else {
          throw LinkError(.timeout, at: index, of: transfers, completed: results)
        }
        let reply = replies.removeFirst()
        guard reply.count <= byteCount else {
          throw LinkError(.overflow, at: index, of: transfers, completed: results)
        }
        results.append(reply)
      case .controlOut, .controlIn:
        throw LinkError(.stall, at: index, of: transfers, completed: results)
      }
    }
    return results
  }

  func clearStall(on endpoint: Endpoint) throws(LinkError) {}
  func reset() throws(LinkError) {}
  func close() { isClosed = true }

  private func take(_ bytes: [UInt8]) {
    if let write = pendingWrite {
      pendingWrite = nil
      if bytes.count != write.byteCount { violations.append("\(bytes.count) bytes of \(write.byteCount) came") }
      finishWrite(bytes, write.address, write.width)
      return
    }
    if bytes.count != 16 { violations.append("a command of \(bytes.count) bytes") }
    let isDebug = bytes[0] == 0xF2
    commands.append(isDebug ? bytes[1] : bytes[0])
    isDebug ? debug(bytes) : top(bytes)
  }

  private func top(_ bytes: [UInt8]) {
    switch bytes[0] {
    case 0xF1: replies.append(version + [0x83, 0x04] + little(UInt32(identity.productID)).prefix(2))
    case 0xFB: replies.append(extendedVersion)
    case 0xF5: replies.append([mode, 0])
    case 0xF7: replies.append(little(1500) + little(voltageReading))
    default: violations.append("class \(bytes[0]) is not modelled")
    }
  }

  private var answers: Bool {
    target.isConnected
      && (!target.disablesSWD || target.isHeldInReset || target.isHalted || target.commandsLeft > 0)
      && kHz <= target.answersUpToKHz
  }

  private var garbles: Bool { kHz > target.isCleanUpToKHz }

  private func debug(_ bytes: [UInt8]) {
    defer { if bytes[1] != 0x3C { target.commandsLeft -= 1 } }
    let first = word(bytes, 2)
    switch bytes[1] {
    case 0x21:
      if mode != 2 { violations.append("EXIT outside debug mode") }
      mode = 1
    case 0x30:
      mode = 2
      let isIgnored = target.ignoredConnects > 0
      if isIgnored { target.ignoredConnects -= 1 }
      replies.append([answers && !isIgnored ? 0x80 : 0x09, 0])
    case 0x31: replies.append([0x80, 0, 0, 0] + little(target.dpidr) + little(0))
    case 0x33: replies.append([0x80, 0, 0, 0] + little(target.registers[bytes[2]] ?? 0))
    case 0x34:
      target.registers[bytes[2]] = word(bytes, 3)
      replies.append([0x80, 0])
    case 0x35:
      let isDone = answers && target.writeWord(first, word(bytes, 6))
      replies.append([isDone ? 0x80 : answers ? 0x11 : 0x12, 0])
    case 0x36:
      guard answers else { return replies.append([0x12, 0]) }
      if garbles { return replies.append([0x13, 0, 0, 0] + little(0)) }
      let value = target.readWord(first)
      replies.append([value == nil ? 0x11 : 0x80, 0, 0, 0] + little(value ?? 0))
    case 0x3C:
      isResetLow = bytes[2] == 0
      target.drive(resetLow: isResetLow)
      replies.append([0x80, 0])
    case 0x3E: replies.append([lastStatus, 0, 0, 0] + little(faultAddress) + [0, 0, 0, 0])
    case 0x43:
      kHz = ModelProbe.clocks[bytes[2]] ?? 5
      replies.append([0x80, 0])
    case 0x56: replies.append([0x80, 0] + [UInt8](repeating: 0, count: 126))
    case 0x46, 0x4B, 0x4C: replies.append([0x80, 0])
    case 0x62:
      replies.append([0x80, 0, 0, 0] + little(1000) + little(1) + little(1000) + [UInt8](repeating: 0, count: 36))
    case 0x61: replies.append([0x80, 0, 0, 0] + little(1000))
    case 0x07, 0x0C, 0x47: read(bytes)
    case 0x08, 0x0D, 0x48: write(bytes)
    default: violations.append("F2 \(bytes[1]) is not modelled")
    }
  }

  private func read(_ bytes: [UInt8]) {
    let (address, byteCount, width) = request(bytes)
    lastStatus = nextMemoryStatuses.isEmpty ? (garbles ? 0x13 : 0x80) : nextMemoryStatuses.removeFirst()
    var data = (0..<UInt32(byteCount)).map { target.memory[address &+ $0] ?? 0xFF }
    if width == 1, byteCount == 1 { data.append(0) }
    replies.append(data)
  }

  private func write(_ bytes: [UInt8]) {
    let (address, byteCount, width) = request(bytes)
    pendingWrite = (address, width, byteCount)
  }

  private func finishWrite(_ bytes: [UInt8], _ address: UInt32, _ width: UInt32) {
    lastStatus = nextMemoryStatuses.isEmpty ? 0x80 : nextMemoryStatuses.removeFirst()
    guard lastStatus == 0x80 else { return }
    if width == 4, bytes.count == 4 {
      let isDone = answers && target.writeWord(address, word(bytes, 0))
      lastStatus = isDone ? 0x80 : answers ? 0x11 : 0x12
      faultAddress = isDone ? 0 : address
      return
    }
    for (offset, byte) in bytes.enumerated() { target.memory[address &+ UInt32(offset)] = byte }
  }

  /// Address, length and access width of a memory command, held against the limits of the firmware.
  private func request(_ bytes: [UInt8]) -> (UInt32, Int, UInt32) {
    let address = word(bytes, 2)
    let byteCount = Int(bytes[6]) | Int(bytes[7]) << 8
    let width: UInt32 = [0x07: 4, 0x08: 4, 0x47: 2, 0x48: 2][bytes[1]] ?? 1
    if byteCount == 0 { violations.append("a transfer of no bytes") }
    if address % width != 0 || byteCount % Int(width) != 0 { violations.append("\(byteCount) bytes at \(address)") }
    if byteCount > (width == 1 ? byteLimit : 6144) { violations.append("\(byteCount) bytes of width \(width)") }
    let last = UInt64(address) + UInt64(max(1, byteCount)) - 1
    if last / 4096 != UInt64(address) / 4096 { violations.append("\(byteCount) bytes at \(address) cross 4 KiB") }
    return (address, byteCount, width)
  }

  private func word(_ bytes: [UInt8], _ offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * $1) }
  }

  private func little(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
