/// The flash interface of the F2 and F4: main flash, OTP and option bytes behind its registers.
///
/// Follows RM0090 sections 3.5 to 3.9 and the manuals of the other lines where they differ; the differences come from
/// the catalogue's rows. All methods take the time of the access in nanoseconds on the simulation's clock: an operation
/// ends by itself when an access comes after its end, and nothing needs to be called in between.
final class FlashInterface {
  /// The part.
  let variant: ChipVariant
  /// The main flash's cells.
  let main: MemoryRegion
  /// The OTP area's cells: 16 blocks of 32 bytes, then a lock byte for each.
  let otp: MemoryRegion
  /// How long operations take.
  let timing: FlashTiming
  /// What is wrong with the cells; nil for a good part.
  var defects: FlashDefects?

  /// The supply in millivolts: decides which parallelism programs and erases well, and how fast reads are.
  private(set) var supplyMillivolts = 3300
  /// HCLK in hertz.
  private(set) var clockHertz = Oscillator.internalHertz
  /// Whether reads have fewer wait states than they need.
  private(set) var readsTooEarly = false
  /// The reads that came too early; nil for none.
  var earlyReads: EarlyFlashReads?
  /// Who knows the instruction that executes.
  weak var executing: (any InstructionSource)?
  let waitStates: FlashWaitStates
  /// Whether 7 to 9 V are at the VPP pin, which x64 needs.
  var hasProgrammingVoltage = false
  /// Whether SR shows the flags of a stray write after every reset, as parts with running firmware often do.
  var startsWithStrayFlags = false
  /// Whether read protection shuts the flash: level 1 with a debugger seen, or booted from RAM or system memory.
  private(set) var isShutByReadProtection = false
  /// Whether the core's own supply is too weak to erase and program well, whatever the width.
  var isCoreSupplyWeak = false
  /// How far the supply falls while an operation draws its current, in millivolts.
  var loadDropMillivolts = 0
  /// An operation has begun.
  let operationBegan = Signal<FlashOperation>()
  /// The interrupt (FLASH, line 4).
  let interrupt = Line()
  /// An RDP regression erases the backup SRAM with the flash.
  let backupMemoryErased = Signal<Void>()

  /// The sectors as the loaded option bytes cut them.
  var map: SectorMap
  /// The option bytes in the flash.
  var storedOptions: OptionBytes
  /// RDP's level as loaded at the last reset.
  var readProtectionLevel = 0
  /// BOR_LEV as loaded at the last reset.
  private(set) var brownOutCode = 3
  /// How often each sector has been erased, by 16 KiB granule of the flash for independence of the bank layout.
  var eraseCounts: [UInt32]
  /// What the flash has done since the simulation began.
  var work = FlashWork()

  /// The sectors that cannot be erased or programmed, by position in the map.
  var protectedSectors: UInt32 = 0
  /// The sectors that data accesses cannot read (PCROP), by position in the map.
  private(set) var readoutProtectedSectors: UInt32 = 0
  /// Whether the core reads `main` by itself; it has to stop with `directReadsEnded`.
  private(set) var hasDirectReads = false
  /// Direct reads have to end: an operation or a protection begins, or the wait states change.
  let directReadsEnded = Signal<Void>()
  /// ACR, when it has been written or reset; the core's own reads take their times from it.
  let accessControlChanged = Signal<UInt32>()
  /// The registers; the locks' bits among them follow `controlLock` and `optionLock`, and BSY is whether there is an
  /// `operation`.
  let registers: RegisterFile
  /// CR, at hand for every access that depends on it.
  private(set) var control: FlashControl
  var controlLock: KeyLock
  var optionLock: KeyLock
  private(set) var operation: FlashOperation?
  /// The first half of an x64 access, waiting for the second.
  var firstHalf: (target: FlashTarget, offset: Int, value: UInt32)?
  var random: ChipRandom
  /// The bits of ACR.LATENCY.
  let latencyMask: UInt32

  /// The unit in which wear is counted.
  static let granuleShift: UInt32 = 14

  /// Makes a blank part with factory option bytes.
  init(variant: ChipVariant, timing: FlashTiming? = nil, seed: UInt64) {
    let family = variant.family
    self.variant = variant
    self.timing = timing ?? FlashTiming(family.flashTimes)
    otp = MemoryRegion(byteCount: family.memory.otp.count, filledWith: 0xFF)
    controlLock = KeyLock(family.controlKeys)
    optionLock = KeyLock(family.optionKeys)
    main = MemoryRegion(byteCount: Int(variant.flashByteCount), filledWith: 0xFF)
    waitStates = variant.die.waitStates
    storedOptions = .factory(variant.die)
    map = variant.sectorMap(splitIntoBanks: false)
    eraseCounts = Array(repeating: 0, count: Int(variant.flashByteCount >> FlashInterface.granuleShift))
    random = ChipRandom(seed: seed ^ 0xF1A5_4000)
    let die = variant.die
    latencyMask = 1 << UInt32(die.latencyBits) - 1
    registers = RegisterFile(FlashRegister.descriptions(die))
    control = FlashControl(rawValue: registers[FlashRegister.control])
    loadOptions()
  }

  /// The end of the running operation; nil when none runs.
  var busyUntil: UInt64? { operation?.end }

  /// Lets the core read `main` by itself, at `latency` wait states, where nothing runs and nothing is protected.
  ///
  /// - Returns: whether it may; true again only after `directReadsEnded`.
  func beginDirectReads() -> Bool {
    guard !hasDirectReads, !readsTooEarly, operation == nil, !isShutByReadProtection,
      readoutProtectedSectors == 0
    else {
      return false
    }
    hasDirectReads = true
    return true
  }

  private func endDirectReads() {
    guard hasDirectReads else { return }
    hasDirectReads = false
    directReadsEnded.send()
  }

  // MARK: Inputs

  /// The supply has changed.
  func supply(millivolts: Int) {
    supplyMillivolts = millivolts
    updateReadSpeed()
  }

  /// HCLK has changed.
  func clock(hertz: UInt64) {
    clockHertz = hertz
    updateReadSpeed()
  }

  /// Read protection shuts the flash, or opens it.
  func shutByReadProtection(_ isShut: Bool) {
    isShutByReadProtection = isShut
    if isShut { endDirectReads() }
  }

  /// Decides anew whether reads come too early: HCLK, the supply or the wait states have changed.
  private func updateReadSpeed() {
    readsTooEarly = neededLatency.map { $0 > latency } ?? true
    if readsTooEarly { endDirectReads() }
  }

  // MARK: Operations

  /// Begins an operation, which ends by itself.
  func begin(_ operation: FlashOperation) {
    self.operation = operation
    endDirectReads()
    operationBegan.send(operation)
  }

  /// The operation is over, or torn off.
  private func endOperation() {
    switch operation?.kind {
    case .program, nil: break
    case .erase: updateControl { $0 &= ~FlashControl.strt }
    case .options: registers[FlashRegister.optionControl] &= ~OptionControl.start
    }
    operation = nil
  }

  /// The wait states of a flash read, from ACR.LATENCY.
  var latency: UInt32 { registers[FlashRegister.accessControl] & latencyMask }

  /// SR.
  var status: FlashStatus {
    get { FlashStatus(rawValue: registers[FlashRegister.status]) }
    set { registers[FlashRegister.status] = newValue.rawValue }
  }

  /// The option bytes as OPTCR and OPTCR1 hold them.
  var shadowedOptions: OptionBytes {
    OptionBytes(
      optionControl: registers[FlashRegister.optionControl], optionControl1: registers[FlashRegister.optionControl1],
      die: variant.die)
  }

  // MARK: Reading

  /// Reads the main flash.
  func read(at offset: Int, _ width: BusWidth, by master: BusMaster, now: UInt64) -> BusAnswer {
    if operation != nil {
      settle(now)
      if let operation, operation.busyBanks & 1 << UInt8(map.bank(at: UInt32(offset))) != 0 {
        return .stalled(until: operation.end)
      }
    }
    if isShutByReadProtection { return .fault }
    if readoutProtectedSectors != 0, master != .coreFetch,
      readoutProtectedSectors & 1 << UInt32(map.index(at: UInt32(offset))) != 0
    {
      status.insert(.readProtectionError)
      return .done(0, cycles: waitStates(of: master))
    }
    return .done(sensed(main.load(width, at: offset), width), cycles: waitStates(of: master))
  }

  /// The wait states of a read; the core reads through its own buffers and caches and counts for itself.
  private func waitStates(of master: BusMaster) -> UInt32 {
    switch master {
    case .coreFetch, .coreData: 0
    case .debugger, .dma: latency
    }
  }

  /// Reads the OTP area, offsets from 0x1FFF_7800.
  func readOTP(at offset: Int, _ width: BusWidth, now: UInt64) -> BusAnswer {
    if let end = informationBlockStall(now) { return .stalled(until: end) }
    if isShutByReadProtection { return .fault }
    return .done(sensed(otp.load(width, at: offset), width), cycles: latency)
  }

  /// When a read of the information block (system memory, OTP, option bytes: in bank 1) can go on; nil for now.
  func informationBlockStall(_ now: UInt64) -> UInt64? {
    settle(now)
    guard let operation, operation.busyBanks & 1 != 0 else { return nil }
    return operation.end
  }

  // MARK: Time and resets

  /// Ends the running operation if its time has come.
  func settle(_ now: UInt64) {
    guard let operation, now >= operation.end else { return }
    endOperation()
    switch operation.kind {
    case .program: break
    case .erase(let sectors): erase(sectors, reliably: operation.isReliable)
    case .options(let options, let massEraseEnd):
      if massEraseEnd != nil { eraseForRegression(reliably: operation.isReliable) }
      store(options)
    }
    if control.has(FlashControl.eopie) { status.insert(.endOfOperation) }
    updateInterruptLine()
  }

  /// A system reset or the loss of power: an operation in flight is torn off, registers go to their reset values and
  /// the option bytes are loaded anew.
  func reset(now: UInt64) {
    settle(now)
    if let operation { tear(operation, now: now) }
    endOperation()
    firstHalf = nil
    let old = registers[FlashRegister.accessControl]
    registers.reset()
    accessControlWritten(old: old)
    updateControl()
    if startsWithStrayFlags { status = .leftByStrayWrite }
    controlLock.reset()
    optionLock.reset()
    loadOptions()
    updateInterruptLine()
  }

  /// Copies the stored option bytes into the shadow registers and puts them into force.
  func loadOptions() {
    let lock = optionLock.isUnlocked ? 0 : OptionControl.lock
    registers[FlashRegister.optionControl] = storedOptions.optionControl(variant.die) | lock
    registers[FlashRegister.optionControl1] = storedOptions.optionControl1()
    readProtectionLevel = storedOptions.readProtectionLevel
    brownOutCode = storedOptions.brownOutCode
    map = variant.sectorMap(splitIntoBanks: storedOptions.splitsIntoBanks)
    applyProtection()
  }

  /// Puts the stored nWRP and SPRMOD bits into force.
  func applyProtection() {
    protectedSectors = storedOptions.protectedSectors(in: map, die: variant.die)
    let isPCROP = variant.die.hasReadoutProtectedSectors && storedOptions.protectsReadout
    readoutProtectedSectors = isPCROP ? protectedSectors : 0
    if readoutProtectedSectors != 0 { endDirectReads() }
  }

  /// Changes CR, or takes over what has been written to it.
  func updateControl(_ change: (inout UInt32) -> Void = { _ in }) {
    change(&registers[FlashRegister.control])
    control = FlashControl(rawValue: registers[FlashRegister.control])
  }

  /// ACR has been written or reset.
  func accessControlWritten(old: UInt32) {
    let new = registers[FlashRegister.accessControl]
    accessControlChanged.send(new)
    guard new != old else { return }
    endDirectReads()
    updateReadSpeed()
  }

  /// An operation has failed before it began: the flags, and OPERR where its interrupt is on.
  func fail(_ flags: FlashStatus) {
    status.formUnion(flags)
    if control.has(FlashControl.errie) { status.insert(.operationError) }
    updateInterruptLine()
  }

  /// Drives the interrupt.
  func updateInterruptLine() {
    interrupt.drive(
      control.has(FlashControl.eopie) && status.contains(.endOfOperation)
        || control.has(FlashControl.errie) && status.contains(.operationError))
  }

  /// Whether the supply carries a parallelism.
  func supports(_ parallelism: Parallelism) -> Bool {
    guard !isCoreSupplyWeak else { return false }
    let widest = Parallelism.widest(atMillivolts: supplyMillivolts - loadDropMillivolts)
    guard parallelism == .x64 else { return parallelism.rawValue <= widest.rawValue }
    return hasProgrammingVoltage && widest == .x32
  }
}
