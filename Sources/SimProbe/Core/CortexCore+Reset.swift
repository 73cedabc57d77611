extension CortexCore {
  /// Resets everything, the debug registers included, as losing power does; the core stays in reset until it is
  /// released.
  func powerOnReset() {
    debug = DebugControl()
    flashPatch = FlashPatch()
    watchpoint = DataWatchpoint()
    trace = TraceUnits(profile)
    untracedEntry = 0
    assertReset()
  }

  /// Holds the core in reset: NRST low, or any other system reset.
  ///
  /// The core and its system registers reset; the debug registers keep their values and stay reachable.
  func assertReset() {
    changeState(to: .inReset)
    resetProcessor()
  }

  /// Lets the core out of reset: it fetches its vectors and runs, or halts before the first instruction when the
  /// debugger asked for it (DEMCR.VC_CORERESET).
  func releaseReset() {
    guard state == .inReset else { return }
    leaveReset()
  }

  /// Resets the core and its system registers and starts it again at once; the rest of the chip does not notice
  /// (AIRCR.VECTRESET).
  func localReset() {
    guard state != .inReset else { return }
    changeState(to: .inReset)
    resetProcessor()
    leaveReset()
  }

  /// Gives core registers and system registers their reset values (ARMv7-M, B1.5.5).
  private func resetProcessor() {
    system = SystemControl()
    protection = MemoryProtection()
    interrupts.reset()
    sysTick.reset(at: executedCycles)
    debug.reset()
    for index in 0..<13 { registers[index] = 0 }
    registers[14] = 0xFFFF_FFFF
    for index in 0..<32 { floatRegisters[index] = 0 }
    floatStatus = 0
    (stallEnd, isExclusive, isEventRegistered) = (0, false, false)
    usesProcessStack = false
    bankedStackPointer = 0
    (negative, zero, carry, overflow, saturated) = (false, false, false, false, false)
    greaterOrEqual = 0
    ifThenState = 0
    exceptionNumber = 0
    exceptionMask = ExceptionMask()
    control = 0
    refreshFastSlots()
  }

  /// Fetches the initial stack pointer and program counter and starts.
  private func leaveReset() {
    changeState(to: .running)
    let stackPointer = fetchVector(at: system.vectorTable)
    let entry = fetchVector(at: system.vectorTable &+ 4)
    // A refused fetch reads ones: parts at RDP level 1 show PC FFFFFFFE, MSP FFFFFFFC and xPSR 01000000 (public logs of an
    // F407 and an F415).
    registers[13] = (stackPointer ?? .max) & ~3
    programCounter = (entry ?? .max) & ~1
    thumb = (entry ?? .max) & 1 != 0
    if debug.catches(.catchReset) {
      halt(because: .vectorCatch)
    } else if stackPointer == nil || entry == nil {
      system.hardFaultStatus.insert(.vectorTable)
      lockUp()
    }
  }

  /// The code that executes loads the main stack pointer and branches to a program's entry, whose lowest bit says Thumb.
  func begin(at entry: UInt32, stackPointer: UInt32) {
    registers[13] = stackPointer & ~3
    programCounter = entry & ~1
    thumb = entry & 1 != 0
  }

  /// Reads a word of the vector table; nil on a bus error.
  func fetchVector(at address: UInt32) -> UInt32? {
    while true {
      switch bus.read(address, .word, by: .coreFetch) {
      case .done(let word, let extra):
        cycles += UInt64(extra)
        if accelerator.delays(address) { cycles += accelerator.loadDelay(address) }
        return word
      case .stalled(let end): cycles = max(cycles + 1, timeBase.cycle(at: end))
      case .fault: return nil
      }
    }
  }
}
