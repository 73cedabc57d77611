/// The peripherals of a chip: where they are, what clocks them, and the lines of those of which there may be several.
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

  var peripherals: PeripheralSpace { bus.peripherals }

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
    peripherals.attach(realTimeClock, at: 0x4000_2800, branch: .realTimeClock, runsInStop: true)
    let (gate, base): (ClockGate, UInt32) =
      model.die == .f410 ? (ClockGate(.ahb1, 31), 0x4008_0000) : (ClockGate(.ahb2, 6), 0x5006_0800)
    if has(gate) { peripherals.attach(randomNumbers, at: base, gate: gate, branch: .usb) }
  }

  private func attachPorts() {
    for (index, letter) in "ABCDEFGHIJK".enumerated() where has(ClockGate(.ahb1, UInt32(index))) {
      let port = GeneralPurposePort(letter)
      ports.append(port)
      peripherals.attach(port, at: 0x4002_0000 + UInt32(index) << 10, gate: ClockGate(.ahb1, UInt32(index)))
    }
  }

  private func attachTimers() {
    for (row, table) in PeripheralRow.timers where has(row.gate) {
      let timer = Timer(row.name, table)
      timer.interrupts.update.connect(to: interrupts, row.lines[0])
      timer.interrupts.compare.connect(to: interrupts, row.lines[1])
      attach(timer, row, branch: row.gate.bus == .apb1 ? .apb1Timers : .apb2Timers)
    }
  }

  private func attachMemoryAccess() -> [DirectMemoryAccess] {
    PeripheralRow.memoryAccess.enumerated().map { index, row in
      let controller = DirectMemoryAccess(row.name, bus: bus, copiesMemory: index == 1)
      for (interrupt, number) in zip(controller.interrupts, row.lines) { interrupt.connect(to: interrupts, number) }
      attach(controller, row)
      return controller
    }
  }

  private func attachSerialPorts(_ controllers: [DirectMemoryAccess]) {
    for row in PeripheralRow.serialPorts where has(row.gate) {
      let port = SerialPort(row.name, row.name.hasPrefix("USART") ? .usart : .uart)
      port.interrupt.connect(to: interrupts, row.lines[0])
      port.transmitted.connect(to: self) { $0.serialOutput.send((row.name, UInt8(truncatingIfNeeded: $1))) }
      for request in SerialRequest.all where request.port == row.name {
        let line = request.isTransmit ? port.transmitRequest : port.receiveRequest
        line.connect(
          to: controllers[request.controller], stream: request.stream, channel: request.channel, in: peripherals)
      }
      serialPorts.append(port)
      attach(port, row)
    }
  }

  private func attachCommunication() {
    for row in PeripheralRow.serialPeripheralInterfaces where has(row.gate) {
      let port = SerialPeripheralInterface(row.name)
      port.interrupt.connect(to: interrupts, row.lines[0])
      attach(port, row)
    }
    for row in PeripheralRow.interIntegratedCircuits where has(row.gate) {
      let port = InterIntegratedCircuit(row.name)
      port.eventInterrupt.connect(to: interrupts, row.lines[0])
      port.errorInterrupt.connect(to: interrupts, row.lines[1])
      attach(port, row)
    }
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

  /// Lets stand still what the debug unit freezes while the core is halted.
  func updateFreeze() {
    peripherals.freeze(core.isHalted ? debugUnit.frozenBases : [], now: present)
  }
}
