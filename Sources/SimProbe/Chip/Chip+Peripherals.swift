/// The peripherals of a chip: where they are, and what connects them.
extension Chip {
  /// Puts the peripherals at their addresses.
  func attachPeripherals() {
    let peripherals = bus.peripherals
    peripherals.attach(clocks, at: 0x4002_3800)
    peripherals.attach(power, at: 0x4000_7000, gate: ClockGate(.apb1, 28))
    peripherals.attach(configuration, at: 0x4001_3800, gate: ClockGate(.apb2, 14))
    peripherals.attach(independentWatchdog, at: 0x4000_3000)
    peripherals.attach(windowWatchdog, at: 0x4000_2C00, gate: ClockGate(.apb1, 11))
    for (index, letter) in "ABCDEFGHIJK".enumerated() {
      let port = GeneralPurposePort(letter)
      if letter == "A" { port.modeChanged = { [weak self] mode in self?.debugPinsChanged(mode) } }
      peripherals.attach(port, at: 0x4002_0000 + UInt32(index) << 10, gate: ClockGate(.ahb1, UInt32(index)))
    }
  }

  /// Lets RCC drive the clocks and resets, and the watchdogs theirs.
  func connectClocks() {
    let peripherals = bus.peripherals
    peripherals.eventMovedUp = { [weak self] time in self?.core.endRun(at: time) }
    peripherals.isClocked = { [weak self] gate in self?.clocks.isClocked(gate) ?? false }
    peripherals.programCounter = { [weak self] in self?.executingAddress }
    clocks.treeChanged = { [weak self] tree, now in
      self?.core.hclkHertz = tree.ahb
      self?.bus.peripherals.clocksChanged(to: tree, now: now)
    }
    clocks.memoryClocksChanged = { [unowned bus] enabled in
      bus.isBackupClocked = enabled & 1 << 18 != 0
      bus.isCoupledClocked = enabled & 1 << 20 != 0
    }
    clocks.peripheralsReset = { [unowned bus] group, bits, now in bus.peripherals.reset(on: group, bits: bits, now: now)
    }
    clocks.interrupt = interrupts.source(5)
    clocks.securityInterrupt = { [unowned core] in core.pendNonMaskableInterrupt() }
    interrupts.changed = { [unowned core] line, isHigh in core.setInterrupt(line, pending: isHigh) }
    windowWatchdog.interrupt = interrupts.source(0)
    windowWatchdog.ranOut = { [weak self] in self?.resetSystem(.windowWatchdog) }
    independentWatchdog.ranOut = { [weak self] in self?.resetSystem(.independentWatchdog) }
  }

  /// Lets stand still what the debug unit freezes while the core is halted.
  func updateFreeze() {
    bus.peripherals.freeze(core.isHalted ? debugUnit.frozenBases : [], now: present)
  }
}
