import Testing

@testable import SimProbe

/// EXTI with the pins behind SYSCFG, and the lines to the core.
@Suite struct `External interrupts` {
  private static let base: UInt32 = 0x4001_3C00
  private static let multiplexer: UInt32 = 0x4001_3808

  private func bench() throws -> BoardBench {
    let bench = try BoardBench("stm32f407vg")
    bench.connect()
    bench.enableClocks()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    return bench
  }

  private func pending(_ bench: BoardBench) -> UInt32? { bench.read(Self.base + 0x14) }

  @Test func `each edge that is asked for sets the line's flag, and no other`() throws {
    let bench = try bench()
    let port = bench.chip.ports[0]
    for (rising, falling): (UInt32, UInt32) in [(1, 0), (0, 1), (1, 1), (0, 0)] {
      bench.write(Self.base, 1 << 3)
      bench.write(Self.base + 0x08, rising << 3)
      bench.write(Self.base + 0x0C, falling << 3)
      port.drive(pin: 3, high: true)
      #expect(pending(bench) == rising << 3)
      bench.write(Self.base + 0x14, 1 << 3)
      port.drive(pin: 3, high: false)
      #expect(pending(bench) == falling << 3)
      bench.write(Self.base + 0x14, 1 << 3)
    }
  }

  @Test func `SYSCFG chooses the port`() throws {
    let bench = try bench()
    bench.write(Self.base, 1 << 13)
    bench.write(Self.base + 0x08, 1 << 13)
    bench.write(Self.multiplexer + 12, 0x0020)  // EXTI13 from port C
    bench.chip.ports[0].drive(pin: 13, high: true)
    #expect(pending(bench) == 0)
    bench.chip.ports[2].drive(pin: 13, high: true)
    #expect(pending(bench) == 1 << 13)
    #expect(bench.read(0xE000_E204).map { $0 & 1 << 8 } == 1 << 8, "interrupt 40")
  }

  @Test func `an output of the chip's own makes edges too, and so does a pull-up`() throws {
    let bench = try bench()
    bench.write(Self.base, 3)
    bench.write(Self.base + 0x08, 3)
    bench.write(0x4002_0000, 0xA800_0001)  // PA0 is an output
    bench.write(0x4002_0018, 1)
    #expect(pending(bench) == 1)
    bench.write(0x4002_000C, 0x6400_0004)  // PA1 is pulled up
    #expect(pending(bench) == 3)
    #expect(bench.read(0x4002_0010).map { $0 & 3 } == 3)
    bench.write(0x4002_0000, 0xA800_000D)
    #expect(bench.read(0x4002_0010).map { $0 & 3 } == 1, "an analog pin reads 0")
  }

  @Test func `a masked line stays quiet but a software request needs the mask as well`() throws {
    let bench = try bench()
    bench.write(Self.base + 0x08, 1 << 4)
    bench.chip.ports[0].drive(pin: 4, high: true)
    bench.write(Self.base + 0x10, 1 << 4)
    #expect(pending(bench) == 0)
  }

  @Test func `lines 5 to 9 share an interrupt that falls with the last of them`() throws {
    let bench = try bench()
    bench.write(Self.base, 0x3E0)
    bench.write(Self.base + 0x10, 1 << 5 | 1 << 9)
    #expect(bench.chip.core.interrupts.lineLevels.contains(exception: 16 + 23))
    bench.write(Self.base + 0x14, 1 << 5)
    #expect(bench.chip.core.interrupts.lineLevels.contains(exception: 16 + 23))
    bench.write(Self.base + 0x14, 1 << 9)
    #expect(!bench.chip.core.interrupts.lineLevels.contains(exception: 16 + 23))
  }

  @Test func `an event wakes a core from WFE without an interrupt`() throws {
    let bench = try bench()
    bench.write(Self.base + 0x04, 1 << 2)
    bench.write(Self.base + 0x08, 1 << 2)
    // WFE, which finds the event of entering the handler; WFE; ADDS R4,#1; B .
    bench.write(0xE000_ED0C, 0x05FA_0002)
    let code: [UInt16] = [0xBF20, 0xBF20, 0x3401, 0xE7FE]
    bench.start(code, in: bench.chip.bus.sram, at: 0x2000_0000, registers: [0, 0, 0, 0, 0])
    bench.run(microseconds: 10)
    #expect(bench.chip.core.state == .waitingForEvent)
    bench.chip.ports[0].drive(pin: 2, high: true)
    bench.run(microseconds: 10)
    #expect(bench.chip.core.registers[4] == 1)
    #expect(bench.inside(Self.base + 0x14) == 0, "events leave no flag")
  }

  @Test func `a shared interrupt line is high while one of its sources is`() {
    let lines = InterruptLines()
    let changes = Recorder(lines.changed)
    let (first, second, other) = (Line(), Line(), Line())
    first.connect(to: lines, 18)
    second.connect(to: lines, 18)
    other.connect(to: lines, 5)
    first.drive(true)
    first.drive(true)
    second.drive(true)
    other.drive(true)
    first.drive(false)
    other.drive(false)
    second.drive(false)
    second.drive(false)
    #expect(changes.values.map { "\($0.line) \($0.isHigh ? "up" : "down")" } == ["18 up", "5 up", "5 down", "18 down"])
  }
}
