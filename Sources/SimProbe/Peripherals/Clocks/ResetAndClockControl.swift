/// RCC: oscillators that take their time to start, the clock tree, clock gates and resets of the peripherals, and the
/// reset causes (RM0033 5, RM0090 6 and 7).
final class ResetAndClockControl: Peripheral {
  let name = "RCC"
  let registers: RegisterFile
  /// What is connected to the high-speed oscillator's pins.
  private(set) var externalClock = ExternalClock.none
  /// What is connected to the low-speed oscillator's pins.
  var lowSpeedClock = ExternalClock.none
  /// The clocks as they are now.
  private(set) var tree = ClockTree.reset

  /// The clock tree, when it has changed.
  let treeChanged = Signal<(tree: ClockTree, now: UInt64)>()
  /// AHB1ENR, when it has been written or reset.
  let memoryClocksChanged = Signal<UInt32>()
  /// The bits of a reset register that have been set.
  let peripheralsReset = Signal<(bus: PeripheralBus, bits: UInt32, now: UInt64)>()
  /// BDCR.BDRST resets the backup domain, at a time.
  let backupDomainReset = Signal<UInt64>()
  /// The RCC interrupt (line 5).
  let interrupt = Line()
  /// The clock security system makes its non-maskable interrupt pending.
  let securityInterrupt = Signal<Void>()
  /// Whether the backup domain takes writes (PWR_CR.DBP).
  var isBackupWritable = false

  /// Who knows the instruction that starts an oscillator.
  weak var executing: (any InstructionSource)?
  /// PLLs that were started outside of their limits, each way once.
  private(set) var loopsOutsideLimits: [LoopOutsideLimits] = []

  private let facts: ClockFacts
  /// When each oscillator that is starting will be ready.
  private var readyTimes = [UInt64?](repeating: nil, count: Oscillator.allCases.count)
  /// The latest time at which somebody looked.
  private var present: UInt64 = 0

  init(die: Die) {
    facts = die.clocks
    registers = RegisterFile(Self.registers(die))
  }

  /// Whether a peripheral has its clock.
  func isClocked(_ gate: ClockGate) -> Bool {
    registers[gate.bus.enableRegister] & gate.enable != 0
  }

  // MARK: Peripheral

  var nextEvent: UInt64? { readyTimes.compactMap(\.self).min() }

  func advance(to now: UInt64) {
    present = max(present, now)
    while let (oscillator, time) = nextReady, time <= now { becomeReady(oscillator, at: time) }
  }

  func isSteady(_ offset: UInt32) -> Bool { true }

  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {
    switch offset {
    case Self.cr:
      keepSourcesOn(old: old)
      switchOscillators(now)
    case Self.pllcfgr: if registers[Self.cr] & 1 << Oscillator.pll.onBit != 0 { registers[offset] = old }
    case Self.cfgr: updateTree(now)
    case Self.cir: clearInterruptFlags(written >> 16 & 0xFF)
    case Self.bdcr: writeBackupControl(old: old, now: now)
    case Self.csr:
      if written & 1 << 24 != 0 { registers[Self.csr] &= 0x01FF_FFFF }
      switchOscillators(now)
    case Self.dckcfgr, Self.dckcfgr2: updateTree(now)
    case PeripheralBus.ahb1.enableRegister: memoryClocksChanged.send(registers[offset])
    default: resetPeripherals(offset, now: now)
    }
  }

  /// Keeps the backup domain and the reset causes, which `note(_:)` adds to.
  func reset(now: UInt64) {
    present = max(present, now)
    let kept = (registers[Self.bdcr], registers[Self.csr] & 0xFE00_0000, readyTimes[Oscillator.lse.rawValue])
    registers.reset()
    readyTimes = Array(repeating: nil, count: readyTimes.count)
    (registers[Self.bdcr], registers[Self.csr], readyTimes[Oscillator.lse.rawValue]) = kept
    interrupt.drive(false)
    memoryClocksChanged.send(registers[PeripheralBus.ahb1.enableRegister])
    updateTree(now)
  }

  /// Sets the flags of a reset's cause; a power-on clears the others.
  func note(_ cause: ResetCause) {
    if cause == .standby { registers[Self.csr] &= 0x01FF_FFFF }
    if cause == .powerOn {
      registers[Self.csr] = 0
      registers[Self.bdcr] = 0
      readyTimes[Oscillator.lse.rawValue] = nil
    }
    registers[Self.csr] |= cause.flags
  }

  /// Stop and Standby switch everything off but the oscillators for RTC and IWDG; what runs afterwards, or for the debug
  /// unit meanwhile, is the internal oscillator (RM0090, 5.3.4).
  func stop(now: UInt64) {
    registers[Self.cr] = registers[Self.cr] & ~0x3F03_0000 | 0b11
    registers[Self.cfgr] &= ~0b11
    for oscillator in [Oscillator.hse, .pll, .pllI2S, .pllSAI] { readyTimes[oscillator.rawValue] = nil }
    updateTree(now)
  }

  // MARK: Oscillators

  private func isOn(_ oscillator: Oscillator) -> Bool {
    registers[oscillator.register] & 1 << oscillator.onBit != 0
  }

  private func isReady(_ oscillator: Oscillator) -> Bool {
    registers[oscillator.register] & 2 << oscillator.onBit != 0
  }

  private var nextReady: (Oscillator, UInt64)? {
    Oscillator.allCases.compactMap { oscillator in readyTimes[oscillator.rawValue].map { (oscillator, $0) } }
      .min { $0.1 < $1.1 }
  }

  /// Starts what has been switched on and can start, and stops what has been switched off.
  private func switchOscillators(_ now: UInt64) {
    for oscillator in Oscillator.allCases {
      if !isOn(oscillator) || !canRun(oscillator) {
        registers[oscillator.register] &= ~(2 << oscillator.onBit)
        readyTimes[oscillator.rawValue] = nil
      } else if !isReady(oscillator), readyTimes[oscillator.rawValue] == nil {
        readyTimes[oscillator.rawValue] = now + startUp(oscillator)
        noteLimits(oscillator)
      }
    }
    updateTree(now)
  }

  private func becomeReady(_ oscillator: Oscillator, at time: UInt64) {
    readyTimes[oscillator.rawValue] = nil
    registers[oscillator.register] |= 2 << oscillator.onBit
    let flag = UInt32(1) << UInt32(oscillator.rawValue)
    if registers[Self.cir] & flag << 8 != 0 {
      registers[Self.cir] |= flag
      interrupt.drive(true)
    }
    // A PLL that was waiting for its source starts now.
    switchOscillators(time)
  }

  private func startUp(_ oscillator: Oscillator) -> UInt64 {
    let source: ExternalClock? =
      switch oscillator {
      case .hse: externalClock
      case .lse: lowSpeedClock
      default: nil
      }
    if case .driven = source { return Oscillator.drivenStartUp }
    return oscillator.startUp
  }

  /// Whether there is something to oscillate or to lock on to.
  private func canRun(_ oscillator: Oscillator) -> Bool {
    switch oscillator {
    case .hsi, .lsi: true
    case .hse: externalHertz != nil
    case .lse: lowSpeedClock.hertz(isBypassed: registers[Self.bdcr] & 1 << 2 != 0) != nil
    case .pll: loop(Self.pllcfgr) != nil
    case .pllI2S: loop(Self.plli2scfgr) != nil
    case .pllSAI: loop(Self.pllsaicfgr) != nil
    }
  }

  private var externalHertz: UInt64? {
    externalClock.hertz(isBypassed: registers[Self.cr] & 1 << 18 != 0)
  }

  /// What a PLL's VCO gets and makes, source / M and that × N, in hertz; nil where its source is not ready, or M is one of
  /// the values that the manuals call wrong.
  private func loop(_ register: UInt32) -> (input: UInt64, output: UInt64)? {
    let main = registers[Self.pllcfgr]
    let isExternal = main & 1 << 22 != 0
    guard isReady(isExternal ? .hse : .hsi) else { return nil }
    guard let source = isExternal ? externalHertz : Oscillator.internalHertz else { return nil }
    // The other PLLs share the main one's M, but for dies on which they have their own.
    let own = registers[register] & 0x3F
    let divider = UInt64(register == Self.pllcfgr || own == 0 ? main & 0x3F : own)
    guard divider >= 2 else { return nil }
    let output = source * UInt64(registers[register] >> 6 & 0x1FF) / divider
    return output > 0 ? (source / divider, output) : nil
  }

  private func loopHertz(_ register: UInt32) -> UInt64? { loop(register)?.output }

  /// Keeps a PLL that is started outside of its limits: the VCO takes 0.95 to 2.1 MHz, and gives at most 432 (data sheets,
  /// "PLL characteristics").
  private func noteLimits(_ oscillator: Oscillator) {
    let loops: [Oscillator: (name: String, register: UInt32)] = [
      .pll: ("PLL", Self.pllcfgr), .pllI2S: ("PLLI2S", Self.plli2scfgr), .pllSAI: ("PLLSAI", Self.pllsaicfgr),
    ]
    guard let (name, register) = loops[oscillator], let (input, output) = loop(register) else { return }
    let (inputs, outputs) = (950_000...2_100_000 as ClosedRange<UInt64>, facts.lowestLoopHertz...432_000_000)
    guard !inputs.contains(input) || !outputs.contains(output),
      !loopsOutsideLimits.contains(where: { ($0.name, $0.inputHertz, $0.outputHertz) == (name, input, output) })
    else { return }
    loopsOutsideLimits.append(
      LoopOutsideLimits(
        name: name, inputHertz: input, inputLimits: inputs, outputHertz: output, outputLimits: outputs,
        programCounter: executing?.executingAddress))
  }

  /// What SYSCLK comes from cannot be switched off (RM0090, 6.3.1).
  private func keepSourcesOn(old: UInt32) {
    let loopSource = UInt32(1) << (registers[Self.pllcfgr] & 1 << 22 != 0 ? 16 : 0)
    let needed: UInt32 =
      switch registers[Self.cfgr] >> 2 & 0b11 {
      case 0: 1
      case 1: 1 << 16
      default: 1 << 24 | loopSource
      }
    registers[Self.cr] |= needed & old
  }

  /// Connects something else to the high-speed oscillator's pins.
  ///
  /// Where nothing oscillates any more and CSSON is set, the chip goes on with HSI and raises NMI.
  func connect(_ clock: ExternalClock) {
    guard clock != externalClock else { return }
    externalClock = clock
    let wasReady = isReady(.hse)
    guard wasReady, externalHertz == nil, registers[Self.cr] & 1 << 19 != 0 else { return switchOscillators(present) }
    registers[Self.cr] = registers[Self.cr] & ~(1 << 16 | 1 << 24) | 1
    registers[Self.cfgr] &= ~0b11
    registers[Self.cir] |= 1 << 7
    switchOscillators(present)
    securityInterrupt.send()
  }

  private func clearInterruptFlags(_ flags: UInt32) {
    registers[Self.cir] &= ~flags
    interrupt.drive(registers[Self.cir] & 0x7F != 0)
  }

  // MARK: Backup domain and resets

  private func writeBackupControl(old: UInt32, now: UInt64) {
    guard isBackupWritable else { return registers[Self.bdcr] = old }
    if registers[Self.bdcr] & 1 << 16 != 0 {
      registers[Self.bdcr] = 1 << 16
      backupDomainReset.send(now)
    } else if old & 0x300 != 0 {
      // Once chosen, the clock of RTC stays until the backup domain is reset.
      registers[Self.bdcr] = registers[Self.bdcr] & ~0x300 | old & 0x300
    }
    switchOscillators(now)
  }

  private func resetPeripherals(_ offset: UInt32, now: UInt64) {
    guard let bus = PeripheralBus(rawValue: offset + 0x20), registers[offset] != 0 else { return }
    peripheralsReset.send((bus, registers[offset], now))
  }

  // MARK: The tree

  /// Brings SWS and the clock tree up to date; a source that is not ready yet is switched to when it is.
  private func updateTree(_ now: UInt64) {
    let wanted = registers[Self.cfgr] & 0b11
    if sourceHertz(wanted) != nil { registers[Self.cfgr] = registers[Self.cfgr] & ~0b1100 | wanted << 2 }
    guard let system = sourceHertz(registers[Self.cfgr] >> 2 & 0b11) else { return }
    let new = makeTree(system)
    guard new != tree else { return }
    tree = new
    treeChanged.send((new, now))
  }

  /// The frequency of what SW or SWS names; nil where it is not ready.
  private func sourceHertz(_ selection: UInt32) -> UInt64? {
    switch selection {
    case 0: isReady(.hsi) ? Oscillator.internalHertz : nil
    case 1: isReady(.hse) ? externalHertz : nil
    case 2:
      isReady(.pll) ? loopHertz(Self.pllcfgr).map { $0 / (UInt64(registers[Self.pllcfgr] >> 16 & 0b11) * 2 + 2) } : nil
    // Only the F446 can take the PLL's R output (RM0390, 6.3.3).
    default:
      facts.canRunOnThirdOutput && isReady(.pll)
        ? loopHertz(Self.pllcfgr).map { $0 / max(2, UInt64(registers[Self.pllcfgr] >> 28 & 0b111)) } : nil
    }
  }

  private func makeTree(_ system: UInt64) -> ClockTree {
    let configuration = registers[Self.cfgr]
    let ahbShifts: [UInt64] = [1, 2, 3, 4, 6, 7, 8, 9]
    let ahbCode = configuration >> 4 & 0xF
    let ahb = system >> (ahbCode < 8 ? 0 : ahbShifts[Int(ahbCode - 8)])
    let (shift1, shift2) = (apbShift(configuration >> 10), apbShift(configuration >> 13))
    return ClockTree(
      system: system, ahb: ahb, apb1: ahb >> shift1, apb2: ahb >> shift2, apb1Timers: timers(ahb, shift1),
      apb2Timers: timers(ahb, shift2), usb: usbHertz,
      realTimeClock: realTimeClockHertz)
  }

  /// The clock that is to be 48 MHz: the main PLL's Q output, or with CK48MSEL PLLSAI's P output, or PLLI2S's Q output where there
  /// is no PLLSAI (DCKCFGR2 of RM0390 and RM0402, DCKCFGR of RM0386).
  private var usbHertz: UInt64 {
    let selection = facts.hasSecondDedicatedClocks ? Self.dckcfgr2 : Self.dckcfgr
    guard registers[selection] & 1 << 27 != 0 else {
      return output(.pll, Self.pllcfgr, registers[Self.pllcfgr] >> 24 & 0xF)
    }
    guard facts.hasSecondAudioLoop else {
      return output(.pllI2S, Self.plli2scfgr, registers[Self.plli2scfgr] >> 24 & 0xF)
    }
    return output(.pllSAI, Self.pllsaicfgr, (registers[Self.pllsaicfgr] >> 16 & 0b11) * 2 + 2)
  }

  /// A PLL's output behind a divider, which is two at least; 0 while the PLL does not run.
  private func output(_ oscillator: Oscillator, _ register: UInt32, _ divider: UInt32) -> UInt64 {
    guard divider >= 2, isReady(oscillator), let hertz = loopHertz(register) else { return 0 }
    return hertz / UInt64(divider)
  }

  /// The APB prescaler as a power of two.
  private func apbShift(_ bits: UInt32) -> UInt64 {
    bits & 0b100 == 0 ? 0 : UInt64(bits & 0b11) + 1
  }

  /// Timers run at twice the clock of a divided bus; with DCKCFGR.TIMPRE at up to four times, and HCLK at the most.
  private func timers(_ ahb: UInt64, _ shift: UInt64) -> UInt64 {
    let gain: UInt64 = registers[Self.dckcfgr] & 1 << 24 != 0 ? 2 : 1
    return ahb >> (shift - min(shift, gain))
  }

  private var realTimeClockHertz: UInt64 {
    let control = registers[Self.bdcr]
    guard control & 1 << 15 != 0 else { return 0 }
    switch control >> 8 & 0b11 {
    case 1: return isReady(.lse) ? lowSpeedClock.hertz(isBypassed: control & 1 << 2 != 0) ?? 0 : 0
    case 2: return isReady(.lsi) ? Oscillator.lowSpeedInternalHertz : 0
    case 3:
      let divider = UInt64(registers[Self.cfgr] >> 16 & 0x1F)
      return isReady(.hse) && divider >= 2 ? (externalHertz ?? 0) / divider : 0
    default: return 0
    }
  }
}
