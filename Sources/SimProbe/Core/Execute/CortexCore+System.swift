/// The rarer integer instructions: exclusive and unprivileged access, special registers, hints, calls.
extension CortexCore {
  @inline(never)
  func executeSystem(_ op: DecodedOperation) throws(CoreFault) {
    switch op.kind {
    case .undefined: throw .usage(.undefinedInstruction)
    case .coprocessor: throw .usage(.noCoprocessor)

    case .loadMultipleBefore: _ = try loadMultiple(op, addressBefore(op))
    case .storeMultipleBefore: _ = try storeMultiple(op, addressBefore(op))
    case .loadDual: try loadDual(op, accessAddress(op))
    case .loadDualLiteral: try loadDual(op, literalAddress(op))
    case .storeDual: try storeDual(op)

    case .loadWordUnprivileged: try loadWordUnprivileged(op)
    case .loadHalfwordUnprivileged: registers[op.destination] = try loadUnprivileged(op, .halfword)
    case .loadByteUnprivileged: registers[op.destination] = try loadUnprivileged(op, .byte)
    case .loadSignedHalfwordUnprivileged: registers[op.destination] = signExtend16(try loadUnprivileged(op, .halfword))
    case .loadSignedByteUnprivileged: registers[op.destination] = signExtend8(try loadUnprivileged(op, .byte))
    case .storeWordUnprivileged: try storeUnprivileged(op, .word)
    case .storeHalfwordUnprivileged: try storeUnprivileged(op, .halfword)
    case .storeByteUnprivileged: try storeUnprivileged(op, .byte)

    case .loadExclusive: registers[op.destination] = try loadExclusive(registers[op.first] &+ op.immediate, .word)
    case .loadExclusiveHalfword: registers[op.destination] = try loadExclusive(registers[op.first], .halfword)
    case .loadExclusiveByte: registers[op.destination] = try loadExclusive(registers[op.first], .byte)
    case .storeExclusive: try storeExclusive(op, registers[op.first] &+ op.immediate, .word)
    case .storeExclusiveHalfword: try storeExclusive(op, registers[op.first], .halfword)
    case .storeExclusiveByte: try storeExclusive(op, registers[op.first], .byte)
    case .clearExclusive: isExclusive = false

    case .signedSaturate:
      registers[op.destination] = saturate(
        Int64(Int32(bitPattern: shifted(saturation: op))), signed: UInt32(op.third) + 1)
    case .unsignedSaturate:
      registers[op.destination] = saturate(
        Int64(Int32(bitPattern: shifted(saturation: op))), unsigned: UInt32(op.third))

    case .waitForInterrupt: waitForInterrupt()
    case .waitForEvent: waitForEvent()
    case .sendEvent: isEventRegistered = true
    case .changeProcessorState: changeProcessorState(op)
    case .readSpecialRegister: registers[op.destination] = readSpecialRegister(op.immediate)
    case .writeSpecialRegister: writeSpecialRegister(op.immediate, mask: op.third, registers[op.first])
    case .supervisorCall: callSupervisor()
    case .breakpoint: throw .breakpoint
    // Nothing here is reordered or fetched ahead, so that there is nothing to wait for.
    case .barrier: break
    default: try executeDSP(op)
    }
  }

  /// The lowest address that LDMDB and STMDB touch.
  private func addressBefore(_ op: DecodedOperation) -> UInt32 {
    registers[op.first] &- UInt32(op.immediate.nonzeroBitCount) * 4
  }

  // MARK: Unprivileged and exclusive access

  private func loadUnprivileged(_ op: DecodedOperation, _ width: BusWidth) throws(CoreFault) -> UInt32 {
    try loadSlowly(registers[op.first] &+ op.immediate, width, unprivileged: true)
  }

  /// LDRT; a word loaded into PC branches.
  private func loadWordUnprivileged(_ op: DecodedOperation) throws(CoreFault) {
    let value = try loadUnprivileged(op, .word)
    if op.destination == 15 {
      _ = try branchExchange(op, to: value)
    } else {
      registers[op.destination] = value
    }
  }

  private func storeUnprivileged(_ op: DecodedOperation, _ width: BusWidth) throws(CoreFault) {
    try storeSlowly(registers[op.first] &+ op.immediate, registers[op.destination], width, unprivileged: true)
  }

  private func loadExclusive(_ address: UInt32, _ width: BusWidth) throws(CoreFault) -> UInt32 {
    try requireAlignment(address, width.rawValue)
    let value = try loadSlowly(address, width)
    isExclusive = true
    return value
  }

  /// The local monitor of both cores tags all of memory: a store fails only when nothing is tagged.
  private func storeExclusive(_ op: DecodedOperation, _ address: UInt32, _ width: BusWidth) throws(CoreFault) {
    try requireAlignment(address, width.rawValue)
    if isExclusive {
      try storeSlowly(address, registers[op.destination], width)
      registers[op.third] = 0
    } else {
      registers[op.third] = 1
    }
    isExclusive = false
  }

  // MARK: Saturation

  private func shifted(saturation op: DecodedOperation) -> UInt32 {
    shiftWithCarry(registers[op.first], op.shift, op.immediate).result
  }

  /// SignedSatQ: the nearest number of so many bits; Q notes a change.
  func saturate(_ value: Int64, signed bits: UInt32) -> UInt32 {
    let limit = Int64(1) << Int64(bits - 1)
    let result = min(max(value, -limit), limit - 1)
    if result != value { saturated = true }
    return UInt32(truncatingIfNeeded: result)
  }

  /// UnsignedSatQ.
  func saturate(_ value: Int64, unsigned bits: UInt32) -> UInt32 {
    let result = min(max(value, 0), (Int64(1) << Int64(bits)) - 1)
    if result != value { saturated = true }
    return UInt32(truncatingIfNeeded: result)
  }

  // MARK: Hints and calls

  private func waitForInterrupt() {
    changeState(to: .waitingForInterrupt)
    requestAttention()
  }

  private func waitForEvent() {
    if isEventRegistered {
      isEventRegistered = false
    } else {
      changeState(to: .waitingForEvent)
      requestAttention()
    }
  }

  private func callSupervisor() {
    raise(ExceptionNumber.supervisorCall)
  }

  /// CPSIE and CPSID; unprivileged code changes nothing.
  private func changeProcessorState(_ op: DecodedOperation) {
    guard isPrivileged else { return }
    let disables = op.third != 0
    if op.immediate & 2 != 0 { exceptionMask.primask = disables }
    if op.immediate & 1 != 0, !disables || executionPriority > -1 { exceptionMask.faultmask = disables }
    requestAttention()
  }

  // MARK: Special registers (B5.2.2, B5.2.3)

  private func readSpecialRegister(_ number: UInt32) -> UInt32 {
    switch number {
    case 0...7:
      // Bit 0 selects IPSR, bit 1 EPSR (which reads as zero), bit 2 clear APSR.
      return (number & 1 != 0 ? UInt32(exceptionNumber) : 0) | (number & 4 == 0 ? applicationStatus : 0)
    case 8: return isPrivileged ? mainStackPointer : 0
    case 9: return isPrivileged ? processStackPointer : 0
    case 16: return isPrivileged && exceptionMask.primask ? 1 : 0
    case 17, 18: return isPrivileged ? UInt32(exceptionMask.basepri) : 0
    case 19: return isPrivileged && exceptionMask.faultmask ? 1 : 0
    case 20: return control
    default: return 0
    }
  }

  private func writeSpecialRegister(_ number: UInt32, mask: UInt8, _ value: UInt32) {
    switch number {
    case 0...3: writeApplicationStatus(mask, value)
    case 8 where isPrivileged: mainStackPointer = value
    case 9 where isPrivileged: processStackPointer = value
    case 16 where isPrivileged: exceptionMask.primask = value & 1 != 0
    case 17 where isPrivileged:
      exceptionMask.basepri = UInt8(truncatingIfNeeded: value) & InterruptController.priorityMask
    case 18 where isPrivileged:
      let priority = UInt8(truncatingIfNeeded: value) & InterruptController.priorityMask
      if priority != 0, exceptionMask.basepri == 0 || priority < exceptionMask.basepri {
        exceptionMask.basepri = priority
      }
    case 19 where isPrivileged: if executionPriority > -1 || value & 1 == 0 { exceptionMask.faultmask = value & 1 != 0 }
    case 20 where isPrivileged: writeControl(value)
    default: break
    }
    requestAttention()
  }

  private func writeApplicationStatus(_ mask: UInt8, _ value: UInt32) {
    var status = applicationStatus
    if mask & 2 != 0 { status = status & 0x07FF_FFFF | value & 0xF800_0000 }
    if mask & 1 != 0 { status = status & ~0x000F_0000 | value & 0x000F_0000 }
    applicationStatus = status
  }

  /// SPSEL can be changed in Thread mode only.
  private func writeControl(_ value: UInt32) {
    let writable: UInt32 = (exceptionNumber == 0 ? 3 : 1) | (profile.hasFloatingPoint ? 4 : 0)
    control = control & ~writable | value & writable
    selectStack()
  }
}
