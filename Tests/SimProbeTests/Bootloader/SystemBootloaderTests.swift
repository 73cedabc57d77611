import LinkInterface
import Testing

@testable import SimProbe

/// The dialogues of AN3155 with the simulated bootloader, byte by byte.
@Suite struct SystemBootloaderTests {
  /// A board in its bootloader, with an adapter.
  private struct Bench {
    let simulation: Simulation
    let line: any SerialLine

    init(_ target: String = "stm32f412ce", parity: SerialSettings.Parity = .even, isSynchronised: Bool = true) throws {
      var configuration = SimulationConfiguration(target: target)
      configuration.bootMemory = .system
      simulation = try Simulation(configuration)
      line = simulation.makeSerialLine()
      try line.configure(SerialSettings(baudRate: 115_200, parity: parity))
      if isSynchronised { try #require(try ask("7F") == "79") }
    }

    var chip: Chip { simulation.board.chip }

    /// Sends bytes and takes what comes until nothing comes any more.
    func ask(_ text: String, for limit: Duration = .milliseconds(50)) throws -> String {
      let bytes = text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
      try line.send(bytes, within: .seconds(5))
      do throws(SerialError) {
        return Self.text(try line.receive(1000, within: limit))
      } catch {
        try #require(error.reason == .timeout)
        return Self.text(error.received)
      }
    }

    private static func text(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }
  }

  @Test func `the first character is answered once, two of them later are refused`() throws {
    let bench = try Bench()
    #expect(try bench.ask("7F") == "")
    #expect(try bench.ask("7F") == "1F")
    #expect(try bench.ask("7F 7F") == "1F")
  }

  @Test func `Get, Get Version and Get ID answer as in the application note`() throws {
    let bench = try Bench()
    #expect(try bench.ask("00 FF") == "79 0B 31 00 01 02 11 21 31 44 63 73 82 92 79")
    #expect(try bench.ask("01 FE") == "79 31 00 00 79")
    #expect(try bench.ask("02 FD") == "79 01 04 41 79")
    #expect(try bench.ask("02 FE") == "1F")
    #expect(try bench.ask("43 BC") == "1F", "the erase of the F1 is none of these chips'")
    #expect(try bench.ask("A1 5E") == "1F")
  }

  @Test func `memory is written and read, and bits only fall`() throws {
    let bench = try Bench()
    #expect(try bench.ask("31 CE") == "79")
    #expect(try bench.ask("08 00 01 00 09") == "79")
    #expect(try bench.ask("03 11 22 33 0F 0C") == "79")
    #expect(try bench.ask("31 CE") == "79")
    #expect(try bench.ask("08 00 01 00 09") == "79")
    #expect(try bench.ask("03 FF FF FF F0 0C") == "79")
    #expect(try bench.ask("11 EE") == "79")
    #expect(try bench.ask("08 00 01 00 09") == "79")
    #expect(try bench.ask("03 FC") == "79 11 22 33 00")
  }

  @Test func `addresses are refused that the bootloader keeps or does not know`() throws {
    let bench = try Bench()
    let refused = ["20 00 00 00 20", "00 00 00 00 00", "40 02 3C 00 7E", "1F FF 7A 10 8A", "1F FF 7A 22 B8"]
    for address in refused {
      #expect(try bench.ask("11 EE") == "79")
      #expect(try bench.ask(address) == "1F", "\(address)")
    }
    #expect(try bench.ask("11 EE") == "79")
    #expect(try bench.ask("08 00 00 00 09") == "1F", "a wrong checksum")
    // The identifier and the size lie behind an address that is not refused.
    #expect(try bench.ask("11 EE") == "79")
    #expect(try bench.ask("1F FF 7A 00 9A") == "79")
    let block = try bench.ask("FF 00", for: .milliseconds(100)).split(separator: " ")
    #expect(block.count == 257)
    #expect(block[1 + 0x22] == "00" && block[2 + 0x22] == "02", "512 KiB")
  }

  @Test func `Extended Erase takes sectors and whole flashes, and nothing in between`() throws {
    let bench = try Bench()
    bench.chip.flash.main.fill(0..<65_536, with: 0)
    #expect(try bench.ask("44 BB") == "79")
    #expect(try bench.ask("00 01 00 00 00 02 03", for: .seconds(2)) == "79")
    #expect(bench.chip.flash.main.byte(at: 0) == 0xFF)
    #expect(bench.chip.flash.main.byte(at: 0x4000) == 0)
    #expect(bench.chip.flash.main.byte(at: 0x8000) == 0xFF)
    for list in ["FF FD 02", "FF F5 0A", "00 00 00 0C 0C", "00 00 00 01 00"] {
      #expect(try bench.ask("44 BB") == "79")
      #expect(try bench.ask(list) == "1F", "\(list)")
    }
    #expect(try bench.ask("44 BB") == "79")
    #expect(try bench.ask("FF FF 00", for: .seconds(20)) == "79")
    #expect(bench.chip.flash.main.byte(at: 0x4000) == 0xFF)
  }

  @Test func `a protected sector is erased and programmed in vain, and acknowledged all the same`() throws {
    let bench = try Bench()
    bench.chip.flash.main.fill(0..<16, with: 0)
    #expect(try bench.ask("63 9C") == "79")
    #expect(try bench.ask("00 00 00", for: .seconds(3)) == "79")
    bench.simulation.run(for: .milliseconds(10))
    #expect(try bench.ask("7F") == "79", "the chip has reset itself")
    #expect(try bench.ask("44 BB") == "79")
    #expect(try bench.ask("00 00 00 00 00", for: .seconds(2)) == "79")
    #expect(bench.chip.flash.main.byte(at: 0) == 0)
    #expect(try bench.ask("73 8C", for: .seconds(3)) == "79 79")
  }

  @Test(arguments: [("stm32f412ce", "1F"), ("stm32f207zg", "1F 1F")])
  func `read protection leaves Get and Readout Unprotect, and some versions refuse twice`(
    name: String, refusal: String
  ) throws {
    let bench = try Bench(name)
    bench.chip.flash.main.fill(0..<16, with: 0)
    #expect(try bench.ask("82 7D", for: .seconds(3)) == "79 79")
    bench.simulation.run(for: .milliseconds(200))
    #expect(try bench.ask("7F") == "79")
    #expect(try bench.ask("11 EE") == refusal)
    #expect(try bench.ask("44 BB") == "1F")
    #expect(try bench.ask("02 FD").hasPrefix("79 01"))
    #expect(try bench.ask("92 6D", for: .seconds(40)) == "79 79")
    bench.simulation.run(for: .milliseconds(200))
    #expect(try bench.ask("7F") == "79")
    #expect(bench.chip.flash.main.byte(at: 0) == 0xFF)
  }

  @Test func `a missing parity is borne by the first character and by no other`() throws {
    let bench = try Bench(parity: .none, isSynchronised: false)
    #expect(try bench.ask("7F") == "79")
    _ = try bench.ask("00")
    #expect(try bench.ask("FF") == "1F")
  }

  @Test func `another first character than 0x7F leaves a rate at which nothing is understood`() throws {
    let bench = try Bench(isSynchronised: false)
    _ = try bench.ask("55")
    #expect(try bench.ask("7F") != "79")
    #expect(try !bench.ask("00 FF").hasPrefix("79 0B"))
  }

  @Test func `an earlier version answers a bad address with nothing`() throws {
    let bench = try Bench("stm32f207zg")
    bench.chip.bootloader.facts = try #require(BootloaderFacts.earlier.first { $0.facts.identifier == 0x20 }?.facts)
    #expect(try bench.ask("11 EE") == "79")
    #expect(try bench.ask("40 00 00 00 40") == "")
    #expect(try bench.ask("02 FD") == "79 01 04 11 79")
  }

  @Test func `Go loads stack pointer and program counter`() throws {
    let bench = try Bench("stm32f407vg")
    for (index, word) in ([0x2000_1000, 0x0800_0041] as [UInt32]).enumerated() {
      bench.chip.flash.main.store(word, .word, at: 4 * index)
    }
    bench.chip.flash.main.store(0xE7FE, .halfword, at: 0x40)
    #expect(try bench.ask("21 DE") == "79")
    #expect(try bench.ask("08 00 00 00 08") == "79")
    #expect(bench.simulation.programCounter == 0x0800_0040)
    #expect(bench.chip.core.registers[13] == 0x2000_1000)
    #expect(try bench.ask("00 FF") == "", "the bootloader is gone")
  }

  @Test func `a hardware watchdog does not bite while the bootloader waits`() throws {
    let bench = try Bench()
    bench.chip.flash.storedOptions.user &= ~(1 << 5)
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .seconds(1))
    #expect(try bench.ask("7F") == "79")
    bench.simulation.run(for: .seconds(60))
    #expect(try bench.ask("02 FD") == "79 01 04 41 79", "still synchronised")
  }

  @Test func `control lines reach BOOT0 and NRST where they are wired`() throws {
    var configuration = SimulationConfiguration(target: "stm32f412ce")
    configuration.serialWiring = SerialAdapterWiring(boot0: .rts, reset: .dtr)
    let simulation = try Simulation(configuration)
    let line = simulation.makeSerialLine()
    try line.configure(SerialSettings(baudRate: 115_200, parity: .even))
    #expect(!simulation.board.chip.bootloader.isExecuting)
    #expect(simulation.coreState == .inReset, "an opened port holds both lines low")
    try line.drive(.rts, active: false)
    simulation.run(for: .milliseconds(10))
    try line.drive(.dtr, active: false)
    simulation.run(for: .milliseconds(200))
    #expect(simulation.board.chip.bootloader.isExecuting)
    try line.send([0x7F], within: .seconds(1))
    #expect(try line.receive(1, within: .seconds(1)) == [0x79])
  }
}
