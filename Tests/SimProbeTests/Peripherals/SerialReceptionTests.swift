import Testing

@testable import SimProbe

/// What comes to the chip's serial ports from outside, and goes out to it.
@Suite struct SerialReceptionTests {
  private static let usart3: UInt32 = 0x4000_4800
  private static let baud115200: UInt32 = 139
  private static let gpiod: UInt32 = 0x4002_0C00

  private func bench(_ name: String = "nucleo-f429zi", pins: Bool = true) throws -> BoardBench {
    let bench = try BoardBench(name)
    bench.connect()
    bench.enableClocks()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    if pins {
      // PD8 and PD9 to USART3.
      bench.write(Self.gpiod, 0xA << 16)
      bench.write(Self.gpiod + 0x24, 0x77)
    }
    bench.write(Self.usart3 + 0x8, Self.baud115200)
    bench.write(Self.usart3 + 0xC, 0x200C)
    return bench
  }

  private func cable(
    _ bench: BoardBench, _ setting: SerialCable.Setting = .format(SerialFormat(baud: 115_200)),
    at place: SerialCable.Place = .serialPort("USART3")
  ) -> SerialCable {
    let cable = SerialCable(place, at: bench.chip, setting: setting)
    bench.board.cables.append(cable)
    return cable
  }

  private func pass(_ bench: BoardBench, microseconds: UInt64) {
    bench.clock.advance(by: microseconds * 1_000)
    bench.chip.synchronise()
  }

  /// SR and DR without the time that a debugger's access takes.
  private func status(_ bench: BoardBench) -> UInt32 { bench.inside(Self.usart3) ?? .max }
  private func data(_ bench: BoardBench) -> UInt32 { bench.inside(Self.usart3 + 4) ?? .max }

  @Test func `a character arrives when its stop bit does`() throws {
    let bench = try bench()
    cable(bench).send([0x55])
    pass(bench, microseconds: 80)
    #expect(status(bench) & 0x20 == 0)
    pass(bench, microseconds: 4)
    #expect(status(bench) == 0xE0)
    #expect(data(bench) == 0x55)
    #expect(status(bench) == 0xC0)
  }

  @Test func `an unread character is kept and the next one overrun until SR and DR are read`() throws {
    let bench = try bench()
    cable(bench).send([0x31, 0x32])
    pass(bench, microseconds: 200)
    #expect(status(bench) & 0x28 == 0x28)
    #expect(data(bench) == 0x31)
    #expect(status(bench) & 0x28 == 0)
  }

  @Test func `reading DR alone does not clear an overrun`() throws {
    let bench = try bench()
    cable(bench).send([0x31, 0x32])
    pass(bench, microseconds: 200)
    #expect(data(bench) == 0x31)
    #expect(status(bench) & 0x28 == 0x08)
    #expect(data(bench) == 0x31)
    #expect(status(bench) & 0x28 == 0)
  }

  @Test func `a frame of silence behind characters is told once`() throws {
    let bench = try bench()
    cable(bench).send([0x31])
    pass(bench, microseconds: 90)
    #expect(data(bench) == 0x31)
    pass(bench, microseconds: 70)
    #expect(status(bench) & 0x10 == 0)
    pass(bench, microseconds: 30)
    #expect(status(bench) & 0x10 == 0x10)
    _ = data(bench)
    pass(bench, microseconds: 1_000)
    #expect(status(bench) & 0x10 == 0)
  }

  @Test func `characters at half the rate are others, with framing errors`() throws {
    let bench = try bench()
    cable(bench, .format(SerialFormat(baud: 57_600))).send([0x00])
    pass(bench, microseconds: 100)
    #expect(status(bench) & 0x22 == 0x22)
    #expect(data(bench) == 0)
  }

  @Test(arguments: [112_000, 118_500]) func `a rate that is three parts of a hundred off is understood`(baud: UInt64)
    throws
  {
    let bench = try bench()
    let cable = cable(bench, .baud(baud))
    for byte: UInt8 in [0x00, 0x55, 0xAA, 0xFF, 0x7F] {
      cable.send([byte])
      pass(bench, microseconds: 100)
      #expect(status(bench) & 0x2F == 0x20)
      #expect(data(bench) == UInt32(byte))
    }
  }

  @Test func `a wrong parity is noticed, and the right one stands in DR`() throws {
    let bench = try bench()
    bench.write(Self.usart3 + 0xC, 0x340C)
    let cable = cable(bench, .format(SerialFormat(baud: 115_200, parity: .even)))
    cable.send([0x01])
    pass(bench, microseconds: 100)
    #expect(status(bench) & 0x21 == 0x20)
    bench.write(Self.usart3 + 0xC, 0x360C)
    _ = data(bench)
    cable.send([0x01])
    pass(bench, microseconds: 100)
    #expect(status(bench) & 0x21 == 0x21)
  }

  @Test func `without the pin, the receiver or the port nothing is received`() throws {
    let bare = try bench(pins: false)
    cable(bare).send([0x31])
    pass(bare, microseconds: 100)
    #expect(status(bare) & 0x20 == 0)
    let deaf = try bench()
    deaf.write(Self.usart3 + 0xC, 0x2008)
    cable(deaf).send([0x31])
    pass(deaf, microseconds: 100)
    #expect(status(deaf) & 0x20 == 0)
  }

  @Test func `two pins of the board lead to the port that the firmware has connected to them`() throws {
    let bench = try bench()
    let wired = cable(bench, at: .pins(receive: "D9", transmit: "D8"))
    let elsewhere = cable(bench, at: .pins(receive: "B11", transmit: "B10"))
    wired.send([0x41])
    elsewhere.send([0x42])
    pass(bench, microseconds: 200)
    #expect(status(bench) & 0x28 == 0x20)
    #expect(data(bench) == 0x41)
    _ = bench.chip.bus.write(Self.usart3 + 4, 0x43, .word, by: .debugger)
    pass(bench, microseconds: 100)
    #expect(wired.takeReceived() == [0x43])
    #expect(elsewhere.takeReceived() == [])
  }

  @Test func `the far end receives by its own rate`() throws {
    let bench = try bench()
    let (right, wrong) = (cable(bench), cable(bench, .format(SerialFormat(baud: 9600))))
    for byte: UInt32 in [0x48, 0x69] {
      _ = bench.chip.bus.write(Self.usart3 + 4, byte, .word, by: .debugger)
      pass(bench, microseconds: 100)
    }
    pass(bench, microseconds: 2_000)
    #expect(right.takeReceived() == [0x48, 0x69])
    #expect(wrong.takeReceived() != [0x48, 0x69])
  }

  @Test func `a cable without a rate follows the port's and waits for its receiver`() throws {
    let bench = try bench()
    bench.write(Self.usart3 + 0xC, 0)
    let cable = cable(bench, .likeThePort)
    cable.send([0x31])
    pass(bench, microseconds: 5_000)
    #expect(cable.waitingCount == 1)
    bench.write(Self.usart3 + 0x8, 1667)
    bench.write(Self.usart3 + 0xC, 0x200C)
    pass(bench, microseconds: 3_000)
    #expect(data(bench) == 0x31)
  }

  @Test func `DMA takes what arrives, and the receiver's interrupt wakes a core`() throws {
    let bench = try bench()
    // DMA1 stream 1, channel 4: three bytes from USART3_DR to 0x2000_0100, counting up.
    bench.write(0x4002_602C, 3)
    bench.write(0x4002_6030, Self.usart3 + 4)
    bench.write(0x4002_6034, 0x2000_0100)
    bench.write(0x4002_6028, 0x0800_0401)
    bench.write(Self.usart3 + 0x14, 0x40)
    cable(bench).send([1, 2, 3])
    pass(bench, microseconds: 300)
    #expect(bench.inside(0x2000_0100).map { $0 & 0xFF_FFFF } == 0x03_0201)
    bench.write(Self.usart3 + 0x14, 0)
    bench.write(Self.usart3 + 0xC, 0x202C)
    cable(bench).send([4])
    pass(bench, microseconds: 100)
    #expect(bench.inside(0xE000_E204).map { $0 & 0x80 } == 0x80)
  }
}
