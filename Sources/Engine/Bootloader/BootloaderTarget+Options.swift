import Failures
import LinkInterface

// Option bytes, and the protection that they hold.
extension BootloaderTarget {
  /// The option bytes that the chip stores.
  public func readOptions() throws(SessionError) -> OptionReading {
    let device = try openDevice()
    try refuseProtected()
    let stored = try storedOptions(device.die)
    // The registers themselves are not shown; a bootloader starts from a reset, which has loaded what is stored.
    return OptionReading(loaded: stored, stored: stored)
  }

  /// Works out what changing single fields would do; touches nothing.
  public func plan(changing assignments: [OptionAssignment]) throws(SessionError) -> OptionPlan {
    try plan { (planner) throws(OptionRefusal) in try planner.plan(changing: assignments) }
  }

  /// Works out what taking write protection off sectors would do; touches nothing.
  public func planLiftingWriteProtection() throws(SessionError) -> OptionPlan {
    let state = ProtectionState(try readOptions().lasting)
    do throws(ProtectionRefusal) {
      try state.checkReadable(state.options.sectorMap?.sectors ?? [])
    } catch {
      throw .plan(.protection(error))
    }
    return try plan { (planner) throws(OptionRefusal) in
      state.writeProtectedSectors.isEmpty
        ? try planner.plan(storing: state.options) : try planner.plan(changing: [.nothingWriteProtected])
    }
  }

  /// Works out what taking all protection off would do, which erases the flash; touches nothing.
  public func planLiftingAllProtection() throws(SessionError) -> OptionPlan {
    try plan(readsProtected: true) { (planner) throws(OptionRefusal) in
      try planner.plan(storing: planner.before.unprotected, erasesAnyway: true)
    }
  }

  /// Carries out a plan; the chip resets itself, and its bootloader is waited for.
  public func execute(_ plan: OptionPlan, permitting permissions: OptionPermissions) throws(SessionError) {
    let device = try openDevice()
    do throws(OptionRefusal) {
      try permissions.check(plan)
    } catch {
      throw .plan(.options(error))
    }
    var before = plan.before
    for step in plan.steps {
      try store(step, after: before, within: plan.maximumDuration, device)
      before = step
    }
  }

  // MARK: - Parts

  /// - Parameter readsProtected: whether it is planned for a chip too whose option bytes are hidden by read protection.
  private func plan(
    readsProtected: Bool = false, _ body: (OptionPlanner) throws(OptionRefusal) -> OptionPlan
  ) throws(SessionError) -> OptionPlan {
    let device = try openDevice()
    let before: OptionBytes
    if isReadProtected && readsProtected {
      before = BootloaderTarget.hidden(OptionLayout(device))
    } else {
      before = try readOptions().lasting
    }
    do throws(OptionRefusal) {
      return try body(OptionPlanner(device: device, before: before, millivolts: options.millivolts))
    } catch {
      throw .plan(.options(error))
    }
  }

  /// What stands for option bytes that read protection hides: nothing of them is known but its level.
  private static func hidden(_ layout: OptionLayout) -> OptionBytes {
    var bytes = OptionBytes(
      layout, control: FlashOptionControl(rawValue: 0), control1: FlashOptionControl1(rawValue: 0)
    ).factory
    bytes[.readProtection] = OptionBytes.usualLevel1
    return bytes
  }

  /// Stores option bytes, waits until the chip has reset itself, and looks at what it holds then.
  private func store(
    _ asked: OptionBytes, after before: OptionBytes, within limit: Duration, _ device: Device
  ) throws(SessionError) {
    let opens = before.readProtection != .level0 && asked.readProtection == .level0
    guard try change(before, to: asked, opens: opens, within: limit, device) else {
      return observer(
        .warning("the chip has reset itself and its bootloader has not come back: what it holds now was not read"))
    }
    if case .level1 = asked.readProtection { return note(nil, isReadProtected: true) }
    note(protection, isReadProtected: false)
    // What read protection has hidden can be told now.
    if isPresumed { try identify() }
    let found = try storedOptions(self.device?.die ?? device.die)
    note(ProtectionState(found), isReadProtected: false)
    // What read protection has hidden stays as it was, whatever that is.
    let isRight = opens ? found.readProtection == .level0 : found == asked
    guard isRight else {
      var error = FlashError(.optionsRefused(asked: asked))
      error.evidence.options = found
      throw .flash(error)
    }
  }

  /// Goes from option bytes to others, register by register; false where the bootloader does not come back after a reset.
  private func change(
    _ before: OptionBytes, to asked: OptionBytes, opens: Bool, within limit: Duration, _ device: Device
  ) throws(SessionError) -> Bool {
    let isLifted = try SessionError.wrapping { () throws(DebugError) in
      if opens {
        try bootloader.liftReadProtection(taking: limit)
        return true
      }
      return asked == before.withoutWriteProtection ? try bootloader.liftWriteProtection(taking: limit) : false
    }
    if isLifted { return try awaitRestart() }
    for register in OptionField.Register.allCases where asked[register] != before[register] {
      try SessionError.wrapping { () throws(DebugError) in try write(asked, register, within: limit, device) }
      // At level 2 system memory is never started again.
      guard asked.readProtection != .level2, try awaitRestart() else { return false }
    }
    return true
  }

  /// Writes the option bytes of a register as they are stored: halfwords with gaps between (RM0090, 3.7.1).
  private func write(
    _ asked: OptionBytes, _ register: OptionField.Register, within limit: Duration, _ device: Device
  ) throws(DebugError) {
    let memory = device.die.family.memory
    let area = register == .control ? memory.optionBytes.range : memory.optionBytesOfBank2.range
    var bytes = [UInt8](repeating: 0xFF, count: area.count)
    for half in memory.optionHalfwords where half.register == register {
      let offset = Int(half.address - area.lowerBound)
      let value = UInt16(truncatingIfNeeded: asked[register] >> half.shift)
      (bytes[offset], bytes[offset + 1]) = (UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
    }
    try bootloader.writeOptions(bytes, at: area.lowerBound, taking: limit)
  }
}

extension OptionBytes {
  /// The same with no sector write-protected.
  fileprivate var withoutWriteProtection: OptionBytes {
    var bytes = self
    if !isCodeProtection { bytes.mark(only: []) }
    return bytes
  }
}
