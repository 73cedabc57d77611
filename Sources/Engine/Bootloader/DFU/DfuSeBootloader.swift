import Basics
import Failures
import LinkInterface

/// A chip's ROM bootloader on USB: the host's side of AN3156.
///
/// Nothing is carried out when it is sent. The first question for the status starts it and tells how long to wait at the
/// least; the next one is answered when it has ended (AN3156, 4.4).
final class DfuSeBootloader {
  let device: any USBDevice
  private let interruption: Interruption?
  var onRepetition: (Advice) -> Void = { _ in }
  /// The memories that it names.
  private(set) var memories: [DFUMemory] = []

  private var connection: DFUConnection?
  /// The memory that is chosen.
  private var alternate: UInt8?
  /// What its next block number means: where the address pointer was set to, and how many blocks have followed.
  ///
  /// It counts for nothing after a command, some of which move the pointer.
  private var sequence: Sequence?

  private struct Sequence {
    let isUpload: Bool
    let pointer: UInt32
    var blockCount: Int
  }

  /// The opcodes that a block of number 0 begins with (AN3156, 5).
  private enum Opcode {
    static let setAddress: UInt8 = 0x21
    static let erase: UInt8 = 0x41
    static let readUnprotect: UInt8 = 0x92
  }

  /// The block number of the first block behind the address pointer.
  private static let firstBlock = 2
  /// What a device is given to leave the bus after its last answer.
  private static let leavingTime: Duration = .milliseconds(500)

  init(device: any USBDevice, interruption: Interruption?) {
    self.device = device
    self.interruption = interruption
  }

  // MARK: - Connecting

  /// Reads what it says of itself, and brings it into the state in which it takes commands.
  func connect() throws(DebugError) {
    let connection = try DFUConnection(device)
    guard connection.interface.isInDFUMode else { throw .dfu(.runtime, during: "connecting") }
    self.connection = connection
    memories = []
    for alternate in connection.interface.alternates {
      guard let text = try connection.name(of: alternate) else { continue }
      if let memory = DFUMemory(alternate: alternate.number, text: text) { memories.append(memory) }
    }
    guard !memories.isEmpty else { throw .dfu(.plain, during: "reading descriptors") }
    (alternate, sequence) = (nil, nil)
    try choose(memories.first(where: \.isInternalFlash)?.alternate ?? 0)
  }

  /// Whether it answers when it is asked for its status.
  var hasStatus: Bool {
    do throws(DebugError) {
      _ = try opened().status(within: .milliseconds(200))
      return true
    } catch {
      return error.fault?.kind == .refused
    }
  }

  private func opened() throws(DebugError) -> DFUConnection {
    guard let connection else { throw .dfu(.gone, during: "connecting") }
    return connection
  }

  /// Chooses a memory, and makes the device idle.
  private func choose(_ number: UInt8) throws(DebugError) {
    guard alternate != number else { return }
    try opened().select(alternate: number)
    alternate = number
    try makeIdle()
  }

  private func makeIdle() throws(DebugError) {
    sequence = nil
    try opened().makeIdle()
  }

  /// Ends an upload, which takes no command.
  private func endUpload() throws(DebugError) {
    guard sequence?.isUpload == true else { return }
    sequence = nil
    try opened().abort()
  }

  // MARK: - Commands

  var blockByteCount: Int { connection?.interface.blockByteCount.map { max($0 & ~3, 4) } ?? 2048 }

  /// Sets the address pointer.
  private func setAddress(_ address: UInt32) throws(DebugError) {
    try command(
      [Opcode.setAddress] + address.littleEndianBytes, "Set Address Pointer", at: address, taking: .zero)
  }

  private func command(
    _ bytes: [UInt8], _ name: String, at address: UInt32? = nil, taking duration: Duration
  ) throws(DebugError) {
    sequence = nil
    try carryOut(block: 0, bytes, name, at: address, taking: duration)
  }

  /// Sends a block and sees to it that it has been carried out.
  ///
  /// - Parameter duration: what it takes at the longest.
  private func carryOut(
    block: Int, _ bytes: [UInt8], _ name: String, at address: UInt32?, taking duration: Duration
  ) throws(DebugError) {
    if interruption?.isRequested ?? false { throw .interrupted }
    try begin(block: block, bytes, name, at: address)
    try finish(name, at: address, taking: duration)
  }

  private func begin(block: Int, _ bytes: [UInt8], _ name: String, at address: UInt32?) throws(DebugError) {
    do throws(DebugError) {
      try opened().download(block: UInt16(block), bytes)
    } catch {
      throw try explained(error, during: name, at: address)
    }
  }

  /// Starts what has been sent, and waits for its end.
  private func finish(_ name: String, at address: UInt32?, taking duration: Duration) throws(DebugError) {
    let connection = try opened()
    var report = try connection.status()
    let clock = device.clock
    let deadline = clock.deadline(after: max(report.pollTime, duration) + DFUConnection.patience)
    var stalls = 0
    while true {
      switch report.state {
      case .downloadIdle?: return
      case .downloadBusy?, .downloadSync?:
        guard !clock.hasPassed(deadline) else { throw .dfu(.busy(report), during: name, address: address) }
      default: throw try refused(report, during: name, at: address)
      }
      clock.wait(for: max(report.pollTime, .milliseconds(min(stalls, 50))))
      do throws(DebugError) {
        report = try connection.status(within: max(clock.remaining(to: deadline), DFUConnection.patience))
      } catch {
        // What is asked too early is refused by some.
        guard error.fault?.kind == .refused, !clock.hasPassed(deadline) else { throw error }
        stalls += 1
      }
    }
  }

  // MARK: - Refusals

  /// What a refused transfer was refused for; the device is idle again afterwards.
  private func explained(
    _ error: DebugError, during name: String, at address: UInt32?
  ) throws(DebugError) -> DebugError {
    guard error.fault?.kind == .refused else { return error }
    return try refused(try opened().status(), during: name, at: address)
  }

  private func refused(
    _ report: DFUStatusReport, during name: String, at address: UInt32?
  ) throws(DebugError) -> DebugError {
    try makeIdle()
    return .dfu(.refused(report), during: name, address: address)
  }

  // MARK: - Memory

  /// The memory that an address belongs to; the first one for what none of them names.
  private func memory(of address: UInt32) -> UInt8 {
    memories.first { $0.contains(address) }?.alternate ?? memories.first(where: \.isInternalFlash)?.alternate ?? 0
  }

  /// Programs at most a block.
  ///
  /// Blocks that follow each other need no address of their own, as long as they are whole.
  func write(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError) {
    try choose(memory(of: address))
    if nextAddress(isUpload: false) != address {
      try endUpload()
      try setAddress(address)
      sequence = Sequence(isUpload: false, pointer: address, blockCount: 0)
    }
    let block = Self.firstBlock + (sequence?.blockCount ?? 0)
    sequence?.blockCount += 1
    do throws(DebugError) {
      try carryOut(block: block, bytes, DFURequest.download.name, at: address, taking: duration)
    } catch {
      sequence = nil
      throw error
    }
    // How a short block is counted, devices do not agree on.
    if bytes.count != blockByteCount { sequence = nil }
  }

  /// Reads at most a block.
  func readBlock(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8] {
    if interruption?.isRequested ?? false { throw .interrupted }
    try choose(memory(of: address))
    if nextAddress(isUpload: true) != address {
      try endUpload()
      try setAddress(address)
      // After a command it waits for more of them, and reads only out of the idle state.
      try opened().abort()
      sequence = Sequence(isUpload: true, pointer: address, blockCount: 0)
    }
    let block = Self.firstBlock + (sequence?.blockCount ?? 0)
    sequence?.blockCount += 1
    do throws(DebugError) {
      let bytes = try opened().upload(block: UInt16(block), byteCount: byteCount)
      guard bytes.count == byteCount else {
        throw DebugError.malformedReply(during: DFURequest.upload.name, expected: byteCount, received: bytes)
      }
      // A short read ends the sequence; out of the idle state everything can begin.
      if byteCount != blockByteCount {
        sequence = nil
        try opened().abort()
      }
      return bytes
    } catch {
      sequence = nil
      throw try explained(error, during: DFURequest.upload.name, at: address)
    }
  }

  /// Where the next block of a sequence lies; nil where none can follow.
  private func nextAddress(isUpload: Bool) -> UInt32? {
    guard let sequence, sequence.isUpload == isUpload, Self.firstBlock + sequence.blockCount <= Int(UInt16.max) else {
      return nil
    }
    return sequence.pointer + UInt32(sequence.blockCount * blockByteCount)
  }

  // MARK: - Work

  /// Erases the sector at an address.
  private func erase(sectorAt address: UInt32, taking duration: Duration) throws(DebugError) {
    try command([Opcode.erase] + address.littleEndianBytes, "Erase", at: address, taking: duration)
  }

  /// Chooses the memory that an address belongs to, and ends what goes on there.
  private func readyForCommand(at address: UInt32) throws(DebugError) {
    try choose(memory(of: address))
    try endUpload()
  }

  func erase(_ step: EraseStep, on map: SectorMap, taking duration: Duration) throws(DebugError) {
    try readyForCommand(at: map.range.lowerBound)
    switch step {
    case .sector(let sector): try erase(sectorAt: sector.range.lowerBound, taking: duration)
    case .banks(let banks) where banks.count == map.bankCount:
      try command([Opcode.erase], "Mass Erase", taking: duration)
    case .banks:
      // There is no command for one bank of two.
      for sector in map.sectors where step.erases(sector) {
        try erase(sectorAt: sector.range.lowerBound, taking: duration)
      }
    }
  }

  /// Starts a program: the pointer to its vector table, a block of no bytes, and a last question.
  func start(from address: UInt32) throws(DebugError) {
    try readyForCommand(at: address)
    try setAddress(address)
    try begin(block: Self.firstBlock, [], "leaving", at: address)
    let report: DFUStatusReport
    do throws(DebugError) {
      report = try opened().status()
    } catch {
      // It may be gone already.
      guard error.isOfADepartedDevice else { throw error }
      return
    }
    guard report.state == .manifest || report.state == .manifestSync else {
      throw try refused(report, during: "leaving", at: address)
    }
  }

  func writeOptions(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError) {
    try readyForCommand(at: address)
    try setAddress(address)
    try carryOutAndReset(
      block: Self.firstBlock, bytes, "writing option bytes", at: address, taking: duration)
  }

  func liftReadProtection(taking duration: Duration) throws(DebugError) {
    try readyForCommand(at: memories.first(where: \.isInternalFlash)?.runs.first?.address ?? 0)
    try carryOutAndReset(block: 0, [Opcode.readUnprotect], "Read Unprotect", at: nil, taking: duration)
  }

  /// Something after which the chip resets itself: its device leaves the bus instead of an answer.
  private func carryOutAndReset(
    block: Int, _ bytes: [UInt8], _ name: String, at address: UInt32?, taking duration: Duration
  ) throws(DebugError) {
    try begin(block: block, bytes, name, at: address)
    do throws(DebugError) {
      try finish(name, at: address, taking: duration)
      // It has answered before it goes.
      device.clock.wait(for: Self.leavingTime)
    } catch {
      guard error.isOfADepartedDevice else { throw error }
    }
    connection = nil
    (alternate, sequence) = (nil, nil)
  }
}

extension DebugError {
  /// Whether it is what a transfer with a device ends with that has just left the bus.
  var isOfADepartedDevice: Bool {
    switch self {
    case .fault(let fault, _, _): [.lost, .silent].contains(fault.kind)
    case .transport(let error, _): if case .other = error.reason { true } else { false }
    default: false
    }
  }
}
