/// Where a family's peripherals are, what clocks and resets them, and their interrupts.
struct PeripheralPlaces: Sendable {
  /// The register boundary addresses of the largest parts: an access outside of them is a bus error.
  let blocks: PeripheralBlocks

  // MARK: What there is one of

  let resetAndClockControl: PeripheralRow
  let powerControl: PeripheralRow
  let systemConfiguration: PeripheralRow
  let independentWatchdog: PeripheralRow
  let windowWatchdog: PeripheralRow
  let checksum: PeripheralRow
  let externalInterrupts: PeripheralRow
  let realTimeClock: PeripheralRow
  let converters: PeripheralRow
  let ethernet: PeripheralRow
  let externalMemory: PeripheralRow
  /// With its interrupt; the one for waking up is EXTI's.
  let fullSpeedUSB: PeripheralRow
  /// D- and D+ of that, and their alternate function.
  let usbPins: (minus: PinName, plus: PinName, function: UInt32)
  /// The flash interface's interrupt.
  let flashInterrupt: Int
  /// EXTI's lines and their interrupts.
  let externalLines: [(mask: UInt32, number: Int)]

  // MARK: What there may be several of

  /// GPIOA and its successors.
  let ports: [PeripheralRow]
  /// With their update and their compare interrupt.
  let timers: [(row: PeripheralRow, table: RegisterTable)]
  let serialPorts: [PeripheralRow]
  let serialPeripheralInterfaces: [PeripheralRow]
  /// With their event and error interrupts.
  let interIntegratedCircuits: [PeripheralRow]
  /// With the interrupts of their streams.
  let memoryAccess: [PeripheralRow]
  /// What asks for which stream of which controller.
  let serialRequests: [SerialRequest]
  /// Where the serial ports can be reached.
  let serialPins: [SerialPin]
  /// Where the trace port's one pin is, in alternate function 0.
  let traceOutput: PinName
  /// What has registers and acknowledgements only.
  let registerBlocks: [(row: PeripheralRow, table: RegisterTable, answers: [RegisterAnswer])]

  /// What DBGMCU's freeze registers keep still while the core is halted: the second register, the bit, and where it is.
  let frozen: [(isSecondRegister: Bool, bit: UInt32, base: UInt32)]
}
