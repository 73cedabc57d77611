extension FlashInterface {
  /// Whether the block has a register at an offset, on this part.
  func hasRegister(at offset: UInt32) -> Bool {
    offset & ~0b11 <= lastRegister
  }

  /// Reads a register; never stalls.
  func readRegister(at offset: UInt32, _ width: BusWidth, now: UInt64) -> UInt32 {
    settle(now)
    let word = register(at: offset & ~0b11)
    return ByteLanes(offset, width).extract(from: word)
  }

  /// Writes a register; only the byte lanes of the access change.
  func writeRegister(at offset: UInt32, _ value: UInt32, _ width: BusWidth, now: UInt64) -> BusAnswer {
    settle(now)
    let lanes = ByteLanes(offset, width)
    let shifted = lanes.place(value)
    switch offset & ~0b11 {
    case FlashRegister.accessControl: writeAccessControl(lanes.merge(value, into: accessControl))
    case FlashRegister.key: return controlLock.write(shifted) ? .done(0, cycles: 0) : .fault
    case FlashRegister.optionKey: return optionLock.write(shifted) ? .done(0, cycles: 0) : .fault
    case FlashRegister.status: clearStatus(shifted)
    case FlashRegister.control:
      if let operation { return .stalled(until: operation.end) }
      writeControl(lanes.merge(value, into: control.rawValue), now: now)
    case FlashRegister.optionControl:
      if let operation { return .stalled(until: operation.end) }
      writeOptionControl(lanes.merge(value, into: optionShadow), now: now)
    case FlashRegister.optionControl1:
      if let operation { return .stalled(until: operation.end) }
      if optionLock.isUnlocked { optionShadow1 = lanes.merge(value, into: optionShadow1) & 0x0FFF_0000 }
    default: break
    }
    return .done(0, cycles: 0)
  }

  private func register(at offset: UInt32) -> UInt32 {
    switch offset {
    case FlashRegister.accessControl: accessControl
    case FlashRegister.status: status.union(operation == nil ? [] : .busy).rawValue
    case FlashRegister.control: control.rawValue | (isErasing ? FlashControl.strt : 0) | lockBit
    case FlashRegister.optionControl:
      optionShadow | (optionLock.isUnlocked ? 0 : OptionControl.lock) | (isWritingOptions ? OptionControl.start : 0)
    case FlashRegister.optionControl1: optionShadow1
    default: 0
    }
  }

  private var lockBit: UInt32 { controlLock.isUnlocked ? 0 : FlashControl.lock }

  private var isErasing: Bool {
    if case .erase = operation?.kind { true } else { false }
  }

  private var isWritingOptions: Bool {
    if case .options = operation?.kind { true } else { false }
  }

  /// Writes LATENCY and the cache bits.
  ///
  /// A cache is flushed only while it is off (RM0090, 3.9.2).
  private func writeAccessControl(_ value: UInt32) {
    let (icen, dcen): (UInt32, UInt32) = (1 << 9, 1 << 10)
    var mask: UInt32 = 0x1F00 | latencyMask
    if accessControl & icen != 0 { mask &= ~(1 << 11) }
    if accessControl & dcen != 0 { mask &= ~(1 << 12) }
    accessControl = value & mask
  }

  /// Flags fall where a 1 is written, locked or not, busy or not.
  private func clearStatus(_ ones: UInt32) {
    status.subtract(FlashStatus(rawValue: ones & ~FlashStatus.busy.rawValue))
    updateInterruptLine()
  }

  private func writeControl(_ value: UInt32, now: UInt64) {
    guard controlLock.isUnlocked else { return }
    control = FlashControl(rawValue: value & controlMask)
    firstHalf = nil
    if value & FlashControl.strt != 0 { startErase(now: now) }
    if value & FlashControl.lock != 0 { controlLock.lock() }
    updateInterruptLine()
  }

  private func writeOptionControl(_ value: UInt32, now: UInt64) {
    guard optionLock.isUnlocked else { return }
    optionShadow = value & OptionBytes.controlMask(variant.die)
    if value & OptionControl.start != 0 { startOptionProgramming(now: now) }
    if value & OptionControl.lock != 0 { optionLock.lock() }
  }
}
