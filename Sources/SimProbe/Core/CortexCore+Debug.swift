/// The debug registers of the system control space: DHCSR, DCRSR, DCRDR and DEMCR (ARMv7-M, C1.6).
extension CortexCore {
  /// Reads a word; reading DHCSR clears its sticky bits.
  func readDebugRegister(_ offset: UInt32) -> UInt32 {
    switch offset {
    case 0xDF0: return readHaltingControl()
    case 0xDF8: return debug.transferData
    case 0xDFC: return monitorControl
    default: return 0
    }
  }

  /// Writes a word.
  func writeDebugRegister(_ offset: UInt32, _ value: UInt32, by master: BusMaster) {
    switch offset {
    case 0xDF0: writeHaltingControl(value, by: master)
    case 0xDF4: transferRegister(value)
    case 0xDF8: debug.transferData = value
    case 0xDFC: writeMonitorControl(ExceptionMonitorControl(rawValue: value).intersection(.implemented))
    default: break
    }
  }

  /// DEMCR as it reads: MON_PEND is the pending state of the exception itself.
  private var monitorControl: UInt32 {
    let isPending = interrupts.pending.contains(exception: ExceptionNumber.debugMonitor)
    return debug.monitor.rawValue | (isPending ? ExceptionMonitorControl.monitorPend.rawValue : 0)
  }

  private func writeMonitorControl(_ control: ExceptionMonitorControl) {
    let hadTrace = debug.monitor.contains(.traceEnable)
    debug.monitor = control.subtracting(.monitorPend)
    if control.contains(.traceEnable) != hadTrace {
      drainTrace()
      watchpoint.setClock(!hadTrace, executedCycles: executedCycles)
      planTraceTaps()
      refreshFastSlots()
    }
    interrupts.pending.set(exception: ExceptionNumber.debugMonitor, control.contains(.monitorPend))
  }

  private func readHaltingControl() -> UInt32 {
    var status: HaltingStatus = .registerReady
    switch state {
    case .halted: status.insert(.halted)
    case .waitingForInterrupt, .waitingForEvent: status.insert(.sleeping)
    case .lockedUp: status.insert(.lockedUp)
    case .running, .inReset: break
    }
    if debug.hasRetired { status.insert(.retired) }
    if debug.wasReset { status.insert(.wasReset) }
    debug.hasRetired = false
    debug.wasReset = state == .inReset
    return debug.control.rawValue | status.rawValue
  }

  /// Takes a write with the right key; only the debugger may change C_DEBUGEN, and nothing halts without it.
  private func writeHaltingControl(_ value: UInt32, by master: BusMaster) {
    guard value >> 16 == DebugControl.key else { return }
    var control = HaltingControl(rawValue: value).intersection(.implemented)
    if master != .debugger {
      control.remove(.debugEnable)
      control.formUnion(debug.control.intersection(.debugEnable))
    }
    if !control.contains(.debugEnable) { control = [] }
    // C_HALT is held clear while the core is in reset.
    if state == .inReset { control.remove(.halt) }
    debug.control = control
    if control.contains(.halt) {
      // A core that the bus holds halts when it is let go.
      if state != .halted, state != .inReset, stallEnd <= cycles { halt(because: .halted) }
    } else if state == .halted {
      leaveDebugState()
    }
  }

  private func leaveDebugState() {
    changeState(to: .running)
  }

  /// DCRSR: moves a word between a register and DCRDR; it needs a halted core.
  private func transferRegister(_ value: UInt32) {
    guard state == .halted else { return }
    let selector = value & 0x7F
    if value & 1 << 16 != 0 {
      writeTransferRegister(selector, debug.transferData)
    } else {
      debug.transferData = readTransferRegister(selector)
    }
  }
}
