import Failures
import LinkInterface

// What every ROM bootloader does, by way of a serial line.
extension UARTBootloader: ROMBootloader {
  /// Longer than any of them takes from its reset on (AN2606, "Bootloader timing characteristics").
  private static let startUpTime: Duration = .milliseconds(250)

  func link(identifier: UInt8?, uniqueID: [UInt8]?) -> TargetLink {
    .bootloader(
      BootloaderDescription(
        port: line.identity, settings: line.settings, protocolVersion: protocolVersion, identifier: identifier,
        uniqueID: uniqueID))
  }

  var blockByteCount: Int { Self.blockByteCount }
  var verifiesBlockByBlock: Bool { true }
  /// A command has 12 characters of its own.
  var firstLookByteCount: Int { 32 }
  var timing: TransferTiming { TransferTiming(bootloaderAt: line.settings) }
  var startingAdvice: Advice { "set BOOT0 high, BOOT1 (PB2) low, and press reset" }

  // MARK: Ways in and out

  func bringIn() throws(DebugError) {
    guard let sequence else { return }
    try sequence.entering.perform(on: line, pins)
    // What is sent before it listens makes a bootloader measure a wrong rate.
    clock.wait(for: Self.startUpTime)
  }

  var canBringOut: Bool { sequence.map { !$0.leaving.isEmpty } ?? false }

  func bringOut() throws(DebugError) {
    guard let sequence else { return }
    try sequence.leaving.perform(on: line, pins)
  }

  func reconnect() throws(DebugError) -> Bool {
    clock.wait(for: Self.startUpTime)
    do throws(DebugError) {
      try connect()
      return true
    } catch {
      guard error.fault?.kind == .silent else { throw error }
      return false
    }
  }

  // MARK: The chip

  func recognise(expecting chip: ChipName?) throws(DebugError) -> RecognisedDie { .number(try identifier()) }

  /// A read is refused at the command itself where read protection is on.
  func readUnlessProtected(at address: UInt32, byteCount: Int) throws(DebugError) -> [UInt8]? {
    do throws(DebugError) {
      return try readMemory(at: address, byteCount: byteCount)
    } catch {
      guard error.fault?.kind == .refused, error.fault?.meaning.category == .protected else { throw error }
      return nil
    }
  }

  func erase(_ step: EraseStep, on map: SectorMap, taking duration: Duration) throws(DebugError) {
    switch step {
    case .sector(let sector): try erase(sectors: [sector.number], taking: duration)
    case .banks(let banks): try erase(banks: banks, of: map.bankCount, taking: duration)
    }
  }

  func start(from address: UInt32) throws(DebugError) { try go(to: address) }

  func writeOptions(_ bytes: [UInt8], at address: UInt32, taking duration: Duration) throws(DebugError) {
    try write(bytes, at: address, taking: duration)
  }

  func liftReadProtection(taking duration: Duration) throws(DebugError) {
    try changeProtection(.readoutUnprotect, taking: duration)
  }

  func liftWriteProtection(taking duration: Duration) throws(DebugError) -> Bool {
    try changeProtection(.writeUnprotect, taking: duration)
    return true
  }

  func close() {
    pins?.release()
    line.close()
  }
}
