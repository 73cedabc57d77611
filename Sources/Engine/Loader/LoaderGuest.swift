import Basics

/// The loader as a guest of a program that goes on afterwards: it borrows a piece of the RAM, the core and the CRC unit, and
/// gives them back as they were.
///
/// Nothing of the program may use the RAM meanwhile (`BusMasters`), and interrupts are masked. The program sees nothing of it
/// but the time that passes: SysTick goes on, which is not read, since that would take COUNTFLAG from the program.
final class LoaderGuest {
  /// Why a guest has not left everything as it was.
  enum Failure: Error {
    /// The core has left the loader, as by a reset: what stands in it now is not the program that was halted.
    case ended
    /// The RAM does not hold what was put back.
    case memory
    /// Everything is as it was, and somebody has asked to stop.
    case interrupted
    /// An access failed.
    case access(DebugError)
  }

  /// What has come of a guest's arrival.
  enum Arrival {
    /// It is there.
    case guest(LoaderGuest)
    /// It cannot come; everything is as it was.
    case refused(LoaderRefusal)
  }

  /// What the guest changes, as it was.
  private struct Found {
    var registers: [(register: CoreRegister, value: UInt32)] = []
    var status: UInt32 = 0
    /// MPU_CTRL.
    var protection: UInt32 = 0
    var ram: [UInt8] = []
    var clocks: UInt32 = 0
    /// What shows itself only with a clock; nil until it has been read.
    var sum: UInt32?
    var monitor = DEMCR.clean
    var cycles: UInt32?
  }

  /// The loader, for questions about the flash.
  let loader: Loader

  private let access: any DebugAccess
  private let found: Found
  private var hasLeft = false

  /// The least that a guest is called for: below that, reading over the link is as quick.
  static let worthwhileByteCount = 49_152
  /// The ring that a guest needs: a few commands.
  private static let ringByteCount = 1024
  /// MPU_CTRL, ENABLE is bit 0 (ARMv7-M, B3.5.5); reads zero where there is none.
  private static let protectionControl: UInt32 = 0xE000_ED94
  /// DWT_CYCCNT (ARMv7-M, C1.8.8).
  private static let cycleCount: UInt32 = 0xE000_1004
  /// Where the vector table is: VTOR (ARMv7-M, B3.2.5).
  private static let vectorTable: UInt32 = 0xE000_ED08
  /// From here on an address is no place of a program but a lockup or a return from an exception (ARMv7-M, B1.5.8).
  private static let firstReservedAddress: UInt32 = 0xF000_0000
  /// The exception number in xPSR.
  private static let exceptionMask: UInt32 = 0x1FF

  private init(_ access: any DebugAccess, _ loader: Loader, _ found: Found) {
    self.access = access
    self.loader = loader
    self.found = found
  }

  // MARK: - Coming

  /// Starts the loader in a core that has been halted in its program.
  ///
  /// - Throws: `Failure` where it could not come, and something is not as it was.
  static func enter(_ access: any DebugAccess, code: [UInt32], ramByteCount: Int) throws(Failure) -> Arrival {
    let span = code.count * 4 + LoaderMemory.parameterByteCount + ringByteCount
    guard ramByteCount >= span else { return .refused(.tooLittleRAM(byteCount: ramByteCount)) }
    var found: Found
    do throws(DebugError) {
      found = try look(access, span)
      if let obstacle = try obstacle(access, found) { return .refused(.programGoesOn(obstacle)) }
    } catch {
      return .refused(.target(error))
    }
    do throws(LoaderRefusal) {
      try makeRoom(access, &found)
      let loader = try Loader.start(
        access, code: code, ramByteCount: span, exception: found.status & exceptionMask)
      return .guest(LoaderGuest(access, loader, found))
    } catch {
      try putBack(found, access)
      if case .target(.interrupted) = error { throw .interrupted }
      return .refused(error)
    }
  }

  /// Reads what will be changed.
  private static func look(_ access: any DebugAccess, _ span: Int) throws(DebugError) -> Found {
    var found = Found()
    found.status = try access.readCoreRegister(.xPSR)
    for register in (0...12).map(CoreRegister.general) + [.linkRegister, .control, .programCounter] {
      found.registers.append((register, try access.readCoreRegister(register)))
    }
    found.protection = try access.readWord(at: protectionControl)
    found.monitor = try access.read(DEMCR.self)
    found.clocks = try access.readWord(at: AHB1ClockEnable.address)
    found.ram = try access.readMemory(at: LoaderMemory.base, byteCount: span)
    return found
  }

  /// What speaks against a guest; nil for nothing.
  private static func obstacle(_ access: any DebugAccess, _ found: Found) throws(DebugError) -> String? {
    let place = found.registers.last?.value ?? .max
    if place >= firstReservedAddress { return "a core that has locked up" }
    let borrowed = LoaderMemory.base..<LoaderMemory.base + UInt32(found.ram.count)
    // An exception that nothing masks would read its vector there.
    if borrowed.contains(try access.readWord(at: vectorTable)) { return "a vector table in the RAM" }
    return try BusMasters.atWork(access)
  }

  /// Stops what would run on, and reads what shows itself only with a clock.
  private static func makeRoom(_ access: any DebugAccess, _ found: inout Found) throws(LoaderRefusal) {
    do throws(DebugError) {
      try protect(found.protection & ~1, found, access)
      try access.write(found.monitor.seeingTrace)
      found.cycles = try access.readWord(at: cycleCount)
      try clockChecksumUnit(access, found)
      found.sum = try access.readWord(at: ChecksumUnit.data)
    } catch {
      throw .target(error)
    }
  }

  /// Sets MPU_CTRL, where it was on.
  private static func protect(_ value: UInt32, _ found: Found, _ access: any DebugAccess) throws(DebugError) {
    if found.protection & 1 == 1 { try access.writeWord(value, at: protectionControl) }
  }

  private static func clockChecksumUnit(_ access: any DebugAccess, _ found: Found) throws(DebugError) {
    var clocks = AHB1ClockEnable(rawValue: found.clocks)
    clocks[.checksumUnit] = true
    try access.write(clocks)
  }

  /// Whether a halted core stands in a loader.
  static func standsInLoader(_ access: any DebugAccess) throws(DebugError) -> Bool {
    let code = LoaderCode.words
    let place = try access.readCoreRegister(.programCounter)
    guard (LoaderMemory.base..<LoaderMemory.base + UInt32(code.count * 4)).contains(place) else { return false }
    let count = min(signatureWordCount, code.count)
    return try access.readMemory(at: LoaderMemory.base, byteCount: count * 4)
      == code.prefix(count).flatMap(\.littleEndianBytes)
  }

  /// So many words at its beginning tell the loader from other code.
  private static let signatureWordCount = 16

  // MARK: - Leaving

  /// Stops the loader and puts everything back, even when somebody asks to stop just then.
  ///
  /// May be called twice.
  func leave() throws(Failure) {
    guard !hasLeft else { return }
    hasLeft = true
    let code = LoaderMemory.base..<loader.memory.parameters
    let place = try Self.insisting { () throws(DebugError) in
      try loader.stop()
      return try access.readCoreRegister(.programCounter)
    }
    guard code.contains(place.result) else { throw .ended }
    try Self.putBack(found, access)
    if place.wasInterrupted { throw .interrupted }
  }

  private static func putBack(_ found: Found, _ access: any DebugAccess) throws(Failure) {
    let (isWhole, wasInterrupted) = try insisting { () throws(DebugError) in
      try access.writeMemory(found.ram, at: LoaderMemory.base)
      if let sum = found.sum {
        try clockChecksumUnit(access, found)
        try access.writeWord(1, at: ChecksumUnit.control)
        try access.writeWord(ChecksumUnit.word(bringing: sum), at: ChecksumUnit.data)
      }
      try access.writeWord(found.clocks, at: AHB1ClockEnable.address)
      if let cycles = found.cycles {
        try access.write(found.monitor.seeingTrace)
        try access.writeWord(cycles, at: cycleCount)
      }
      try access.write(found.monitor)
      try protect(found.protection, found, access)
      try access.writeCoreRegister(.xPSR, found.status)
      for (register, value) in found.registers { try access.writeCoreRegister(register, value) }
      return try access.readMemory(at: LoaderMemory.base, byteCount: found.ram.count) == found.ram
    }
    guard isWhole else { throw .memory }
    if wasInterrupted { throw .interrupted }
  }

  /// Does something to its end, from the beginning again where somebody asks to stop in between, which is told once.
  private static func insisting<Result>(
    _ body: () throws(DebugError) -> Result
  ) throws(Failure) -> (result: Result, wasInterrupted: Bool) {
    do throws(DebugError) {
      return (try body(), false)
    } catch {
      guard case .interrupted = error else { throw .access(error) }
    }
    do throws(DebugError) { return (try body(), true) } catch { throw .access(error) }
  }
}
