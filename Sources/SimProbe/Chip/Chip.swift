/// One simulated microcontroller: core, bus, flash interface, option bytes and peripherals, with their resets.
///
/// The chip lives in the simulation's virtual time and catches up when somebody looks at it: every access of the
/// debugger first lets the core, the watchdogs and the reset pulse run to the clock's present.
final class Chip {
  /// The part.
  let model: ChipModel
  /// The simulation's clock.
  let clock: VirtualClock
  let flash: FlashInterface
  let bus: BusMatrix
  let core: CortexCore
  let clocks: ResetAndClockControl
  let power: PowerControl
  let configuration: SystemConfiguration
  let independentWatchdog = IndependentWatchdog()
  let windowWatchdog = WindowWatchdog()
  let debugUnit: DebugUnit
  let externalInterrupts: ExternalInterrupts
  let realTimeClock = RealTimeClock()
  let randomNumbers: RandomNumbers
  let converters: AnalogConverters
  let ethernet = EthernetController()
  /// OTG FS; nil on parts without it.
  var onTheGo: OnTheGoController?
  /// The ports that the part has, from GPIOA on.
  var ports: [GeneralPurposePort] = []
  /// The port with a number, from GPIOA on; nil where the part does not have it.
  func port(_ index: Int) -> GeneralPurposePort? {
    let places = model.family.peripherals.ports
    return places.indices.contains(index) ? ports.first { $0.name == places[index].name } : nil
  }
  /// The USARTs and UARTs that the part has.
  var serialPorts: [SerialPort] = []
  /// Whether the deep sleep that the chip is in, or was in last, is Standby and not Stop.
  var isStandby = false
  /// The level at PA0, an edge of which ends Standby.
  var isWakeUpPinHigh = false
  /// The debug port has lost its supply with the rest of the core domain.
  let debugPortReset = Signal<Void>()
  /// The option bytes ask for more than the supply that there is: the part goes into its power reset.
  let brownOut = Signal<Void>()
  /// Each frame that a serial port begins to send, and has sent, and the port's name.
  let serialOutputBegins = Signal<(port: String, frame: SerialFrame)>()
  let serialOutput = Signal<(port: String, frame: SerialFrame)>()
  /// Each character that begins at the trace port's one pin.
  let traceOutput = Signal<SerialFrame>()
  /// A system reset has begun.
  let wasReset = Signal<Void>()
  /// A reset has ended, and the core executes.
  let coreWasReleased = Signal<Void>()
  /// What the ROM does while the core is in it.
  private(set) lazy var bootloader = SystemBootloader(chip: self)
  /// Decides everything that chance decides on silicon.
  let seed: UInt64
  /// The interrupt lines of the peripherals.
  let interrupts = InterruptLines()

  /// The level at BOOT0, sampled at reset.
  var boot0 = false
  /// The level at BOOT1 (PB2), sampled at reset.
  var boot1 = false
  /// Whether the last start went through the ROM to choose a bank (BFB2).
  private var choosesBank = false
  /// How long an internal reset holds NRST low, in nanoseconds: at least 20 µs on a bare part (data sheets, "NRST pin"),
  /// 1.09 ms measured with a board's capacitor.
  var resetPulse: UInt64 = 20_000
  /// Whether the part has power.
  private(set) var isPowered = false
  /// Whether a debugger has reached the bus since power-on; at RDP level 1 this shuts the flash until power-off.
  private(set) var hasSeenDebugger = false
  /// Whether PA13 and PA14 are in the mode that the debug port needs.
  private(set) var hasDebugPins = true
  /// Whether the system is held in reset.
  private(set) var isInReset = true
  /// Whether power comes up as if long ago.
  private(set) var hasSettled = false

  private var isResetPinLow = false
  /// When the internal reset pulse ends.
  private var pulseEnd: UInt64 = 0
  /// The time up to which everything has run.
  private(set) var synchronised: UInt64 = 0
  /// Whether the core is executing towards the clock's present right now.
  private var isCatchingUp = false
  /// Whether everything is being brought to the clock's present right now.
  private var isSynchronising = false
  private var random: ChipRandom
  /// What is to happen to the chip and to what is around it.
  private var appointments = Appointments()

  /// The power-on reset's length, in nanoseconds (data sheets, TRSTTEMPO typical).
  private static let powerOnDelay: UInt64 = 1_500_000
  /// From the event that ends Standby to the first instruction, in nanoseconds (DS8626, table 36, typical).
  private static let standbyWakeUpTime: UInt64 = 375_000

  /// Makes a part without power, blank and with factory option bytes.
  ///
  /// - Parameters:
  ///   - seed: decides the RAM's contents at power-up, the unique identifier and what torn operations leave.
  init(model: ChipModel, clock: VirtualClock, seed: UInt64, timing: FlashTiming? = nil) {
    self.model = model
    self.clock = clock
    let die = model.die
    self.seed = seed
    random = ChipRandom(seed: seed)
    flash = FlashInterface(variant: model.variant, timing: timing, seed: seed)
    bus = BusMatrix(
      variant: model.variant, flash: flash, clock: clock, uniqueID: Chip.makeUniqueID(&random))
    core = CortexCore(profile: die.coreProfile, bus: bus, clock: clock)
    clocks = ResetAndClockControl(die: die)
    power = PowerControl(die: die)
    configuration = SystemConfiguration(die: die)
    debugUnit = DebugUnit(die: die)
    externalInterrupts = ExternalInterrupts(die.family.peripherals.externalLines)
    randomNumbers = RandomNumbers(seed: seed ^ 0x4E01_5E)
    converters = AnalogConverters(die: die)
    attachPeripherals()
    connectParts()
    _ = bootloader
  }

  // MARK: Power and reset

  /// Gives the part power: registers, RAM and the debug logic come up anew.
  ///
  /// - Parameter hasSettled: whether the part has been powered long before now, so that it is out of reset already.
  func powerOn(hasSettled: Bool = false) {
    synchronise()
    guard !isPowered else { return }
    isPowered = true
    hasSeenDebugger = false
    isInReset = true
    bus.loseMemory(&random)
    debugUnit.registers.reset()
    core.run(until: synchronised)
    core.powerOnReset()
    resetAll(.powerOn)
    pulseEnd = present + (hasSettled ? 0 : Chip.powerOnDelay)
    self.hasSettled = hasSettled
    releaseIfDue()
    self.hasSettled = false
  }

  /// Takes the power away: an operation of the flash is torn off.
  func powerOff() {
    synchronise()
    guard isPowered else { return }
    isPowered = false
    isInReset = true
    flash.reset(now: synchronised)
    core.powerOnReset()
  }

  /// Drives NRST from outside.
  func driveReset(low: Bool) {
    synchronise()
    guard low != isResetPinLow else { return }
    isResetPinLow = low
    guard isPowered else { return }
    if low { resetSystem(.pin) } else { releaseIfDue() }
  }

  /// A system reset; the reset pulse begins at the time of whoever asked for it.
  func resetSystem(_ cause: ResetCause) {
    isInReset = true
    if powerMode == .standby { endStandby() }
    core.assertReset()
    resetAll(cause)
    pulseEnd = cause == .pin ? present : present + resetPulse
  }

  /// The core domain has its supply again after Standby: everything that it held is lost.
  func restoreCoreDomain() {
    bus.loseMemory(&random, keepsBackup: power.keepsBackupMemory)
    debugUnit.registers.reset()
    core.powerOnReset()
    debugPortReset.send()
  }

  /// Something that ends Standby has happened: the part starts as after a reset, once the regulator is up.
  func wakeFromStandby() {
    resetSystem(.standby)
    pulseEnd = present + Chip.standbyWakeUpTime
  }

  private func resetAll(_ cause: ResetCause) {
    flash.reset(now: present)
    core.accelerator.reset()
    clocks.note(cause)
    if cause == .powerOn {
      realTimeClock.resetBackupDomain(now: present)
      power.powerOnReset()
    }
    bus.peripherals.reset(now: present)
    sampleBootPins()
    updateReadProtection()
    wasReset.send()
    if flash.supplyMillivolts < supplyThreshold.falling { brownOut.send() }
  }

  /// Where the power reset begins and ends, by BOR_LEV as loaded at the last reset.
  var supplyThreshold: SupplyThreshold { model.family.brownOut[flash.brownOutCode] }

  /// Starts the core when the pulse is over and nobody holds NRST.
  private func releaseIfDue() {
    guard isPowered, isInReset, !isResetPinLow, synchronised >= pulseEnd else { return }
    isInReset = false
    // The pins are looked at when the reset ends (RM0090, 2.4); somebody may have changed them since it began.
    sampleBootPins()
    updateReadProtection()
    if !flash.storedOptions.hasSoftwareWatchdog {
      independentWatchdog.start(now: synchronised)
      bus.peripherals.eventsChanged(of: independentWatchdog)
    }
    core.releaseReset()
    coreWasReleased.send()
  }

  // MARK: Boot

  /// Decides what address 0 shows (RM0090, 2.4); level 2 boots from the flash only.
  private func sampleBootPins() {
    let source: BootSource =
      switch (boot0, boot1) {
      case (false, _): .mainFlash
      case (true, false): .systemMemory
      case (true, true): .sram
      }
    let effective = flash.readProtectionLevel == 2 ? .mainFlash : source
    choosesBank = effective == .mainFlash && hasBankChoice
    let map = model.family.memory
    SystemMemory.setEntry(
      bus.systemMemory, map, choosingBankAt: choosesBank ? map.flashBase + flash.map.byteCount / 2 : nil)
    configuration.boot(from: choosesBank ? .systemMemory : effective)
    remap(configuration.registers[0])
  }

  /// With BFB2 set the core starts in the ROM, which chooses a bank and swaps them by FB_MODE (RM0090, 2.4; AN2606).
  private var hasBankChoice: Bool {
    model.die.hasSecondBankRegisters && flash.map.bankCount == 2 && flash.storedOptions.bootsFromBank2
  }

  func remap(_ word: UInt32) {
    let areSwapped = word & SystemConfiguration.bankMode != 0 && flash.map.bankCount == 2
    bus.remap(
      to: BootSource(rawValue: word & 0b11) ?? .mainFlash, bankSwap: areSwapped ? flash.map.byteCount / 2 : 0)
    bus.external?.areBanksSwapped = word & SystemConfiguration.externalSwap == 1 << 10
    core.accelerator.isAliasedAtZero = bus.bootSource == .mainFlash
  }

  /// RDP level 1 shuts the flash once a debugger has been seen, or when the part did not boot from it.
  private func updateReadProtection() {
    let isElsewhere = configuration.registers[0] & 0b11 != BootSource.mainFlash.rawValue && !choosesBank
    let isExposed = hasSeenDebugger || isElsewhere
    flash.shutByReadProtection(flash.readProtectionLevel == 1 && isExposed)
  }

  func debugPinsChanged(_ mode: UInt32) {
    let alternate: UInt32 = 0b10
    hasDebugPins = mode >> 26 & 0b11 == alternate && mode >> 28 & 0b11 == alternate
  }

  // MARK: Time

  /// The time of whatever happens now: the core's own while it catches up.
  var present: UInt64 { isCatchingUp ? core.localNanoseconds : synchronised }

  /// The address of the instruction that executes right now; nil while none does.
  var executingAddress: UInt32? { isCatchingUp && !core.isHalted ? core.registers[15] &- 4 : nil }

  /// Lets everything run to the clock's present.
  func synchronise() {
    guard clock.nanoseconds > synchronised, !isSynchronising else { return }
    isSynchronising = true
    while synchronised < clock.nanoseconds {
      run(until: nextStop())
      keepAppointments()
    }
    isSynchronising = false
  }

  /// Lets something happen to a part of the bench at a time; one in the past happens when somebody looks at the chip next.
  func schedule<Part: AnyObject>(at time: UInt64, for part: Part, _ action: @escaping (Part) -> Void) {
    appointments.add(at: time, to: part, action)
  }

  /// When the next of that is due; nil where nothing is.
  var nextAppointment: UInt64? { appointments.next }

  private func keepAppointments() {
    while let action = appointments.takeDue(at: synchronised) { action() }
  }

  private func run(until next: UInt64) {
    guard isPowered else {
      synchronised = next
      return
    }
    isCatchingUp = true
    core.run(until: next)
    isCatchingUp = false
    // Software may have made something due earlier.
    let next = max(core.runEnd, synchronised)
    synchronised = next
    bus.peripherals.advance(to: next)
    if flash.operation != nil { flash.settle(next) }
    if isInReset, next >= pulseEnd { releaseIfDue() }
  }

  /// The next time at which something has to be looked at, not after the clock's present.
  private func nextStop() -> UInt64 {
    var next = clock.nanoseconds
    if let first = appointments.next { next = min(next, max(first, synchronised)) }
    guard isPowered else { return next }
    if isInReset {
      if pulseEnd > synchronised { next = min(next, pulseEnd) }
      return next
    }
    if let event = bus.peripherals.nextEvent { next = min(next, max(event, synchronised)) }
    if let end = flash.busyUntil, end > synchronised { next = min(next, end) }
    return next
  }

  // MARK: Debugger

  /// Whether the debug port answers at all: powered, not at level 2, its pins not taken by firmware, not in Standby.
  var answersDebugger: Bool {
    isPowered && flash.readProtectionLevel != 2 && hasDebugPins
      && !(powerMode == .standby && !debugUnit.keepsClockInStandby)
  }

  /// Whether the access port's clock stands still: in Sleep and in Stop, unless the debug unit keeps it.
  private var isStopped: Bool {
    switch powerMode {
    case .run, .standby: false
    case .sleep: !debugUnit.keepsClockInSleep
    case .stop: !debugUnit.keepsClockInStop
    }
  }

  /// A debugger reaches the bus: the latch that RDP level 1 looks at.
  private func noticeDebugger() {
    guard !hasSeenDebugger else { return }
    hasSeenDebugger = true
    updateReadProtection()
  }

  /// Twelve bytes as ST fills them: two coordinates, a wafer number and seven characters of a lot.
  private static func makeUniqueID(_ random: inout ChipRandom) -> [UInt8] {
    let coordinates = (0..<4).map { UInt8(truncatingIfNeeded: random.next() >> UInt64($0)) & ($0 % 2 == 0 ? 0x7F : 0) }
    let wafer = UInt8(random.next() % 25 + 1)
    let characters = Array("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)
    return coordinates + [wafer] + (0..<7).map { _ in characters[Int(random.next() % UInt64(characters.count))] }
  }
}

extension Chip: InstructionSource {}

/// The chip's bus as the access port reaches it.
extension Chip: SystemBus {
  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let refusal = refusal(of: address) { return refusal }
    return bus.read(address, width, by: master)
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let refusal = refusal(of: address) { return refusal }
    return bus.write(address, value, width, by: master)
  }

  /// Under reset only the private peripherals and the debug unit answer (RM0090, 38.16.1).
  private func refusal(of address: UInt32) -> BusAnswer? {
    synchronise()
    noticeDebugger()
    if isStopped { return .stalled(until: .max) }
    return isInReset && !model.family.memory.privatePeripherals.contains(address) ? .fault : nil
  }
}
