/// Exception entry and return, faults and their escalation (ARMv7-M, B1.5).
extension CortexCore {
  // MARK: Priorities

  /// Whether the code that runs now is privileged.
  @inline(__always)
  var isPrivileged: Bool { exceptionNumber != 0 || control & 1 == 0 }

  /// The part of a priority that decides about preemption (AIRCR.PRIGROUP); negative ones are whole.
  private func groupPriority(_ priority: Int) -> Int {
    priority < 0 ? priority : priority & ~0 << Int(system.priorityGroup + 1)
  }

  /// ExecutionPriority (B1.5.4): what a new exception must be below; 256 when nothing is active.
  var executionPriority: Int {
    var priority = 256
    interrupts.active.forEachException { priority = min(priority, groupPriority(interrupts.priority(of: $0))) }
    if exceptionMask.basepri != 0 { priority = min(priority, groupPriority(Int(exceptionMask.basepri))) }
    if exceptionMask.primask { priority = min(priority, 0) }
    if exceptionMask.faultmask { priority = min(priority, -1) }
    return priority
  }

  /// The same without the mask registers' PRIMASK, which does not keep WFI asleep.
  private var wakingPriority: Int {
    let saved = exceptionMask.primask
    exceptionMask.primask = false
    defer { exceptionMask.primask = saved }
    return executionPriority
  }

  /// The exceptions that C_MASKINTS holds off: PendSV, SysTick and all external interrupts.
  private var maskedByDebugger: ExceptionSet {
    debug.control.isSuperset(of: [.debugEnable, .maskInterrupts])
      ? interrupts.implemented | .exception(ExceptionNumber.pendSV) | .exception(ExceptionNumber.sysTick) : 0
  }

  /// The exception to take now, if any.
  private func exceptionToTake(below limit: Int) -> Int? {
    guard let best = interrupts.highestPending(masked: maskedByDebugger), groupPriority(best.priority) < limit else {
      return nil
    }
    return best.number
  }

  /// Whether a pending exception ends WFI.
  var hasWakingException: Bool { exceptionToTake(below: wakingPriority) != nil }

  /// Takes the exception that is due; returns whether there was one.
  func takePendingException() -> Bool {
    guard interrupts.pending != 0, let number = exceptionToTake(below: executionPriority) else { return false }
    if executedInstructions == freshEntry { replaceHandler(by: number) } else { enterException(number) }
    return true
  }

  /// Whether the code that runs gives way to an exception.
  func canPreempt(_ number: Int) -> Bool {
    interrupts.enabled.contains(exception: number)
      && groupPriority(interrupts.priority(of: number)) < executionPriority
  }

  // MARK: Raising

  /// Makes a synchronous exception pending and takes it before the next instruction, or escalates it to HardFault when
  /// its priority does not allow that (B1.5.6).
  func raise(_ number: Int) {
    freshEntry = .max
    if canPreempt(number) {
      interrupts.pending.set(exception: number, true)
      requestAttention()
    } else {
      escalate()
    }
  }

  /// Records a fault at the instruction that the program counter names and raises its exception.
  func raise(_ status: ConfigurableFaultStatus, address: UInt32?) {
    noteFault(status, address)
    if debug.catches(status.vectorCatch) { debug.isVectorCatchDue = true }
    raise(status.exceptionNumber)
  }

  private func noteFault(_ status: ConfigurableFaultStatus, _ address: UInt32?) {
    system.faultStatus.formUnion(status)
    guard let address else { return }
    if status.exceptionNumber == ExceptionNumber.memoryManagement {
      system.memoryFaultAddress = address
    } else {
      system.busFaultAddress = address
    }
  }

  /// HardFault, or lockup where that cannot be taken either.
  private func escalate() {
    system.hardFaultStatus.insert(.forced)
    raiseHardFault()
  }

  func raiseHardFault() {
    freshEntry = .max
    guard executionPriority > -1 else { return lockUp() }
    interrupts.pending.set(exception: ExceptionNumber.hardFault, true)
    requestAttention()
  }

  // MARK: Entry

  /// ExceptionEntry: stacks the context and starts the handler (B1.5.6 to B1.5.8).
  func enterException(_ number: Int) {
    stackedProgramCounter = programCounter
    let begin = cycles
    let isStacked = pushContext()
    enterHandler(isStacked ? number : derivedException(after: number))
    cycles &+= InstructionTiming.exceptionEntry
    noteExceptionCycles(cycles - begin)
  }

  /// Late arrival: an exception that is due before the handler's first instruction comes first; the context is stacked
  /// already, and what it overtakes is pending again.
  private func replaceHandler(by number: Int) {
    let link = registers[14]
    interrupts.active.set(exception: exceptionNumber, false)
    interrupts.pending.set(exception: exceptionNumber, true)
    enterHandler(number)
    registers[14] = link
  }

  /// After a fault while stacking: the more urgent of the fault's exception and the one that was being entered; the
  /// other stays pending.
  private func derivedException(after number: Int) -> Int {
    guard let best = interrupts.highestPending(), best.priority < interrupts.priority(of: number) else { return number }
    return best.number
  }

  /// Starts a handler whose context is stacked: reads its vector, and locks up when even HardFault has none.
  private func enterHandler(_ number: Int) {
    interrupts.pending.set(exception: number, false)
    let returnsToThread = exceptionNumber == 0
    let returnCode: UInt32 = !returnsToThread ? 0x1 : usesProcessStack ? 0xD : 0x9
    registers[14] = 0xFFFF_FFE0 | (control & 4 != 0 ? 0 : 0x10) | returnCode
    exceptionNumber = number
    if (ExceptionNumber.hardFault...ExceptionNumber.usageFault).contains(number) {
      faultProgramCounter = stackedProgramCounter
    }
    interrupts.active.set(exception: number, true)
    control &= ~6
    selectStack()
    ifThenState = 0
    isExclusive = false
    isEventRegistered = true
    guard let vector = fetchVector(at: system.vectorTable &+ UInt32(number) * 4) else {
      return failVector(number)
    }
    programCounter = vector & ~1
    thumb = vector & 1 != 0
    freshEntry = executedInstructions
    if watchpoint.tracesExceptions { untracedEntry = number }
    catchVector(number)
    requestAttention()
  }

  /// A bus error on the vector table is a HardFault; for HardFault and NMI themselves it is the end.
  private func failVector(_ number: Int) {
    system.hardFaultStatus.insert(.vectorTable)
    guard number != ExceptionNumber.hardFault, number != ExceptionNumber.nonMaskable else { return lockUp() }
    interrupts.active.set(exception: number, false)
    interrupts.pending.set(exception: number, true)
    enterHandler(ExceptionNumber.hardFault)
  }

  /// Halts before the handler's first instruction when DEMCR asks for it.
  private func catchVector(_ number: Int) {
    let isCaught = debug.isVectorCatchDue || number == ExceptionNumber.hardFault && debug.catches(.catchHardFault)
    debug.isVectorCatchDue = false
    if isCaught { halt(because: .vectorCatch) }
  }

  /// Stacks eight words, and room for eighteen more when floating point is in use; false when the bus or the memory
  /// protection refused.
  private func pushContext() -> Bool {
    let isExtended = control & 4 != 0
    let isAligned = isExtended || system.configuration.contains(.alignStack)
    let size: UInt32 = isExtended ? 0x68 : 0x20
    let before = registers[13]
    let frame = isAligned ? (before &- size) & ~7 : before &- size
    let status = programStatus | (isAligned && before & 4 != 0 ? 1 << 9 : 0)
    let words = [
      registers[0], registers[1], registers[2], registers[3], registers[12], registers[14], programCounter, status,
    ]
    registers[13] = frame
    do throws(CoreFault) {
      for (index, word) in words.enumerated() {
        try store32(frame &+ UInt32(index) * 4, word, continues: true)
      }
      if isExtended { try pushFloatContext(frame &+ 0x20) }
      return true
    } catch {
      raiseWhileStacking(error, [.memoryStacking, .busStacking])
      return false
    }
  }

  /// Raises a fault of stacking or unstacking: one of the two status bits, by the kind of fault.
  private func raiseWhileStacking(_ fault: CoreFault, _ choices: ConfigurableFaultStatus) {
    guard case .fault(let status, _) = fault else { return }
    let isMemory = status.exceptionNumber == ExceptionNumber.memoryManagement
    let byte: ConfigurableFaultStatus = ConfigurableFaultStatus(rawValue: isMemory ? 0xFF : 0xFF00)
    let bits = choices.intersection(byte)
    noteFault(bits, nil)
    if debug.catches(bits.vectorCatch) { debug.isVectorCatchDue = true }
    let number = bits.exceptionNumber
    if canPreempt(number) {
      interrupts.pending.set(exception: number, true)
    } else if executionPriority > -1 {
      system.hardFaultStatus.insert(.forced)
      interrupts.pending.set(exception: ExceptionNumber.hardFault, true)
    }
  }

  // MARK: Return

  /// ExceptionReturn (B1.5.8): checks the code, ends the handler, and unstacks or goes straight to the next one.
  func returnFromException(_ code: UInt32) throws(CoreFault) {
    settle()
    let (number, begin) = (exceptionNumber, cycles)
    guard isValidReturn(code) else {
      interrupts.deactivate(number)
      registers[14] = code
      throw .usage(.invalidReturn)
    }
    interrupts.deactivate(number)
    if number != ExceptionNumber.nonMaskable { exceptionMask.faultmask = false }
    exceptionNumber = code & 8 != 0 ? 0 : activeException
    if code & 8 != 0 { control = control & ~2 | (code & 4 != 0 ? 2 : 0) }
    selectStack()
    control = control & ~4 | (code & 0x10 == 0 ? 4 : 0)
    traceException(number, .exited)
    defer { noteExceptionCycles(cycles - begin) }
    if tailChain(code) { return }
    try popContext(code)
    isEventRegistered = true
    isExclusive = false
    cycles &+= InstructionTiming.exceptionReturn
    traceException(exceptionNumber, .returnedTo)
    if code & 8 != 0, system.sleep.contains(.sleepOnExit) { changeState(to: .waitingForInterrupt) }
    requestAttention()
  }

  /// The exception that a return to Handler mode continues: the most urgent active one.
  private var activeException: Int {
    var best = (number: 0, priority: Int.max)
    interrupts.active.forEachException { number in
      let priority = interrupts.priority(of: number)
      if priority < best.priority { best = (number, priority) }
    }
    return best.number
  }

  /// Whether a return code fits the state (B1.5.8).
  ///
  /// 0xF1 returns to a handler; 0xF9 and 0xFD to Thread mode, where nothing else may be active unless
  /// CCR.NONBASETHRDENA allows it. Bit 4 is 0 with floating-point context.
  private func isValidReturn(_ code: UInt32) -> Bool {
    guard interrupts.active.contains(exception: exceptionNumber) else { return false }
    guard code | 0x10 >= 0xFFFF_FFF0, code & 0x10 != 0 || profile.hasFloatingPoint else { return false }
    let isNested = interrupts.active & ~ExceptionSet.exception(exceptionNumber) != 0
    switch code & 0xF {
    case 0x1: return isNested
    case 0x9, 0xD: return !isNested || system.configuration.contains(.threadFromAnyLevel)
    default: return false
    }
  }

  /// When another exception is due the stacked context stays where it is and its handler starts at once.
  private func tailChain(_ code: UInt32) -> Bool {
    guard let next = exceptionToTake(below: executionPriority) else { return false }
    enterHandler(next)
    registers[14] = code
    cycles &+= InstructionTiming.tailChain
    return true
  }

  private func popContext(_ code: UInt32) throws(CoreFault) {
    let frame = registers[13]
    let isExtended = code & 0x10 == 0
    var words: [UInt32] = []
    do throws(CoreFault) {
      for index: UInt32 in 0..<8 { words.append(try load32(frame &+ index * 4, continues: true)) }
      if isExtended { try popFloatContext(frame &+ 0x20) }
    } catch {
      registers[14] = code
      guard case .fault(let status, _) = error else { throw error }
      let isMemory = status.exceptionNumber == ExceptionNumber.memoryManagement
      throw .fault(isMemory ? .memoryUnstacking : .busUnstacking, address: nil)
    }
    let isPadded = words[7] & 1 << 9 != 0 && (isExtended || system.configuration.contains(.alignStack))
    registers[13] = frame &+ (isExtended ? 0x68 : 0x20) | (isPadded ? 4 : 0)
    for index in 0..<4 { registers[index] = words[index] }
    registers[12] = words[4]
    registers[14] = words[5]
    programCounter = words[6] & ~1
    let mode = exceptionNumber
    programStatus = words[7]
    guard (mode == 0) == (exceptionNumber == 0) else {
      exceptionNumber = mode
      throw .usage(.invalidReturn)
    }
  }
}
