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
    attachUSB()
  }

  var peripherals: PeripheralSpace { bus.peripherals }

  private var places: PeripheralPlaces { model.family.peripherals }

  /// Whether the part has a peripheral: its RCC knows it.
  private func has(_ row: PeripheralRow) -> Bool {
    guard let gate = row.gate else { return true }
    return clocks.registers.writableMask(gate.bus.enableRegister) & gate.enable != 0
  }

  /// Attaches a peripheral.
  private func attach(
    _ peripheral: any Peripheral, _ row: PeripheralRow, branch: ClockTree.Branch? = nil, runsInStop: Bool = false
  ) {
    peripherals.attach(peripheral, at: row.base, gate: row.gate, branch: branch, runsInStop: runsInStop)
  }

  private func attachSystem() {
    attach(clocks, places.resetAndClockControl, runsInStop: true)
    attach(power, places.powerControl, runsInStop: true)
    attach(configuration, places.systemConfiguration)
    attach(independentWatchdog, places.independentWatchdog, runsInStop: true)
    attach(windowWatchdog, places.windowWatchdog)
    attach(CyclicRedundancyUnit(), places.checksum)
    attach(externalInterrupts, places.externalInterrupts, runsInStop: true)
    attach(realTimeClock, places.realTimeClock, branch: .realTimeClock, runsInStop: true)
    if has(model.die.randomNumbers) { attach(randomNumbers, model.die.randomNumbers, branch: .usb) }
  }

  private func attachPorts() {
    for row in places.ports where has(row) {
      let port = GeneralPurposePort(row.name)
      ports.append(port)
      attach(port, row)
    }
  }

  private func attachTimers() {
    for (row, table) in places.timers where has(row) {
      let timer = Timer(row.name, table)
      timer.interrupts.update.connect(to: interrupts, row.lines[0])
      timer.interrupts.compare.connect(to: interrupts, row.lines[1])
      attach(timer, row, branch: row.gate?.bus == .apb1 ? .apb1Timers : .apb2Timers)
    }
  }

  private func attachMemoryAccess() -> [DirectMemoryAccess] {
    places.memoryAccess.enumerated().map { index, row in
      let controller = DirectMemoryAccess(row.name, bus: bus, copiesMemory: index == 1)
      for (interrupt, number) in zip(controller.interrupts, row.lines) { interrupt.connect(to: interrupts, number) }
      attach(controller, row)
      return controller
    }
  }

  private func attachSerialPorts(_ controllers: [DirectMemoryAccess]) {
    for row in places.serialPorts where has(row) {
      let port = SerialPort(row.name, row.name.hasPrefix("USART") ? .usart : .uart)
      port.interrupt.connect(to: interrupts, row.lines[0])
      port.transmitting.connect(to: self) { $0.serialOutputBegins.send((row.name, $1)) }
      port.transmitted.connect(to: self) { $0.serialOutput.send((row.name, $1)) }
      for request in places.serialRequests where request.port == row.name {
        let line = request.isTransmit ? port.transmitRequest : port.receiveRequest
        line.connect(
          to: controllers[request.controller], stream: request.stream, channel: request.channel, in: peripherals)
      }
      serialPorts.append(port)
      attach(port, row)
    }
  }

  private func attachCommunication() {
    for row in places.serialPeripheralInterfaces where has(row) {
      let port = SerialPeripheralInterface(row.name)
      port.interrupt.connect(to: interrupts, row.lines[0])
      attach(port, row)
    }
    for row in places.interIntegratedCircuits where has(row) {
      let port = InterIntegratedCircuit(row.name)
      port.eventInterrupt.connect(to: interrupts, row.lines[0])
      port.errorInterrupt.connect(to: interrupts, row.lines[1])
      attach(port, row)
    }
    attach(converters, places.converters)
    if has(places.ethernet) { attach(ethernet, places.ethernet) }
  }

  private func attachRegisterBlocks() {
    for (row, table, answers) in places.registerBlocks where has(row) {
      attach(RegisterBlock(row.name, table, answers: answers), row)
    }
    let memory = places.externalMemory
    guard has(memory) else { return }
    let controller = ExternalMemoryController(memory.name, model.die.externalMemory)
    controller.areConnected = { [unowned self] pins in
      pins.allSatisfy { self.port($0.port)?.alternateFunction(of: $0.number) == Self.externalMemoryFunction }
    }
    controller.foundNotReady.connect(to: peripherals) {
      $0.note($1.name, $1.address, $1.width, value: $1.value, .notReady)
    }
    attach(controller, memory)
    bus.external = controller
    bus.externalGate = memory.gate
  }

  private func attachUSB() {
    let row = places.fullSpeedUSB
    guard has(row) else { return }
    let controller = OnTheGoController(model.die.onTheGo)
    controller.interrupt.connect(to: interrupts, row.lines[0])
    controller.wakeUpRequest.connect(to: self) { $0.externalInterrupts.setLine(Self.usbWakeUpLine, high: $1) }
    controller.isConnected = { [unowned self] in isUSBConnected }
    onTheGo = controller
    attach(controller, row, branch: .usb)
  }

  /// EXTI's line from OTG FS (RM0090, 12.2.5).
  private static let usbWakeUpLine: UInt32 = 18

  /// Whether the transceiver of OTG FS is connected to the chip's pins and has what it runs on.
  private var isUSBConnected: Bool {
    let pins = places.usbPins
    return isPowered && !isInReset && peripherals.isClocked(places.fullSpeedUSB.gate)
      && [pins.minus, pins.plus].allSatisfy { port($0.port)?.alternateFunction(of: $0.number) == pins.function }
  }

  /// The alternate function of FSMC and FMC (data sheets, "Alternate functions").
  private static let externalMemoryFunction: UInt32 = 12

  /// Lets stand still what the debug unit freezes while the core is halted.
  func updateFreeze() {
    peripherals.freeze(core.isHalted ? debugUnit.frozenBases : [], now: present)
  }
}
