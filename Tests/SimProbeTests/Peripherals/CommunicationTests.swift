import Testing

@testable import SimProbe

/// Serial ports, DMA, and what firmware waits for in the other peripherals.
@Suite struct CommunicationTests {
  private static let usart3: UInt32 = 0x4000_4800

  private func bench(_ name: String = "nucleo-f429zi") throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.enableClocks()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    return bench
  }

  /// 9600 baud at 16 MHz: a frame takes 1.042 ms.
  private func openPort(_ bench: BoardBench) {
    bench.write(Self.usart3 + 0x8, 1667)
    bench.write(Self.usart3 + 0xC, 0x200C)
  }

  // MARK: USART

  @Test func `a frame takes its ten bits and the flags follow`() throws {
    let bench = try bench()
    let sent = Recorder(bench.chip.serialOutput)
    openPort(bench)
    #expect(bench.read(Self.usart3) == 0xC0)
    bench.write(Self.usart3 + 4, 0x41)
    #expect(bench.read(Self.usart3) == 0x80)
    bench.write(Self.usart3 + 4, 0x42)
    #expect(bench.read(Self.usart3) == 0)
    bench.clock.advance(by: 500_000)
    _ = bench.read(Self.usart3)
    #expect(sent.values.isEmpty)
    bench.clock.advance(by: 500_000)
    #expect(bench.read(Self.usart3) == 0x80)
    bench.pass(milliseconds: 1)
    #expect(bench.read(Self.usart3) == 0xC0)
    #expect(sent.values.map(\.port) == ["USART3", "USART3"])
    #expect(sent.values.map(\.frame.data) == [0x41, 0x42])
  }

  @Test func `without UE, TE or a baud rate nothing is sent`() throws {
    let bench = try bench()
    let sent = Recorder(bench.chip.serialOutput)
    bench.write(Self.usart3 + 0xC, 0x200C)
    bench.write(Self.usart3 + 4, 0x41)
    bench.pass(milliseconds: 20)
    #expect(bench.read(Self.usart3).map { $0 & 0x40 } == 0)
    #expect(sent.values.isEmpty)
  }

  @Test func `a console gives whole lines by port and the rest when asked`() {
    var lines: [String] = []
    let console = SerialConsole { lines.append("\($0.port) \($0.text)") }
    for byte in "one\r\ntw".utf8 { console.take(byte, from: "USART1") }
    console.take(0x07, from: "UART4")
    #expect(lines == ["USART1 one"])
    console.flush()
    #expect(lines == ["USART1 one", "USART1 tw", "UART4 \\x07"])
  }

  @Test func `a console shows UTF-8 as it is, and every other byte by its number`() {
    #expect(ConsoleLine(port: "USART1", bytes: Array("21 °C, 5 µs".utf8)).text == "21 °C, 5 µs")
    #expect(
      ConsoleLine(port: "USART1", bytes: [0x80, 0x41, 0xFF, 0xC3, 0xE2, 0x82, 0xC2, 0x9B]).text
        == "\\x80A\\xFF\\xC3\\xE2\\x82\\xC2\\x9B")
    #expect(ConsoleLine(port: "USART1", bytes: []).text == "")
  }

  // MARK: DMA

  @Test func `DMA2 copies memory and raises its flags, DMA1 cannot`() throws {
    let bench = try bench()
    for word in 0..<64 { bench.chip.bus.sram.store(UInt32(word) &* 0x0101_0101, .word, at: word * 4) }
    for base: UInt32 in [0x4002_6400, 0x4002_6000] {
      bench.write(base + 0x14, 64)
      bench.write(base + 0x18, 0x2000_0000)
      bench.write(base + 0x1C, 0x2000_1000)
      bench.write(base + 0x10, 0x0000_5681)
    }
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4002_6400) == 0x30)
    #expect(bench.read(0x4002_6414) == 0)
    #expect(bench.read(0x4002_6410).map { $0 & 1 } == 0)
    #expect(bench.read(0x2000_10FC) == 0x3F3F_3F3F)
    #expect(bench.read(0x4002_6000) == 0)
    bench.write(0x4002_6408, 0x3D)
    #expect(bench.read(0x4002_6400) == 0)
  }

  @Test func `a transfer into nowhere ends with an error`() throws {
    let bench = try bench()
    bench.write(0x4002_6414, 4)
    bench.write(0x4002_6418, 0x2000_0000)
    bench.write(0x4002_641C, 0x3000_0000)
    bench.write(0x4002_6410, 0x0000_5681)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4002_6400) == 0x08)
  }

  // MARK: What firmware waits for

  @Test func `a software request of EXTI becomes its interrupt`() throws {
    let bench = try bench()
    bench.write(0x4001_3C00, 1 << 7)
    bench.write(0x4001_3C10, 1 << 7)
    #expect(bench.read(0x4001_3C14) == 1 << 7)
    #expect(bench.read(0xE000_E200).map { $0 & 1 << 23 } == 1 << 23)
    bench.write(0x4001_3C14, 1 << 7)
    #expect(bench.read(0x4001_3C14) == 0)
    #expect(bench.read(0x4001_3C10) == 0)
  }

  @Test func `RNG needs its 48 MHz and then gives numbers by the seed`() throws {
    let bench = try bench()
    bench.write(0x5006_0800, 4)
    #expect(bench.read(0x5006_0804).map { $0 & 0x22 } == 0x22)
    bench.write(0x4002_3804, 0x0740_5408)
    bench.write(0x4002_3800, 0x0105_0083)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x5006_0804).map { $0 & 0x3 } == 1)
    let first = bench.read(0x5006_0808)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x5006_0804).map { $0 & 0x1 } == 1)
    #expect(bench.read(0x5006_0808) != first)
  }

  @Test func `the ADC converts its reference`() throws {
    let bench = try bench()
    bench.write(0x4001_2008, 1)
    bench.write(0x4001_2034, 17)
    bench.write(0x4001_2008, 0x4000_0001)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4001_2000).map { $0 & 2 } == 2)
    #expect(bench.read(0x4001_204C) == 1502)
    #expect(bench.read(0x4001_2000).map { $0 & 2 } == 0)
  }

  @Test func `SPI and I2C go through the motions with nobody there`() throws {
    let bench = try bench()
    bench.write(0x4001_3000, 0x0344)
    bench.write(0x4001_300C, 0x9F)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4001_3008) == 0x3)
    #expect(bench.read(0x4001_300C) == 0xFF)
    bench.write(0x4000_541C, 80)
    bench.write(0x4000_5400, 1)
    bench.write(0x4000_5400, 0x101)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4000_5414) == 1)
    bench.write(0x4000_5410, 0xA0)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4000_5414) == 1 << 10)
  }

  @Test func `CAN, USB and Ethernet acknowledge what initialisation waits for`() throws {
    let bench = try bench()
    bench.write(0x4000_6400, 1)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4000_6404).map { $0 & 3 } == 1)
    bench.write(0x5000_0010, 1)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x5000_0010) == 0x8000_0000)
    bench.write(0x4002_9000, 1)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x4002_9000).map { $0 & 1 } == 0)
    // The transceiver's first identifier, and nobody at another address.
    for (address, expected) in [(UInt32(0), UInt32(0x0007)), (1, 0xFFFF)] {
      bench.write(0x4002_8010, address << 11 | 2 << 6 | 1)
      bench.pass(milliseconds: 1)
      #expect(bench.read(0x4002_8010).map { $0 & 1 } == 0)
      #expect(bench.read(0x4002_8014) == expected)
    }
  }

  // MARK: Tables

  @Test(
    arguments: [
      ("stm32f429zi", 0x4000_6400, 0x0001_0002), ("stm32f207zg", 0x4001_1000, 0xC0), ("stm32f446re", 0x4001_3008, 2),
      ("stm32f429zi", 0x5000_0014, 0x0400_0020), ("stm32f429zi", 0xA000_0000, 0x30DB),
      ("stm32f429zi", 0xA000_0008, 0x30D2),
      ("stm32f407vg", 0x4000_002C, .max),
      ("stm32f407vg", 0x4000_042C, 0xFFFF), ("stm32f469ni", 0x4001_6C00, 0x3133_302A), ("stm32f446re", 0x4001_6000, 0),
      ("stm32f407vg", 0x4002_8000, 0x8000), ("stm32f410rb", 0x4008_0004, 0), ("stm32f429zi", 0x4000_2804, 0x2101),
    ] as [(String, UInt32, UInt32)])
  func `a register reads its documented reset value`(name: String, address: UInt32, value: UInt32) throws {
    #expect(try bench(name).read(address) == value)
  }

  @Test func `no two rows of a table share an offset or a bit`() {
    let tables =
      PeripheralPlaces.f2f4.registerBlocks.map(\.table) + PeripheralPlaces.f2f4.timers.map(\.table)
      + [
        .usart, .uart, .spi, .i2c, .ethernet, .externalInterrupts, .directMemoryAccess, .randomNumbers, .realTimeClock,
      ]
      + [.analogConverter, .analogCommon, .staticMemory, .flexibleMemory, .fullSpeedUSB, .laterFullSpeedUSB]
    for table in tables {
      let offsets = table.registers.map(\.offset)
      #expect(Set(offsets).count == offsets.count, "\(table.registers.map(\.name))")
      for register in table.registers {
        let fields = register.fields.map(\.mask)
        #expect(fields.reduce(0, |) == fields.reduce(0, &+), "\(register.name)")
      }
    }
  }
}
