/// A 1 KiB multiple of the peripheral address space that some part of the family has something in.
struct PeripheralBlock: Equatable, Sendable {
  /// The name in the reference manuals.
  let name: String
  /// The first address.
  let base: UInt32
  /// The size in KiB.
  let kilobytes: UInt32

  init(_ name: String, _ base: UInt32, kilobytes: UInt32 = 1) {
    self.name = name
    self.base = base
    self.kilobytes = kilobytes
  }

  /// The register boundary addresses of the largest parts (RM0090 table 1, RM0386 table 1, RM0430 table 1).
  ///
  /// Smaller parts have fewer blocks; here they all decode. An access outside these blocks is a bus error.
  static let all: [PeripheralBlock] = [
    PeripheralBlock("TIM2", 0x4000_0000), PeripheralBlock("TIM3", 0x4000_0400), PeripheralBlock("TIM4", 0x4000_0800),
    PeripheralBlock("TIM5", 0x4000_0C00), PeripheralBlock("TIM6", 0x4000_1000), PeripheralBlock("TIM7", 0x4000_1400),
    PeripheralBlock("TIM12", 0x4000_1800), PeripheralBlock("TIM13", 0x4000_1C00), PeripheralBlock("TIM14", 0x4000_2000),
    PeripheralBlock("LPTIM1", 0x4000_2400), PeripheralBlock("RTC", 0x4000_2800), PeripheralBlock("WWDG", 0x4000_2C00),
    PeripheralBlock("IWDG", 0x4000_3000), PeripheralBlock("I2S2ext", 0x4000_3400), PeripheralBlock("SPI2", 0x4000_3800),
    PeripheralBlock("SPI3", 0x4000_3C00), PeripheralBlock("I2S3ext/SPDIFRX", 0x4000_4000),
    PeripheralBlock("USART2", 0x4000_4400), PeripheralBlock("USART3", 0x4000_4800),
    PeripheralBlock("UART4", 0x4000_4C00),
    PeripheralBlock("UART5", 0x4000_5000), PeripheralBlock("I2C1", 0x4000_5400), PeripheralBlock("I2C2", 0x4000_5800),
    PeripheralBlock("I2C3", 0x4000_5C00), PeripheralBlock("FMPI2C1", 0x4000_6000), PeripheralBlock("CAN1", 0x4000_6400),
    PeripheralBlock("CAN2", 0x4000_6800), PeripheralBlock("CEC", 0x4000_6C00), PeripheralBlock("PWR", 0x4000_7000),
    PeripheralBlock("DAC", 0x4000_7400), PeripheralBlock("UART7", 0x4000_7800), PeripheralBlock("UART8", 0x4000_7C00),
    PeripheralBlock("TIM1", 0x4001_0000), PeripheralBlock("TIM8", 0x4001_0400), PeripheralBlock("USART1", 0x4001_1000),
    PeripheralBlock("USART6", 0x4001_1400), PeripheralBlock("UART9", 0x4001_1800),
    PeripheralBlock("UART10", 0x4001_1C00),
    PeripheralBlock("ADC", 0x4001_2000), PeripheralBlock("SDIO", 0x4001_2C00), PeripheralBlock("SPI1", 0x4001_3000),
    PeripheralBlock("SPI4", 0x4001_3400), PeripheralBlock("SYSCFG", 0x4001_3800), PeripheralBlock("EXTI", 0x4001_3C00),
    PeripheralBlock("TIM9", 0x4001_4000), PeripheralBlock("TIM10", 0x4001_4400), PeripheralBlock("TIM11", 0x4001_4800),
    PeripheralBlock("SPI5", 0x4001_5000), PeripheralBlock("SPI6", 0x4001_5400), PeripheralBlock("SAI1", 0x4001_5800),
    PeripheralBlock("SAI2", 0x4001_5C00), PeripheralBlock("DFSDM1", 0x4001_6000),
    PeripheralBlock("DFSDM2", 0x4001_6400),
    PeripheralBlock("LTDC", 0x4001_6800), PeripheralBlock("DSI", 0x4001_6C00, kilobytes: 2),
    PeripheralBlock("GPIOA", 0x4002_0000), PeripheralBlock("GPIOB", 0x4002_0400), PeripheralBlock("GPIOC", 0x4002_0800),
    PeripheralBlock("GPIOD", 0x4002_0C00), PeripheralBlock("GPIOE", 0x4002_1000), PeripheralBlock("GPIOF", 0x4002_1400),
    PeripheralBlock("GPIOG", 0x4002_1800), PeripheralBlock("GPIOH", 0x4002_1C00), PeripheralBlock("GPIOI", 0x4002_2000),
    PeripheralBlock("GPIOJ", 0x4002_2400), PeripheralBlock("GPIOK", 0x4002_2800), PeripheralBlock("CRC", 0x4002_3000),
    PeripheralBlock("RCC", 0x4002_3800), PeripheralBlock("FLASH", 0x4002_3C00), PeripheralBlock("DMA1", 0x4002_6000),
    PeripheralBlock("DMA2", 0x4002_6400), PeripheralBlock("ETH", 0x4002_8000, kilobytes: 5),
    PeripheralBlock("DMA2D", 0x4002_B000, kilobytes: 3), PeripheralBlock("USB OTG HS", 0x4004_0000, kilobytes: 256),
    PeripheralBlock("RNG", 0x4008_0000), PeripheralBlock("USB OTG FS", 0x5000_0000, kilobytes: 256),
    PeripheralBlock("DCMI", 0x5005_0000),
    PeripheralBlock("CRYP", 0x5006_0000), PeripheralBlock("HASH", 0x5006_0400), PeripheralBlock("RNG", 0x5006_0800),
    PeripheralBlock("FSMC/FMC", 0xA000_0000, kilobytes: 4), PeripheralBlock("QUADSPI", 0xA000_1000, kilobytes: 4),
  ]

  /// The block that an address lies in; nil where nothing answers.
  static func containing(_ address: UInt32) -> PeripheralBlock? {
    // The table is in the order of its addresses: the last block that does not begin behind the address.
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].base <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address - all[low - 1].base < all[low - 1].kilobytes << 10 else { return nil }
    return all[low - 1]
  }
}
