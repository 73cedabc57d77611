/// Stacking of floating-point registers, at once or when they are first needed (ARMv7-M, B1.5.7).
extension CortexCore {
  /// FPCCR bits.
  private enum ContextControl {
    static let active: UInt32 = 1 << 0
    static let user: UInt32 = 1 << 1
    static let thread: UInt32 = 1 << 3
    static let hardFaultReady: UInt32 = 1 << 4
    static let memoryFaultReady: UInt32 = 1 << 5
    static let busFaultReady: UInt32 = 1 << 6
    static let monitorReady: UInt32 = 1 << 8
    static let lazy: UInt32 = 1 << 30
    static let automatic: UInt32 = 1 << 31
    static let configuration: UInt32 = 0xC000_0000
  }

  /// Stores S0 to S15 and FPSCR, or with FPCCR.LSPEN only notes where they would go.
  func pushFloatContext(_ address: UInt32) throws(CoreFault) {
    guard system.floatingPointContext & ContextControl.lazy == 0 else {
      system.floatingPointAddress = address
      system.floatingPointContext = system.floatingPointContext & ContextControl.configuration | lazyState
      return
    }
    try storeFloatContext(address)
  }

  /// What FPCCR remembers about the code whose registers are not stored yet.
  private var lazyState: UInt32 {
    var state = ContextControl.active
    if !isPrivileged { state |= ContextControl.user }
    if exceptionNumber == 0 { state |= ContextControl.thread }
    let priority = executionPriority
    func isReady(_ number: Int) -> Bool { interrupts.priority(of: number) < priority }
    if isReady(ExceptionNumber.hardFault) { state |= ContextControl.hardFaultReady }
    if interrupts.enabled.contains(exception: ExceptionNumber.memoryManagement),
      isReady(ExceptionNumber.memoryManagement)
    {
      state |= ContextControl.memoryFaultReady
    }
    if interrupts.enabled.contains(exception: ExceptionNumber.busFault), isReady(ExceptionNumber.busFault) {
      state |= ContextControl.busFaultReady
    }
    if isReady(ExceptionNumber.debugMonitor) { state |= ContextControl.monitorReady }
    return state
  }

  /// Takes the registers back; a context that was never stored is still in them.
  func popFloatContext(_ address: UInt32) throws(CoreFault) {
    guard system.floatingPointContext & ContextControl.active == 0 else {
      system.floatingPointContext &= ~ContextControl.active
      return
    }
    for index: UInt32 in 0..<16 {
      floatRegisters[Int(index)] = try load32(address &+ index * 4, continues: true)
    }
    floatStatus = try load32(address &+ 0x40, continues: true) & Self.floatStatusMask
  }

  /// ExecuteFPCheck: every floating-point instruction needs access, stores a context that is due, and marks the unit as
  /// in use.
  func checkFloatingPoint() throws(CoreFault) {
    let access = system.coprocessorAccess >> 20 & 0xF
    guard access == 0xF || isPrivileged && access == 0x5 else { throw .usage(.noCoprocessor) }
    if system.floatingPointContext & ContextControl.active != 0 {
      try preserveFloatContext()
      system.floatingPointContext &= ~ContextControl.active
    }
    guard system.floatingPointContext & ContextControl.automatic != 0, control & 4 == 0 else { return }
    control |= 4
    floatStatus = floatStatus & ~0x07C0_0000 | system.floatingPointDefaults
  }

  /// PreserveFPState: stores the registers of the code that used them, with its rights, at the place that was kept free.
  private func preserveFloatContext() throws(CoreFault) {
    let isUser = system.floatingPointContext & ContextControl.user != 0
    do throws(CoreFault) {
      try storeFloatContext(system.floatingPointAddress, unprivileged: isUser)
    } catch {
      guard case .fault(let status, _) = error else { throw error }
      let isMemory = status.exceptionNumber == ExceptionNumber.memoryManagement
      throw .fault(isMemory ? .memoryLazyState : .busLazyState, address: nil)
    }
  }

  private func storeFloatContext(_ address: UInt32, unprivileged: Bool = false) throws(CoreFault) {
    for index: UInt32 in 0...16 {
      let word = index < 16 ? floatRegisters[Int(index)] : floatStatus
      try storeSlowly(address &+ index * 4, word, .word, continues: true, unprivileged: unprivileged)
    }
  }
}
