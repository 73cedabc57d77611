extension FlashInterface {
  /// Whether the block has a register at an offset, on this part.
  func hasRegister(at offset: UInt32) -> Bool {
    registers.contains(offset & ~0b11)
  }

  /// Reads a register; never stalls.
  func readRegister(at offset: UInt32, _ width: BusWidth, now: UInt64) -> UInt32 {
    settle(now)
    let register = offset & ~0b11
    let busy = register == FlashRegister.status && operation != nil ? FlashStatus.busy.rawValue : 0
    return ByteLanes(offset, width).extract(from: (registers.read(register) ?? 0) | busy)
  }

  /// Writes a register; only the byte lanes of the access change.
  func writeRegister(at offset: UInt32, _ value: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    settle(now)
    let (register, lanes) = (offset & ~0b11, ByteLanes(offset, width))
    let written = lanes.place(value)
    switch register {
    case FlashRegister.key: return writeKey(written)
    case FlashRegister.optionKey: return writeOptionKey(written)
    case FlashRegister.control, FlashRegister.optionControl, FlashRegister.optionControl1:
      if let operation { return .stalled(until: operation.end) }
      let lock = register == FlashRegister.control ? controlLock : optionLock
      guard lock.isUnlocked else { return .done(0, cycles: 0) }
    default: break
    }
    let old = registers[register]
    registers.write(register, value, lanes)
    switch register {
    case FlashRegister.accessControl: didWriteAccessControl(old: old)
    case FlashRegister.status: updateInterruptLine()
    case FlashRegister.control: didWriteControl(written, now: now)
    case FlashRegister.optionControl: didWriteOptionControl(written, now: now)
    default: break
    }
    return .done(0, cycles: 0)
  }

  private func writeKey(_ word: UInt32) -> BusAnswer {
    guard controlLock.write(word) else { return .fault }
    if controlLock.isUnlocked { updateControl { $0 &= ~FlashControl.lock } }
    return .done(0, cycles: 0)
  }

  private func writeOptionKey(_ word: UInt32) -> BusAnswer {
    guard optionLock.write(word) else { return .fault }
    if optionLock.isUnlocked { registers[FlashRegister.optionControl] &= ~OptionControl.lock }
    return .done(0, cycles: 0)
  }

  /// A cache is flushed only while it is off (RM0090, 3.9.2).
  private func didWriteAccessControl(old: UInt32) {
    let (instructions, data): (UInt32, UInt32) = (1 << 9, 1 << 10)
    if old & instructions != 0 { registers[FlashRegister.accessControl] &= ~(1 << 11) }
    if old & data != 0 { registers[FlashRegister.accessControl] &= ~(1 << 12) }
    accessControlWritten(old: old)
  }

  private func didWriteControl(_ written: UInt32, now: UInt64) {
    firstHalf = nil
    updateControl()
    if written & FlashControl.strt != 0 { startErase(now: now) }
    if operation == nil { updateControl { $0 &= ~FlashControl.strt } }
    if written & FlashControl.lock != 0 { controlLock.lock() }
    updateInterruptLine()
  }

  private func didWriteOptionControl(_ written: UInt32, now: UInt64) {
    if written & OptionControl.start != 0 { startOptionProgramming(now: now) }
    if operation == nil { registers[FlashRegister.optionControl] &= ~OptionControl.start }
    if written & OptionControl.lock != 0 { optionLock.lock() }
  }
}
