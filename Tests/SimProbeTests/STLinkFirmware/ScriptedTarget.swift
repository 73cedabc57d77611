@testable import SimProbe

/// A small target for the firmware's tests: a debug port, one memory access port, some memory and a core that can be
/// halted and reset.
///
/// It answers on the wire as ADIv5 says; tests make it fall silent, wait or fault.
final class ScriptedTarget: TargetConnector {
  static let ram: UInt32 = 0x2000_0000
  static let flash: UInt32 = 0x0800_0000

  /// Whether anybody answers on the wire.
  var isPresent = true
  /// Whether the power-up requests are acknowledged.
  var hasPower = true
  var referenceMillivolts = 3300
  /// How many of the next AP accesses and RDBUFF reads are answered with WAIT; below zero all of them.
  var waits = 0
  /// How many further WAITs each access-port transfer after a TAR write costs, as an F429 does.
  var waitsAfterAddress = 0
  /// Addresses that end in a bus error.
  var faults: [Range<UInt32>] = []
  /// How many of the next reads come with a wrong parity bit.
  var parityErrors = 0
  /// Called before each packet with the number of packets so far.
  var onPacket: ((Int) -> Void)?
  /// The packets seen, where a test wants them.
  var log: [SWDPacket] = []
  var isLogging = false

  private(set) var packetCount = 0
  private(set) var lineResets = 0
  private(set) var sequences: [UInt16] = []
  private(set) var resetEdges: [Bool] = []
  private(set) var core = ScriptedCore()
  private var memory = ScriptedMemory()

  private var isSelected = false
  private var mayAnswer = false
  private var requests: UInt32 = 0
  private var isSticky = false
  private var select: UInt32 = 0
  private var control: UInt32 = 0x2300_0042
  private var address: UInt32 = 0
  private var posted: UInt32 = 0
  private var pendingWaits = 0

  /// The bytes from an address on.
  func bytes(at address: UInt32, _ count: Int) -> [UInt8] {
    (0..<UInt32(count)).map { memory.byte(at: address + $0) ?? 0 }
  }

  /// Puts bytes into memory.
  func put(_ bytes: [UInt8], at address: UInt32) {
    for (offset, byte) in bytes.enumerated() { memory.setByte(byte, at: address + UInt32(offset)) }
  }

  func lineReset() {
    lineResets += 1
    mayAnswer = isSelected
  }

  func switchSequence(_ bits: UInt16) {
    sequences.append(bits)
    isSelected = bits == 0xE79E
    mayAnswer = false
  }

  func driveReset(low: Bool) {
    resetEdges.append(low)
    core.driveReset(low: low)
  }

  func transfer(_ packet: SWDPacket) -> SWDAnswer {
    packetCount += 1
    onPacket?(packetCount)
    if isLogging { log.append(packet) }
    guard isPresent, mayAnswer else { return .silence }
    switch packet.port {
    case .debug: return debugTransfer(packet)
    case .access: return accessTransfer(packet)
    }
  }

  private func debugTransfer(_ packet: SWDPacket) -> SWDAnswer {
    switch (packet.register, packet.writeData) {
    case (0x0, nil): return .ok(0x2BA0_1477)
    case (0x0, let value?):
      if value & 0x4 != 0 { isSticky = false }
      return .ok(0)
    case (0x4, nil):
      if select & 1 != 0 { return .ok(0x0000_0040) }
      let acknowledges = hasPower ? requests << 1 : 0
      return .ok(requests | acknowledges | 0x40 | (isSticky ? 0x20 : 0))
    case (0x4, let value?):
      requests = value & 0x5000_0000
      return .ok(0)
    default: break
    }
    if isSticky { return .fault }
    if packet.register == 0x8, let value = packet.writeData {
      select = value
      return .ok(0)
    }
    if let wait = nextWait() { return wait }
    return answer(posted)
  }

  private func accessTransfer(_ packet: SWDPacket) -> SWDAnswer {
    if isSticky { return .fault }
    if let wait = nextWait() { return wait }
    let previous = posted
    guard select >> 24 == 0 else {
      if packet.writeData == nil { posted = 0 }
      return .ok(previous)
    }
    let register = UInt8(select & 0xF0) | packet.register
    if let value = packet.writeData {
      write(register, value)
      return .ok(0)
    }
    posted = read(register)
    return answer(previous)
  }

  private func answer(_ value: UInt32) -> SWDAnswer {
    guard parityErrors > 0 else { return .ok(value) }
    parityErrors -= 1
    return .parityError(value)
  }

  private func nextWait() -> SWDAnswer? {
    if waits != 0 {
      waits -= waits > 0 ? 1 : 0
      return .wait
    }
    guard pendingWaits > 0 else { return nil }
    pendingWaits -= 1
    return .wait
  }

  private func read(_ register: UInt8) -> UInt32 {
    switch register {
    case 0x00: return control | 0x40
    case 0x04: return address
    case 0x0C:
      defer { increment() }
      return readBus(address)
    case 0x10, 0x14, 0x18, 0x1C: return readBus(address & ~0xF | UInt32(register & 0xC))
    case 0xF8: return 0xE00F_F003
    case 0xFC: return 0x2477_0011
    default: return 0
    }
  }

  private func write(_ register: UInt8, _ value: UInt32) {
    switch register {
    case 0x00: control = value
    case 0x04:
      address = value
      pendingWaits = waitsAfterAddress
    case 0x0C:
      writeBus(address, value)
      increment()
    case 0x10, 0x14, 0x18, 0x1C: writeBus(address & ~0xF | UInt32(register & 0xC), value)
    default: break
    }
  }

  private var width: UInt32 { 1 << (control & 3) }

  /// Auto-increment wraps within 1 KiB, which is all that ADIv5 promises.
  private func increment() {
    guard control & 0x30 == 0x10 else { return }
    address = address & ~1023 | (address &+ width) & 1023
  }

  private func readBus(_ address: UInt32) -> UInt32 {
    guard !faults.contains(where: { $0.contains(address) }) else {
      isSticky = true
      return 0
    }
    if let value = core.read(address) { return value }
    if let value = memory.word(at: address & ~3) { return value }
    isSticky = true
    return 0
  }

  private func writeBus(_ address: UInt32, _ value: UInt32) {
    guard !faults.contains(where: { $0.contains(address) }) else { return isSticky = true }
    if core.write(address, value) { return }
    var isThere = true
    for lane in address & 3..<(address & 3) + width {
      isThere = memory.setByte(UInt8(truncatingIfNeeded: value >> (8 * lane)), at: address & ~3 | lane) && isThere
    }
    if !isThere { isSticky = true }
  }
}
