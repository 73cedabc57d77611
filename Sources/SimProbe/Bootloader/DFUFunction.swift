import LinkInterface

/// What a ROM bootloader does on USB: device firmware upgrade with ST's commands (USB DFU 1.1; AN3156).
///
/// Nothing is carried out when it is sent: a request's work begins when the host asks for the state, and while it goes on
/// the device takes no other request (its control endpoint answers NAK).
final class DFUFunction {
  /// bState (DFU 1.1, 6.1.2).
  enum State: UInt8 {
    case idle = 2
    case downloadSync = 3
    case downloadBusy = 4
    case downloadIdle = 5
    case manifestSync = 6
    case manifest = 7
    case uploadIdle = 9
    case error = 10
  }

  /// bStatus (DFU 1.1, 6.1.2).
  enum Status: UInt8 {
    case ok = 0x00
    case target = 0x01
    case firmware = 0x0A
    case vendor = 0x0B
    case unknown = 0x0E
    case stalledPacket = 0x0F
  }

  /// What has been sent and waits for the host to ask for the state.
  enum Work: Equatable {
    case setAddress(UInt32)
    case erase(UInt32)
    case eraseEverything
    case liftReadProtection
    case write([UInt8], at: UInt32)
    case unknownCommand
  }

  unowned let bootloader: SystemBootloader
  /// What it does otherwise than others.
  var quirks = DFUQuirks()
  /// Whether a host is at the other end of the board's USB socket.
  var hasHost = false {
    didSet { if hasHost { connectIfDue() } else { disconnect() } }
  }
  /// Whether the host sees the device.
  private(set) var isConnected = false
  /// How often the host has seen it come.
  private(set) var connectionCount = 0
  /// Whether it works, so that it takes no request.
  private(set) var isBusy = false

  private(set) var state = State.error
  private(set) var status = Status.firmware
  /// The chosen memory (bAlternateSetting).
  private(set) var alternate: UInt8 = 0
  /// The address pointer.
  private(set) var pointer: UInt32 = 0
  private var work: Work?
  /// From when on a host can see it; nil while the core is elsewhere.
  private var readyTime: UInt64?

  /// What one block holds at the most (wTransferSize).
  static let blockByteCount = 2048
  /// Between the answer to the host and what follows from it, in nanoseconds; assumed.
  private static let latency: UInt64 = 20_000
  /// From its last answer until a device that leaves is off the bus, in nanoseconds; assumed.
  private static let leavingTime: UInt64 = 1_000_000

  init(bootloader: SystemBootloader) {
    self.bootloader = bootloader
  }

  private var chip: Chip { bootloader.chip }

  // MARK: On the bus

  /// The bootloader listens from a time on.
  func listen(from time: UInt64) {
    guard let connectTime = bootloader.facts.usbConnectTime else { return }
    let ready = chip.hasSettled ? time : time + connectTime
    readyTime = ready
    bootloader.later(at: ready) { $0.dfu.connectIfDue() }
  }

  /// The chip has been reset: the device is gone.
  func reset() {
    readyTime = nil
    disconnect()
  }

  private func disconnect() {
    isConnected = false
    isBusy = false
  }

  /// Shows itself to the host, where it has one, has a clock for USB, and no other interface has been chosen.
  private func connectIfDue() {
    guard bootloader.facts.usbConnectTime != nil, hasHost, !isConnected, let readyTime, readyTime <= chip.synchronised,
      bootloader.isExecuting,
      !bootloader.hasChosenPort, findsCrystal
    else { return }
    isConnected = true
    connectionCount += 1
    beginSession()
  }

  /// What a USB reset leaves: on F2 and F4 a first host finds errFIRMWARE, which it has to clear.
  func beginSession() {
    (state, status, alternate, work, isBusy) = (.error, .firmware, 0, nil, false)
    pointer = bootloader.memory.flashBase
  }

  /// Whether it makes 48 MHz of the crystal, which it measures in steps of 1 MHz from 4 to 26 MHz (AN2606).
  private var findsCrystal: Bool {
    guard let hertz = chip.clocks.externalClock.hertz(isBypassed: false), !quirks.mistakesCrystal else { return false }
    return (4_000_000...26_000_000).contains(hertz) && hertz % 1_000_000 == 0
  }

  // MARK: Requests

  /// Chooses a memory; false for one that is not there.
  func select(alternate: UInt16) -> Bool {
    guard alternate < DFUDescriptors.alternateCount else { return false }
    self.alternate = UInt8(alternate)
    return true
  }

  /// DNLOAD; false is STALL.
  func download(block: UInt16, _ data: [UInt8]) -> Bool {
    guard state == .idle || state == .downloadIdle else { return stall() }
    if data.isEmpty {
      state = .manifestSync
      return true
    }
    guard block != 1, data.count <= Self.blockByteCount else { return stall() }
    if block == 0 {
      work = Self.command(data)
    } else {
      work = .write(data, at: pointer &+ UInt32(block - 2) * UInt32(Self.blockByteCount))
    }
    state = .downloadSync
    return true
  }

  private static func command(_ data: [UInt8]) -> Work {
    let address = data.count == 5 ? data[1...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil
    return switch (data[0], address) {
    case (0x21, let address?): .setAddress(address)
    case (0x41, let address?): .erase(address)
    case (0x41, nil) where data.count == 1: .eraseEverything
    case (0x92, nil) where data.count == 1: .liftReadProtection
    default: .unknownCommand
    }
  }

  /// UPLOAD; nil is STALL.
  func upload(block: UInt16, byteCount: Int) -> [UInt8]? {
    guard state == .idle || state == .uploadIdle, block != 1, byteCount <= Self.blockByteCount else {
      _ = stall()
      return nil
    }
    if block == 0 { return Array([0x00, 0x21, 0x41, 0x92].prefix(byteCount)) }
    guard !isReadProtected else { return refuse(.vendor) }
    // Only where it begins is looked at, as on serial ports.
    let address = pointer &+ UInt32(block - 2) * UInt32(Self.blockByteCount)
    guard isReadable(address) else { return refuse(.target) }
    let bytes = bytes(at: address, count: byteCount)
    guard bytes.count == byteCount else { return refuse(.target) }
    state = .uploadIdle
    return bytes
  }

  /// What an address and those behind it hold, the registers of the debug unit word by word as they want it; fewer bytes
  /// where the bus refuses some.
  private func bytes(at address: UInt32, count: Int) -> [UInt8] {
    let offsets = 0..<UInt32(count)
    guard bootloader.memory.debugUnit.contains(address) else {
      return offsets.compactMap { bootloader.byte(at: address &+ $0) }
    }
    return offsets.map { offset in
      let place = address &+ offset
      return UInt8(truncatingIfNeeded: bootloader.word(at: place & ~3) >> (8 * (place & 3)))
    }
  }

  /// GETSTATUS; what was sent begins with it.
  func takeStatus() -> [UInt8] {
    var pollTime: UInt64 = 0
    switch state {
    case .downloadSync:
      guard let work else {
        state = .downloadIdle
        break
      }
      self.work = nil
      pollTime = quirks.pollTime ?? self.pollTime(of: work)
      state = .downloadBusy
      isBusy = true
      bootloader.later(at: chip.synchronised + Self.latency) { $0.dfu.perform(work) }
    case .downloadBusy: state = .downloadIdle
    case .manifestSync:
      state = .manifest
      isBusy = true
      bootloader.later(at: chip.synchronised + Self.leavingTime) { $0.dfu.leave() }
    default: break
    }
    let time = UInt32(clamping: pollTime)
    return [
      status.rawValue, UInt8(truncatingIfNeeded: time), UInt8(truncatingIfNeeded: time >> 8),
      UInt8(truncatingIfNeeded: time >> 16), state.rawValue, 0,
    ]
  }

  /// CLRSTATUS: harmless where there is nothing to clear.
  func clearStatus() -> Bool {
    if state == .error, !quirks.staysInError { (state, status) = (.idle, .ok) }
    return true
  }

  /// ABORT; false is STALL.
  func abort() -> Bool {
    guard [.idle, .downloadSync, .downloadIdle, .manifestSync, .uploadIdle].contains(state) else { return stall() }
    (state, work) = (.idle, nil)
    return true
  }

  /// A request that the state does not allow, or that nobody knows.
  func stall() -> Bool {
    (state, status) = (.error, .stalledPacket)
    return false
  }

  private func refuse(_ reason: Status) -> [UInt8]? {
    (state, status) = (.error, reason)
    return nil
  }

  // MARK: Work

  private func perform(_ work: Work) {
    switch work {
    case .setAddress(let address):
      guard isReadable(address) else { return end(.target) }
      pointer = address
      end(.ok)
    case .erase(let address):
      // The pointer serves as the command's own variable.
      pointer = address
      guard !isReadProtected else { return end(.vendor) }
      guard alternate == 0, let sector = sector(at: address) else { return end(.target) }
      if sector.bank == 1, bootloader.facts.deviations.contains(.keepsSecondBankOnUSB) { return end(.ok) }
      bootloader.erase([sector]) { $0.dfu.end(.ok) }
    case .eraseEverything:
      guard !isReadProtected else { return end(.vendor) }
      guard alternate == 0 else { return end(.target) }
      bootloader.eraseEverything { $0.dfu.end(.ok) }
    case .liftReadProtection:
      bootloader.liftReadProtection { $0.resetSystem() }
    case .write(let bytes, let address): write(bytes, at: address)
    case .unknownCommand: end(.stalledPacket)
    }
  }

  private func write(_ bytes: [UInt8], at address: UInt32) {
    let memory = bootloader.memory
    guard !isReadProtected else { return end(.vendor) }
    switch (alternate, address) {
    case (0, _) where sector(at: address) != nil: bootloader.program(bytes, at: address) { $0.dfu.end(.ok) }
    case (0, bootloader.facts.firstFreeRAM...) where isRAM(address):
      end(bootloader.writeRAM(bytes, to: address) ? .ok : .target)
    case (1, memory.optionBytes.lowerBound):
      bootloader.writeOptions(bytes, ofSecondBank: false) { $0.resetSystem() }
    case (1, memory.optionBytes2.lowerBound) where chip.model.die.hasSecondBankRegisters:
      bootloader.writeOptions(bytes, ofSecondBank: true) { $0.resetSystem() }
    case (2, _) where memory.otp.contains(address): bootloader.program(bytes, at: address) { $0.dfu.end(.ok) }
    case (3, bootloader.facts.supplyWord): end(bootloader.setSupply(bytes) ? .ok : .unknown)
    default: end(.target)
    }
  }

  private func end(_ status: Status) {
    isBusy = false
    self.status = status
    if status != .ok { state = .error }
  }

  /// Starts the program at the pointer; one that is no program ends in a reset.
  private func leave() {
    let address = pointer
    disconnect()
    guard sector(at: address) != nil || isRAM(address) else { return bootloader.resetSystem() }
    bootloader.jump(to: address)
  }

  // MARK: What it takes

  private var isReadProtected: Bool { chip.flash.readProtectionLevel != 0 }

  private func sector(at address: UInt32) -> FlashSector? {
    let base = bootloader.memory.flashBase
    return chip.flash.map.sectors.first { address >= base + $0.offset && address - base - $0.offset < $0.byteCount }
  }

  private func isRAM(_ address: UInt32) -> Bool {
    address >= bootloader.facts.firstFreeRAM && chip.model.variant.sramRanges.contains { $0.contains(address) }
  }

  /// Whether the chosen memory has an address; what is in none of them, such as the identity of the chip, is read with
  /// the first, as ST's own program does.
  private func isReadable(_ address: UInt32) -> Bool {
    let memory = bootloader.memory
    return switch alternate {
    case 0:
      sector(at: address) != nil || isRAM(address) || memory.systemMemory.contains(address)
        || memory.otp.contains(address) || !quirks.hidesIdentity && memory.debugUnit.contains(address)
    case 1:
      memory.optionBytes.contains(address)
        || chip.model.die.hasSecondBankRegisters && memory.optionBytes2.contains(address)
    case 2: memory.otp.contains(address)
    default: address == bootloader.facts.supplyWord
    }
  }

  /// What it tells the host to wait for, in milliseconds: what the data sheet gives as typical, and 100 ms for whatever
  /// erases everything, which takes seconds.
  private func pollTime(of work: Work) -> UInt64 {
    let timing = FlashTiming(chip.model.family.flashTimes)
    let parallelism = bootloader.parallelism
    let nanoseconds: UInt64
    switch work {
    case .setAddress, .unknownCommand: return 1
    case .erase(let address):
      nanoseconds = sector(at: address).map { timing.erase(sectorOf: $0.byteCount, parallelism) } ?? 0
    case .eraseEverything, .liftReadProtection: return 100
    case .write where alternate == 1: nanoseconds = timing.programOptions(parallelism)
    case .write(let bytes, _):
      let width = Int(parallelism.rawValue)
      nanoseconds = UInt64((bytes.count + width - 1) / width) * timing.program
    }
    return (nanoseconds + 999_999) / 1_000_000
  }
}

/// What single devices do otherwise than the ROM of a genuine chip does on a good day.
struct DFUQuirks: Sendable {
  /// Whether the crystal is taken for one of another frequency, so that no host ever sees the device.
  var mistakesCrystal = false
  /// What it tells the host to wait for, whatever it does, in milliseconds; nil for what suits.
  var pollTime: UInt64?
  /// Whether it stays in its error state, whatever it is asked for.
  var staysInError = false
  /// Whether it takes no request any more.
  var hangs = false
  /// Whether it refuses to tell its status while it works, instead of answering when it has finished.
  var stallsWhileBusy = false
  /// What it calls the chip's flash; nil for what suits the chip.
  var flashName: String?
  /// Whether it refuses to read outside of the memories that it names.
  var hidesIdentity = false
}
