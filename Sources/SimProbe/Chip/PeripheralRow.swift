/// A peripheral of which a part may have one or several: where it is, what clocks and resets it, its interrupts.
///
/// A part has it when its RCC has the clock enable bit.
struct PeripheralRow {
  /// The name in the reference manuals.
  let name: String
  /// The base address.
  let base: UInt32
  /// The clock enable and reset bits.
  let gate: ClockGate
  /// The interrupt lines, in the order that the peripheral's model says.
  let lines: [Int]

  init(_ name: String, _ base: UInt32, _ gate: ClockGate, _ lines: Int...) {
    self.name = name
    self.base = base
    self.gate = gate
    self.lines = lines
  }

  // swift-format-ignore
  /// The USARTs and UARTs (RM0090 tables 1 and 62; RM0430 for UART9 and UART10).
  static let serialPorts = [
    PeripheralRow("USART1", 0x4001_1000, ClockGate(.apb2, 4),  37),
    PeripheralRow("USART2", 0x4000_4400, ClockGate(.apb1, 17), 38),
    PeripheralRow("USART3", 0x4000_4800, ClockGate(.apb1, 18), 39),
    PeripheralRow("UART4",  0x4000_4C00, ClockGate(.apb1, 19), 52),
    PeripheralRow("UART5",  0x4000_5000, ClockGate(.apb1, 20), 53),
    PeripheralRow("USART6", 0x4001_1400, ClockGate(.apb2, 5),  71),
    PeripheralRow("UART7",  0x4000_7800, ClockGate(.apb1, 30), 82),
    PeripheralRow("UART8",  0x4000_7C00, ClockGate(.apb1, 31), 83),
    PeripheralRow("UART9",  0x4001_1800, ClockGate(.apb2, 6),  88),
    PeripheralRow("UART10", 0x4001_1C00, ClockGate(.apb2, 7),  89),
  ]

  // swift-format-ignore
  /// The timers with their update and their compare interrupt, which are one but for TIM1 and TIM8.
  static let timers: [(row: PeripheralRow, table: RegisterTable)] = [
    (PeripheralRow("TIM1",  0x4001_0000, ClockGate(.apb2, 0),  25, 27), .advancedTimer),
    (PeripheralRow("TIM2",  0x4000_0000, ClockGate(.apb1, 0),  28, 28), .wideTimer),
    (PeripheralRow("TIM3",  0x4000_0400, ClockGate(.apb1, 1),  29, 29), .generalTimer),
    (PeripheralRow("TIM4",  0x4000_0800, ClockGate(.apb1, 2),  30, 30), .generalTimer),
    (PeripheralRow("TIM5",  0x4000_0C00, ClockGate(.apb1, 3),  50, 50), .wideTimer),
    (PeripheralRow("TIM6",  0x4000_1000, ClockGate(.apb1, 4),  54, 54), .basicTimer),
    (PeripheralRow("TIM7",  0x4000_1400, ClockGate(.apb1, 5),  55, 55), .basicTimer),
    (PeripheralRow("TIM8",  0x4001_0400, ClockGate(.apb2, 1),  44, 46), .advancedTimer),
    (PeripheralRow("TIM9",  0x4001_4000, ClockGate(.apb2, 16), 24, 24), .twoChannelTimer),
    (PeripheralRow("TIM10", 0x4001_4400, ClockGate(.apb2, 17), 25, 25), .oneChannelTimer),
    (PeripheralRow("TIM11", 0x4001_4800, ClockGate(.apb2, 18), 26, 26), .remappableTimer),
    (PeripheralRow("TIM12", 0x4000_1800, ClockGate(.apb1, 6),  43, 43), .twoChannelTimer),
    (PeripheralRow("TIM13", 0x4000_1C00, ClockGate(.apb1, 7),  44, 44), .oneChannelTimer),
    (PeripheralRow("TIM14", 0x4000_2000, ClockGate(.apb1, 8),  45, 45), .oneChannelTimer),
  ]

  // swift-format-ignore
  static let serialPeripheralInterfaces = [
    PeripheralRow("SPI1", 0x4001_3000, ClockGate(.apb2, 12), 35),
    PeripheralRow("SPI2", 0x4000_3800, ClockGate(.apb1, 14), 36),
    PeripheralRow("SPI3", 0x4000_3C00, ClockGate(.apb1, 15), 51),
    PeripheralRow("SPI4", 0x4001_3400, ClockGate(.apb2, 13), 84),
    PeripheralRow("SPI5", 0x4001_5000, ClockGate(.apb2, 20), 85),
    PeripheralRow("SPI6", 0x4001_5400, ClockGate(.apb2, 21), 86),
  ]

  // swift-format-ignore
  /// The I2C controllers with their event and error interrupts.
  static let interIntegratedCircuits = [
    PeripheralRow("I2C1", 0x4000_5400, ClockGate(.apb1, 21), 31, 32),
    PeripheralRow("I2C2", 0x4000_5800, ClockGate(.apb1, 22), 33, 34),
    PeripheralRow("I2C3", 0x4000_5C00, ClockGate(.apb1, 23), 72, 73),
  ]

  // swift-format-ignore
  /// What has registers and acknowledgements only.
  static let registerBlocks: [(row: PeripheralRow, table: RegisterTable, answers: [RegisterAnswer])] = [
    (PeripheralRow("CAN1",       0x4000_6400, ClockGate(.apb1, 25)), .controllerAreaNetwork, RegisterAnswer.controllerAreaNetwork),
    (PeripheralRow("CAN2",       0x4000_6800, ClockGate(.apb1, 26)), .controllerAreaNetwork, RegisterAnswer.controllerAreaNetwork),
    (PeripheralRow("FMPI2C1",    0x4000_6000, ClockGate(.apb1, 24)), .fastModeI2C,           []),
    (PeripheralRow("CEC",        0x4000_6C00, ClockGate(.apb1, 27)), .consumerElectronics,   []),
    (PeripheralRow("DAC",        0x4000_7400, ClockGate(.apb1, 29)), .analogOutput,          []),
    (PeripheralRow("LPTIM1",     0x4000_2400, ClockGate(.apb1, 9)),  .lowPowerTimer,         RegisterAnswer.lowPowerTimer),
    (PeripheralRow("SPDIFRX",    0x4000_4000, ClockGate(.apb1, 16)), .digitalAudioReceiver,  []),
    (PeripheralRow("SDIO",       0x4001_2C00, ClockGate(.apb2, 11)), .cardInterface,         RegisterAnswer.cardInterface),
    (PeripheralRow("SAI1",       0x4001_5800, ClockGate(.apb2, 22)), .serialAudio,           []),
    (PeripheralRow("SAI2",       0x4001_5C00, ClockGate(.apb2, 23)), .serialAudio,           []),
    (PeripheralRow("DFSDM1",     0x4001_6000, ClockGate(.apb2, 24)), .sigmaDelta,            []),
    (PeripheralRow("LTDC",       0x4001_6800, ClockGate(.apb2, 26)), .displayController,     RegisterAnswer.displayController),
    (PeripheralRow("DSI",        0x4001_6C00, ClockGate(.apb2, 27)), .displayHost,           RegisterAnswer.displayHost),
    (PeripheralRow("DMA2D",      0x4002_B000, ClockGate(.ahb1, 23)), .graphicsAccelerator,   RegisterAnswer.graphicsAccelerator),
    (PeripheralRow("USB OTG HS", 0x4004_0000, ClockGate(.ahb1, 29)), .highSpeedUSB,          RegisterAnswer.onTheGoUSB),
    (PeripheralRow("DCMI",       0x5005_0000, ClockGate(.ahb2, 0)),  .camera,                []),
    (PeripheralRow("CRYP",       0x5006_0000, ClockGate(.ahb2, 4)),  .cryptographic,         RegisterAnswer.cryptographic),
    (PeripheralRow("HASH",       0x5006_0400, ClockGate(.ahb2, 5)),  .hash,                  []),
    (PeripheralRow("USB OTG FS", 0x5000_0000, ClockGate(.ahb2, 7)),  .fullSpeedUSB,          RegisterAnswer.onTheGoUSB),
    (PeripheralRow("QUADSPI",    0xA000_1000, ClockGate(.ahb3, 1)),  .quadSPI,               RegisterAnswer.quadSPI),
  ]

  /// The DMA controllers with the interrupts of their streams.
  static let memoryAccess = [
    PeripheralRow("DMA1", 0x4002_6000, ClockGate(.ahb1, 21), 11, 12, 13, 14, 15, 16, 17, 47),
    PeripheralRow("DMA2", 0x4002_6400, ClockGate(.ahb1, 22), 56, 57, 58, 59, 60, 68, 69, 70),
  ]
}
