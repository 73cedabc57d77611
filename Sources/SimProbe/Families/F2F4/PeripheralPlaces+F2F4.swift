/// The peripherals of the F2 and F4 (RM0090 tables 1 and 62, and those of the other manuals).
extension PeripheralPlaces {
  static let f2f4 = PeripheralPlaces(
    blocks: .f2f4,
    resetAndClockControl: PeripheralRow("RCC", 0x4002_3800, nil, 5),
    powerControl: PeripheralRow("PWR", 0x4000_7000, ClockGate(.apb1, 28)),
    systemConfiguration: PeripheralRow("SYSCFG", 0x4001_3800, ClockGate(.apb2, 14)),
    independentWatchdog: PeripheralRow("IWDG", 0x4000_3000, nil),
    windowWatchdog: PeripheralRow("WWDG", 0x4000_2C00, ClockGate(.apb1, 11), 0),
    checksum: PeripheralRow("CRC", 0x4002_3000, ClockGate(.ahb1, 12)),
    externalInterrupts: PeripheralRow("EXTI", 0x4001_3C00, nil),
    realTimeClock: PeripheralRow("RTC", 0x4000_2800, nil),
    converters: PeripheralRow("ADC", 0x4001_2000, ClockGate(.apb2, enable: 0x700, reset: 0x100), 18),
    ethernet: PeripheralRow("ETH", 0x4002_8000, ClockGate(.ahb1, 25)),
    externalMemory: PeripheralRow("FSMC/FMC", 0xA000_0000, ClockGate(.ahb3, 0)),
    fullSpeedUSB: PeripheralRow("USB OTG FS", 0x5000_0000, ClockGate(.ahb2, 7), 67),
    usbPins: (PinName("A11"), PinName("A12"), 10),
    flashInterrupt: 4, externalLines: externalLines, ports: ports, timers: timers, serialPorts: serialPorts,
    serialPeripheralInterfaces: serialPeripheralInterfaces, interIntegratedCircuits: interIntegratedCircuits,
    memoryAccess: memoryAccess, serialRequests: serialRequests, serialPins: serialPins,
    traceOutput: PinName("B3"), registerBlocks: registerBlocks, frozen: frozen)

  private static let ports = "ABCDEFGHIJK".enumerated().map { index, letter in
    PeripheralRow("GPIO\(letter)", 0x4002_0000 + UInt32(index) << 10, ClockGate(.ahb1, UInt32(index)))
  }

  /// The interrupts of the NVIC by EXTI lines (RM0090, table 62).
  private static let externalLines: [(mask: UInt32, number: Int)] = [
    (1 << 0, 6), (1 << 1, 7), (1 << 2, 8), (1 << 3, 9), (1 << 4, 10), (0x03E0, 23), (0xFC00, 40), (1 << 16, 1),
    (1 << 17, 41), (1 << 18, 42), (1 << 19, 62), (1 << 20, 76), (1 << 21, 2), (1 << 22, 3),
  ]

  // swift-format-ignore
  /// The USARTs and UARTs (RM0090 tables 1 and 62; RM0430 for UART9 and UART10).
  private static let serialPorts = [
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
  private static let timers: [(row: PeripheralRow, table: RegisterTable)] = [
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
  private static let serialPeripheralInterfaces = [
    PeripheralRow("SPI1", 0x4001_3000, ClockGate(.apb2, 12), 35),
    PeripheralRow("SPI2", 0x4000_3800, ClockGate(.apb1, 14), 36),
    PeripheralRow("SPI3", 0x4000_3C00, ClockGate(.apb1, 15), 51),
    PeripheralRow("SPI4", 0x4001_3400, ClockGate(.apb2, 13), 84),
    PeripheralRow("SPI5", 0x4001_5000, ClockGate(.apb2, 20), 85),
    PeripheralRow("SPI6", 0x4001_5400, ClockGate(.apb2, 21), 86),
  ]

  // swift-format-ignore
  /// The I2C controllers with their event and error interrupts.
  private static let interIntegratedCircuits = [
    PeripheralRow("I2C1", 0x4000_5400, ClockGate(.apb1, 21), 31, 32),
    PeripheralRow("I2C2", 0x4000_5800, ClockGate(.apb1, 22), 33, 34),
    PeripheralRow("I2C3", 0x4000_5C00, ClockGate(.apb1, 23), 72, 73),
  ]

  // swift-format-ignore
  /// What has registers and acknowledgements only.
  private static let registerBlocks: [(row: PeripheralRow, table: RegisterTable, answers: [RegisterAnswer])] = [
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
    (PeripheralRow("QUADSPI",    0xA000_1000, ClockGate(.ahb3, 1)),  .quadSPI,               RegisterAnswer.quadSPI),
  ]

  /// The DMA controllers with the interrupts of their streams.
  private static let memoryAccess = [
    PeripheralRow("DMA1", 0x4002_6000, ClockGate(.ahb1, 21), 11, 12, 13, 14, 15, 16, 17, 47),
    PeripheralRow("DMA2", 0x4002_6400, ClockGate(.ahb1, 22), 56, 57, 58, 59, 60, 68, 69, 70),
  ]

  /// RM0090 tables 42 and 43.
  private static let serialRequests = [
    SerialRequest("USART1", transmit: true, 1, 7, 4), SerialRequest("USART1", transmit: false, 1, 2, 4),
    SerialRequest("USART1", transmit: false, 1, 5, 4), SerialRequest("USART2", transmit: true, 0, 6, 4),
    SerialRequest("USART2", transmit: false, 0, 5, 4), SerialRequest("USART3", transmit: true, 0, 3, 4),
    SerialRequest("USART3", transmit: true, 0, 4, 7), SerialRequest("USART3", transmit: false, 0, 1, 4),
    SerialRequest("UART4", transmit: true, 0, 4, 4), SerialRequest("UART4", transmit: false, 0, 2, 4),
    SerialRequest("UART5", transmit: true, 0, 7, 4), SerialRequest("UART5", transmit: false, 0, 0, 4),
    SerialRequest("USART6", transmit: true, 1, 6, 5), SerialRequest("USART6", transmit: true, 1, 7, 5),
    SerialRequest("USART6", transmit: false, 1, 1, 5), SerialRequest("USART6", transmit: false, 1, 2, 5),
    SerialRequest("UART7", transmit: true, 0, 1, 5), SerialRequest("UART7", transmit: false, 0, 3, 5),
    SerialRequest("UART8", transmit: true, 0, 0, 5), SerialRequest("UART8", transmit: false, 0, 6, 5),
  ]

  /// The data sheets' tables "Alternate function mapping", all parts together: where two ports could be meant, it is the
  /// later one of those that the part has.
  private static let serialPins = SerialPin.table(
    """
    USART1 TX AF7 A9 A15 B6
    USART1 RX AF7 A10 B3 B7
    USART2 TX AF7 A2 D5
    USART2 RX AF7 A3 D6
    USART3 TX AF7 B10 C10 D8
    USART3 RX AF7 B11 C5 C11 D9
    UART4 TX AF8 A0 C10 D10
    UART4 RX AF8 A1 C11
    UART4 TX AF11 A12 D1
    UART4 RX AF11 A11 D0
    UART5 TX AF8 C12 E8
    UART5 RX AF8 D2 E7
    UART5 TX AF11 B6 B9 B13
    UART5 RX AF11 B5 B8 B12
    USART6 TX AF8 A11 C6 G14
    USART6 RX AF8 A12 C7 G9
    UART7 TX AF8 A15 B4 E8 F7
    UART7 RX AF8 A8 B3 E7 F6
    UART8 TX AF8 E1 F9
    UART8 RX AF8 E0 F8
    UART9 TX AF11 D15 G1
    UART9 RX AF11 D14 G0
    UART10 TX AF11 E3 G12
    UART10 RX AF11 E2 G11
    """)

  /// RM0090, 38.16.4 and 38.16.5.
  private static let frozen: [(isSecondRegister: Bool, bit: UInt32, base: UInt32)] = [
    (false, 0, 0x4000_0000), (false, 1, 0x4000_0400), (false, 2, 0x4000_0800), (false, 3, 0x4000_0C00),
    (false, 4, 0x4000_1000), (false, 5, 0x4000_1400), (false, 6, 0x4000_1800), (false, 7, 0x4000_1C00),
    (false, 8, 0x4000_2000), (false, 10, 0x4000_2800), (false, 11, 0x4000_2C00), (false, 12, 0x4000_3000),
    (true, 0, 0x4001_0000), (true, 1, 0x4001_0400), (true, 16, 0x4001_4000), (true, 17, 0x4001_4400),
    (true, 18, 0x4001_4800),
  ]
}
