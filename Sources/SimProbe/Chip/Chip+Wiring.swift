/// The chip's schematic: which output leads to which input.
extension Chip {
  /// Draws the lines between the parts.
  func connectParts() {
    connectMemory()
    connectClocks()
    connectResets()
    connectInterrupts()
    connectPins()
  }

  private func connectMemory() {
    bus.core = core
    bus.debugUnit = debugUnit
    bus.fastMemoryChanged.connect(to: self) { $0.core.setFastMemory($0.bus.fastMemory) }
    core.setFastMemory(bus.fastMemory)
    configuration.remapChanged.connect(to: self) { $0.remap($1) }
    power.backupAccess.connect(to: bus) { $0.isBackupWritable = $1 }
    flash.accessControlChanged.connect(to: core) { $0.accelerator.configure(accessControl: $1) }
    flash.backupMemoryErased.connect(to: bus) { $0.eraseBackup() }
    flash.executing = self
    peripherals.executing = self
    clocks.executing = self
  }

  private func connectClocks() {
    peripherals.clocks = clocks
    peripherals.eventMovedUp.connect(to: core) { $0.endRun(at: $1) }
    clocks.treeChanged.connect(to: core) { $0.hclkHertz = $1.tree.ahb }
    clocks.treeChanged.connect(to: flash) { $0.clock(hertz: $1.tree.ahb) }
    clocks.treeChanged.connect(to: peripherals) { $0.clocksChanged(to: $1.tree, now: $1.now) }
    clocks.memoryClocksChanged.connect(to: bus) { $0.memoryClocksChanged($1) }
    power.backupAccess.connect(to: clocks) { $0.isBackupWritable = $1 }
    power.backupAccess.connect(to: realTimeClock) { $0.isWritable = $1 }
    core.deepSleep = self
    core.haltChanged.connect(to: self) { $0.updateFreeze() }
    debugUnit.freezeChanged.connect(to: self) { $0.updateFreeze() }
  }

  private func connectResets() {
    core.systemResetRequest.connect(to: self) { $0.resetSystem(.software) }
    windowWatchdog.ranOut.connect(to: self) { $0.resetSystem(.windowWatchdog) }
    independentWatchdog.ranOut.connect(to: self) { $0.resetSystem(.independentWatchdog) }
    clocks.peripheralsReset.connect(to: peripherals) { $0.reset(on: $1.bus, bits: $1.bits, now: $1.now) }
    clocks.backupDomainReset.connect(to: realTimeClock) { $0.resetBackupDomain(now: $1) }
  }

  /// The interrupts of what there is one of; the others are connected where they are attached.
  private func connectInterrupts() {
    interrupts.changed.connect(to: core) { $0.setInterrupt($1.line, pending: $1.isHigh) }
    let places = model.family.peripherals
    flash.interrupt.connect(to: interrupts, places.flashInterrupt)
    windowWatchdog.interrupt.connect(to: interrupts, places.windowWatchdog.lines[0])
    clocks.interrupt.connect(to: interrupts, places.resetAndClockControl.lines[0])
    converters.interrupt.connect(to: interrupts, places.converters.lines[0])
    randomNumbers.interrupt.connect(to: interrupts, model.die.randomNumbers.lines[0])
    for interrupt in externalInterrupts.interrupts { interrupt.line.connect(to: interrupts, interrupt.number) }
    clocks.securityInterrupt.connect(to: core) { $0.pendNonMaskableInterrupt() }
    externalInterrupts.event.connect(to: core) { $0.sendEvent() }
  }

  /// What reaches EXTI and the wake-up pin, and what firmware makes of the debug port's pins.
  private func connectPins() {
    for (index, port) in ports.enumerated() {
      port.levelsChanged.connect(to: self) { $0.pinsChanged(index, $1) }
    }
    ports.first?.modeChanged.connect(to: self) { $0.debugPinsChanged($1) }
    core.traceCharacter.connect(to: self) { if $0.hasTracePin { $0.traceOutput.send($1) } }
    configuration.externalLinesChanged.connect(to: self) { $0.connectExternalLines() }
    realTimeClock.alarm.connect(to: self) { $0.realTimeClockAsks(17, $1) }
    realTimeClock.wakeUp.connect(to: self) { $0.realTimeClockAsks(22, $1) }
  }
}
