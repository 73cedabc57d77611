/// The peripherals of a chip: where they are, and what connects them.
extension Chip {
  /// Puts the peripherals at their addresses.
  func attachPeripherals() {
    attachSystem()
    attachPorts()
    attachTimers()
    let controllers = attachMemoryAccess()
    attachSerialPorts(controllers)
    attachCommunication()
    attachRegisterBlocks()
  }

  private var peripherals: PeripheralSpace { bus.peripherals }

  /// Whether the part has a peripheral: its RCC knows it.
  private func has(_ gate: ClockGate) -> Bool {
    clocks.registers.writableMask(gate.bus.enableRegister) & gate.enable != 0
  }

  /// Attaches a peripheral where the part has it.
  private func attach(_ peripheral: any Peripheral, _ row: PeripheralRow, branch: ClockTree.Branch? = nil) {
    peripherals.attach(peripheral, at: row.base, gate: row.gate, branch: branch)
  }

  private func attachSystem() {
    peripherals.attach(clocks, at: 0x4002_3800, runsInStop: true)
    peripherals.attach(power, at: 0x4000_7000, gate: ClockGate(.apb1, 28), runsInStop: true)
    peripherals.attach(configuration, at: 0x4001_3800, gate: ClockGate(.apb2, 14))
    peripherals.attach(independentWatchdog, at: 0x4000_3000, runsInStop: true)
    peripherals.attach(windowWatchdog, at: 0x4000_2C00, gate: ClockGate(.apb1, 11))
    peripherals.attach(CyclicRedundancyUnit(), at: 0x4002_3000, gate: ClockGate(.ahb1, 12))
    peripherals.attach(externalInterrupts, at: 0x4001_3C00, runsInStop: true)
    externalInterrupts.interrupts = ExternalInterrupts.interruptLines.map { ($0.mask, interrupts.source($0.line)) }
    configuration.externalLinesChanged = { [weak self] in self?.connectExternalLines() }
    externalInterrupts.event = { [unowned core] in core.sendEvent() }
    peripherals.attach(realTimeClock, at: 0x4000_2800, branch: .realTimeClock, runsInStop: true)
    realTimeClock.alarmLine = { [weak self] level in self?.realTimeClockAsks(17, level) }
    realTimeClock.wakeUpLine = { [weak self] level in self?.realTimeClockAsks(22, level) }
    let generator = RandomNumbers(seed: seed ^ 0x4E01_5E)
    generator.interrupt = interrupts.source(80)
    let (gate, base): (ClockGate, UInt32) =
      model.die == .f410 ? (ClockGate(.ahb1, 31), 0x4008_0000) : (ClockGate(.ahb2, 6), 0x5006_0800)
    if has(gate) { peripherals.attach(generator, at: base, gate: gate, branch: .usb) }
  }

  private func attachPorts() {
    for (index, letter) in "ABCDEFGHIJK".enumerated() where has(ClockGate(.ahb1, UInt32(index))) {
      let port = GeneralPurposePort(letter)
      if letter == "A" { port.modeChanged = { [weak self] mode in self?.debugPinsChanged(mode) } }
      port.levelsChanged = { [weak self] levels in self?.pinsChanged(index, levels) }
      ports.append(port)
      peripherals.attach(port, at: 0x4002_0000 + UInt32(index) << 10, gate: ClockGate(.ahb1, UInt32(index)))
    }
  }

  private func attachTimers() {
    for (row, table) in PeripheralRow.timers where has(row.gate) {
      let timer = Timer(row.name, table)
      timer.interrupts = Timer.Interrupts(
        update: interrupts.source(row.lines[0]), compare: interrupts.source(row.lines[1]))
      attach(timer, row, branch: row.gate.bus == .apb1 ? .apb1Timers : .apb2Timers)
    }
  }

  private func attachMemoryAccess() -> [DirectMemoryAccess] {
    PeripheralRow.memoryAccess.enumerated().map { index, row in
      let controller = DirectMemoryAccess(row.name, copiesMemory: index == 1)
      controller.interrupts = row.lines.map { interrupts.source($0) }
      controller.read = { [unowned bus] address, width, now in
        bus.directAccessTime = now
        guard case .done(let value, _) = bus.read(address, width, by: .dma) else { return nil }
        return value
      }
      controller.write = { [unowned bus] address, value, width, now in
        bus.directAccessTime = now
        guard case .done = bus.write(address, value, width, by: .dma) else { return false }
        return true
      }
      attach(controller, row)
      return controller
    }
  }

  private func attachSerialPorts(_ controllers: [DirectMemoryAccess]) {
    for row in PeripheralRow.serialPorts where has(row.gate) {
      let port = SerialPort(row.name, row.name.hasPrefix("USART") ? .usart : .uart)
      port.interrupt = interrupts.source(row.lines[0])
      port.transmitted = { [weak self] data in self?.serialOutput?(row.name, UInt8(truncatingIfNeeded: data)) }
      port.transmitRequest = request(of: row.name, isTransmit: true, controllers)
      port.receiveRequest = request(of: row.name, isTransmit: false, controllers)
      serialPorts.append(port)
      attach(port, row)
    }
  }

  /// What drives a serial port's requests at the DMA controllers.
  private func request(
    of port: String, isTransmit: Bool, _ controllers: [DirectMemoryAccess]
  ) -> (Bool, UInt64) -> Void {
    let requests = SerialRequest.all.filter { $0.port == port && $0.isTransmit == isTransmit }
    var wasUp = false
    return { [unowned peripherals] isUp, now in
      // A level that stays up is a new request after each transfer, which the controller looks at by itself.
      guard isUp != wasUp else { return }
      wasUp = isUp
      for request in requests {
        let controller = controllers[request.controller]
        controller.request(stream: request.stream, channel: request.channel, isUp: isUp, now: now)
        peripherals.eventsChanged(of: controller)
      }
    }
  }

  private func attachCommunication() {
    for row in PeripheralRow.serialPeripheralInterfaces where has(row.gate) {
      let port = SerialPeripheralInterface(row.name)
      port.interrupt = interrupts.source(row.lines[0])
      attach(port, row)
    }
    for row in PeripheralRow.interIntegratedCircuits where has(row.gate) {
      let port = InterIntegratedCircuit(row.name)
      port.eventInterrupt = interrupts.source(row.lines[0])
      port.errorInterrupt = interrupts.source(row.lines[1])
      attach(port, row)
    }
    let converters = AnalogConverters(die: model.die)
    converters.interrupt = interrupts.source(18)
    attach(converters, PeripheralRow("ADC", 0x4001_2000, ClockGate(.apb2, enable: 0x700, reset: 0x100)))
    let ethernet = PeripheralRow("ETH", 0x4002_8000, ClockGate(.ahb1, 25))
    if has(ethernet.gate) { attach(self.ethernet, ethernet) }
  }

  private func attachRegisterBlocks() {
    for (row, table, answers) in PeripheralRow.registerBlocks where has(row.gate) {
      attach(RegisterBlock(row.name, table, answers: answers), row)
    }
    let memory = PeripheralRow("FSMC/FMC", 0xA000_0000, ClockGate(.ahb3, 0))
    let isFlexible = [Die.f42x, .f446, .f469].contains(model.die)
    if has(memory.gate) { attach(RegisterBlock(memory.name, isFlexible ? .flexibleMemory : .staticMemory), memory) }
  }

  /// Lets RCC drive the clocks and resets, and the watchdogs theirs.
  func connectClocks() {
    peripherals.eventMovedUp = { [weak self] time in self?.core.endRun(at: time) }
    peripherals.clocks = clocks
    peripherals.programCounter = { [weak self] in self?.executingAddress }
    clocks.treeChanged = { [weak self] tree, now in
      self?.core.hclkHertz = tree.ahb
      self?.flash.clockHertz = tree.ahb
      self?.bus.peripherals.clocksChanged(to: tree, now: now)
    }
    clocks.memoryClocksChanged = { [unowned bus] enabled in
      bus.isBackupClocked = enabled & 1 << 18 != 0
      bus.isCoupledClocked = enabled & 1 << 20 != 0
    }
    clocks.peripheralsReset = { [unowned bus] group, bits, now in bus.peripherals.reset(on: group, bits: bits, now: now)
    }
    clocks.backupDomainReset = { [unowned realTimeClock] now in realTimeClock.resetBackupDomain(now: now) }
    clocks.interrupt = interrupts.source(5)
    clocks.securityInterrupt = { [unowned core] in core.pendNonMaskableInterrupt() }
    interrupts.changed = { [unowned core] line, isHigh in core.setInterrupt(line, pending: isHigh) }
    windowWatchdog.interrupt = interrupts.source(0)
    windowWatchdog.ranOut = { [weak self] in self?.resetSystem(.windowWatchdog) }
    independentWatchdog.ranOut = { [weak self] in self?.resetSystem(.independentWatchdog) }
    power.backupAccessChanged = { [weak self] isWritable in
      self?.bus.isBackupWritable = isWritable
      self?.clocks.isBackupWritable = isWritable
      self?.realTimeClock.isWritable = isWritable
    }
  }

  /// Lets stand still what the debug unit freezes while the core is halted.
  func updateFreeze() {
    peripherals.freeze(core.isHalted ? debugUnit.frozenBases : [], now: present)
  }
}
