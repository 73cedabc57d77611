import Testing

@testable import SimProbe

/// Memory outside of the chip: what the controller asks for before it answers, and what it refuses (RM0090, 36 and 37).
@Suite struct ExternalMemoryTests {
  /// A board with SDRAM as firmware finds it.
  private final class Desk {
    let bench: BoardBench
    let start: UInt32
    let bank: Int

    init(_ board: String = "32f429idiscovery", start: UInt32 = 0xD000_0000, bank: Int = 2) throws {
      bench = try BoardBench(board)
      (self.start, self.bank) = (start, bank)
    }

    var bus: BusMatrix { bench.chip.bus }

    func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth = .word) -> Bool {
      if case .done = bus.write(address, value, width, by: .debugger) { true } else { false }
    }

    func read(_ address: UInt32, _ width: BusWidth = .word) -> UInt32? {
      if case .done(let value, _) = bus.read(address, width, by: .debugger) { value } else { nil }
    }

    /// Clocks of GPIO and FMC, and the pins.
    func wire(except missing: String? = nil) {
      _ = write(0x4002_3830, 0x7FF)
      _ = write(0x4002_3838, 1)
      for pin in bench.board.model.memories[0].pins where pin.description != missing {
        let base = 0x4002_0000 + UInt32(pin.port) << 10
        let number = UInt32(pin.number)
        let mode = read(base) ?? 0
        _ = write(base, mode & ~(3 << (2 * number)) | 2 << (2 * number))
        let half = base + 0x20 + number / 8 * 4
        let function = read(half) ?? 0
        _ = write(half, function & ~(0xF << (number % 8 * 4)) | 12 << (number % 8 * 4))
      }
    }

    /// SDCR: 8 columns, 12 rows, 16 bits, 4 banks, CAS 3, a clock of HCLK / 2.
    func configure(_ control: UInt32 = 0x9D4) {
      _ = write(0xA000_0140, control)
      _ = write(0xA000_0144, control)
      _ = write(0xA000_0148, 0x0111_0361)
      _ = write(0xA000_014C, 0x0111_0361)
    }

    func command(_ mode: UInt32, refreshes: UInt32 = 1, word: UInt32 = 0) {
      _ = write(0xA000_0150, mode | (bank == 1 ? 1 << 4 : 1 << 3) | (refreshes - 1) << 5 | word << 9)
    }

    func initialise(leavingOut left: UInt32? = nil) {
      for (mode, refreshes, word) in [(1, 1, 0), (2, 1, 0), (3, 4, 0), (4, 1, 0x231)] as [(UInt32, UInt32, UInt32)]
      where mode != left { command(mode, refreshes: refreshes, word: word) }
    }

    /// Whether what is written somewhere is read there again.
    func holds(_ offset: UInt32 = 0x1234) -> Bool {
      write(start + offset, 0xC0FF_EE11) && read(start + offset) == 0xC0FF_EE11
    }
  }

  @Test func `SDRAM answers after clock, precharge, refreshes and mode, in every width up to its end`() throws {
    let desk = try Desk()
    desk.wire()
    desk.configure()
    desk.initialise()
    #expect(desk.holds())
    #expect(desk.write(0xD000_0000, 0x0403_0201))
    #expect(desk.read(0xD000_0000, .byte) == 1)
    #expect(desk.read(0xD000_0002, .halfword) == 0x0403)
    #expect(desk.write(0xD000_0001, 0xAA, .byte))
    #expect(desk.read(0xD000_0000) == 0x0403_AA01)
    #expect(desk.holds(0x7F_FFFC))
    #expect(desk.read(0xD080_0000) == nil, "beyond what SDCR says")
    #expect(desk.read(0xC000_0000) != 0xC0FF_EE11, "the other bank has no memory")
    #expect(desk.bench.chip.bus.peripherals.unmodelledAccesses.allSatisfy { $0.reason == .notReady })
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt32]) func `without one of the commands nobody answers`(left: UInt32) throws {
    let desk = try Desk()
    desk.wire()
    desk.configure()
    desk.initialise(leavingOut: left)
    #expect(!desk.holds())
    #expect(desk.bench.chip.bus.peripherals.unmodelledAccesses.contains { $0.reason == .notReady })
  }

  @Test func `one refresh is not enough, and refreshes before the precharge do not count`() throws {
    let desk = try Desk()
    desk.wire()
    desk.configure()
    desk.command(1)
    desk.command(3, refreshes: 8)
    desk.command(2)
    desk.command(3)
    desk.command(4, word: 0x231)
    #expect(!desk.holds())
    desk.command(3)
    #expect(desk.holds())
  }

  @Test(arguments: ["PD14", "PG8", "PC0", "PB5"]) func `without one of its pins nobody answers`(pin: String) throws {
    let desk = try Desk()
    desk.wire(except: pin)
    desk.configure()
    desk.initialise()
    #expect(!desk.holds())
  }

  @Test func `another latency than the memory's, write protection and no clock are what they are on silicon`() throws {
    let desk = try Desk()
    #expect(desk.read(0xD000_0000) == nil, "the controller has no clock")
    desk.wire()
    #expect(!desk.write(0xD000_0000, 0), "SDCR protects after a reset")
    desk.configure()
    for (mode, word) in [(1, 0), (2, 0), (3, 0), (3, 0), (4, 0x221)] as [(UInt32, UInt32)] {
      desk.command(mode, word: word)
    }
    #expect(!desk.holds())
    desk.command(4, word: 0x231)
    #expect(desk.holds())
    desk.configure(0x9D4 | 1 << 9)
    #expect(!desk.write(0xD000_1234, 0))
    #expect(desk.read(0xD000_1234) == 0xC0FF_EE11)
    desk.configure(0x1D4)
    #expect(!desk.holds(), "SDCLK is off")
  }

  @Test func `a shape that is not the memory's folds its addresses`() throws {
    let desk = try Desk()
    desk.wire()
    // Nine columns, where the chip has eight: the ninth bit leads nowhere.
    desk.configure(0x9D5)
    desk.initialise()
    #expect(desk.write(0xD000_0000, 0x1111_2222))
    #expect(desk.read(0xD000_0200) == 0x1111_2222)
    // 32 bits of data, where 16 are wired.
    desk.configure(0x9E4)
    #expect(desk.write(0xD000_0000, 0x1234_5678))
    #expect(desk.read(0xD000_0000) == 0xFFFF_5678)
  }

  @Test func `a reset takes the clock away and leaves the contents, a power failure takes both`() throws {
    let desk = try Desk()
    desk.wire()
    desk.configure()
    desk.initialise()
    #expect(desk.holds())
    _ = desk.write(0x4002_3818, 1)
    _ = desk.write(0x4002_3818, 0)
    desk.configure()
    #expect(desk.read(0xD000_1234) == .max)
    desk.command(1)
    #expect(desk.read(0xD000_1234) == 0xC0FF_EE11)
    desk.bench.board.cyclePower()
    desk.bench.pass(milliseconds: 5)
    desk.wire()
    desk.configure()
    desk.initialise()
    #expect(desk.read(0xD000_1234) != 0xC0FF_EE11)
    #expect(desk.holds())
  }

  @Test func `SYSCFG lets SDRAM and NAND change places`() throws {
    let desk = try Desk()
    desk.wire()
    desk.configure()
    desk.initialise()
    #expect(desk.holds())
    _ = desk.write(0x4002_3844, 1 << 14)
    _ = desk.write(0x4001_3800, 1 << 10)
    #expect(desk.read(0x9000_1234) == 0xC0FF_EE11)
    #expect(desk.read(0xD000_1234) == nil)
  }

  @Test(arguments: [("32f469idiscovery", 0x9E4, 0xFF_FFFC), ("stm32446e-eval", 0x9D4, 0x7F_FFFC)])
  func `other boards have theirs at bank 1`(board: String, control: UInt32, last: UInt32) throws {
    let desk = try Desk(board, start: 0xC000_0000, bank: 1)
    desk.wire()
    desk.configure(control)
    desk.initialise()
    #expect(desk.holds())
    #expect(desk.holds(last))
  }

  @Test(arguments: ["stm3220g-eval", "stm3240g-eval"]) func `SRAM answers at its chip select, where that is enabled`(
    board: String
  ) throws {
    let desk = try Desk(board, start: 0x6400_0000)
    desk.wire()
    #expect(desk.read(0x6400_0000) == nil, "the bank is not enabled")
    _ = desk.write(0xA000_0008, 0x0011)
    #expect(!desk.write(0x6400_0000, 1), "WREN")
    _ = desk.write(0xA000_0008, 0x1011)
    #expect(desk.holds(0x1F_FFF0))
    #expect(desk.read(0x6420_0000 + 0x1F_FFF0) == 0xC0FF_EE11, "twice, behind its last address line")
    _ = desk.write(0xA000_0008, 0x1001)
    #expect(desk.write(0x6400_0000, 0xAB, .byte))
    #expect(desk.read(0x6400_0000, .byte) == 0xAB)
  }

  @Test func `a board of one's own has what its parts say, where the chip can reach it`() throws {
    var configuration = SimulationConfiguration(target: "stm32f429zi")
    configuration.boardParts = try [
      BoardPart("sdram", "bank=1,rows=13,columns=9,banks=4,width=16"), BoardPart("crystal", "25M"),
      BoardPart("led", "D1=PC13:low"), BoardPart("pull", "PE2=up"), BoardPart("button", "K=PA0"),
    ]
    let model = try Simulation(configuration).board.model
    #expect(model.memories.map(\.byteCount) == [32 << 20])
    #expect(model.clock == .crystal(25_000_000))
    #expect(model.lights == [BoardLight("D1", at: "C13", isLitHigh: false)])
    #expect(model.buttons == [BoardButton("K", at: "A0", isHighWhenPressed: true)])
    configuration.target = "stm32f407vg"
    #expect(throws: SimulationError.self) { try Simulation(configuration) }
    configuration.target = "stm32f401cc"
    configuration.boardParts = try [BoardPart("led", "D1=PG3")]
    #expect(throws: SimulationError.self) { try Simulation(configuration) }
  }

  @Test func `parts that are none are refused, with how they are written`() throws {
    for (word, value) in [
      ("crystal", "1G"), ("crystal", "50M"), ("clock", "none"), ("crystal32", "1"), ("pull", "A4=up"), ("pull", "PA4"),
      ("led", "PC13"), ("led", "D=PX1"), ("button", "B=PA16"), ("com", "PA3"), ("nrst", "yes"), ("vbus", "yes"),
      ("sdram", "bank=3"),
      ("sdram", "bank=1,rows=12,columns=8,banks=4"), ("sdram", "bank=1,bank=1,rows=12,columns=8,banks=4,width=16"),
      ("sram", "select=1,size=3M,width=16"),
    ] {
      #expect(throws: BoardPart.Failure.self, "\(word) \(value)") { try BoardPart(word, value) }
      #expect { try BoardPart(word, value) } throws: {
        ($0 as? BoardPart.Failure)?.text.contains("it is written") == true
      }
    }
    #expect(throws: BoardPart.Failure.self) { try BoardPart("fuse", "1A") }
  }
}
