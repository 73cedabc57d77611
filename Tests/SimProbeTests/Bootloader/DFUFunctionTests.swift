import LinkInterface
import Testing

@testable import SimProbe

/// The dialogues of AN3156 with the simulated bootloader, request by request.
@Suite struct DFUFunctionTests {
  /// A board in its bootloader, with a host at its own USB socket.
  private struct Bench {
    let simulation: Simulation
    let socket: BoardUSBSocket

    init(_ target: String = "stm32f412ce") throws {
      var configuration = SimulationConfiguration(target: target)
      configuration.bootMemory = .system
      simulation = try Simulation(configuration)
      socket = try #require(simulation.makeUSBSocket())
    }

    var chip: Chip { simulation.board.chip }

    private func perform(_ type: UInt8, _ request: UInt8, _ value: UInt16, _ length: Int, _ data: [UInt8]) -> String {
      let setup = ControlSetup(
        requestType: type, request: request, value: value, index: 0, length: UInt16(length))
      return switch socket.control(setup, data: data) {
      case .complete(let bytes): Self.text(bytes)
      case .stall: "STALL"
      case .silence: "gone"
      }
    }

    func download(_ block: UInt16, _ text: String = "") -> String { download(block, Self.bytes(text)) }
    func download(_ block: UInt16, _ bytes: [UInt8]) -> String { perform(0x21, 1, block, bytes.count, bytes) }
    func upload(_ block: UInt16, _ count: Int) -> String { perform(0xA1, 2, block, count, []) }
    func order(_ request: UInt8) -> String { perform(0x21, request, 0, 0, []) }
    func select(_ alternate: UInt16) -> String { perform(0x01, 11, alternate, 0, []) }
    func string(_ number: UInt16) -> String { perform(0x80, 6, 0x0300 | number, 255, []) }
    /// Status and state of GETSTATUS.
    func status() -> String {
      let bytes = Self.bytes(perform(0xA1, 3, 0, 6, []))
      return bytes.count == 6 ? "\(bytes[0]) \(bytes[4])" : "gone"
    }
    /// The poll time of GETSTATUS, in milliseconds.
    func pollTime() -> Int {
      let bytes = Self.bytes(perform(0xA1, 3, 0, 6, []))
      return Int(bytes[1]) | Int(bytes[2]) << 8 | Int(bytes[3]) << 16
    }
    /// A command from its begin to its end.
    func command(_ text: String) -> String { "\(download(0, text)) \(status()) \(status())" }

    private static func bytes(_ text: String) -> [UInt8] {
      text.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }

    private static func text(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
    }
  }

  @Test func `a download of dfu-util goes as it was captured`() throws {
    let bench = try Bench()
    bench.chip.flash.main.replace(at: 0, with: [UInt8](repeating: 0, count: 100))
    let image = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7 + 1) }
    #expect(bench.select(0) == "")
    #expect(bench.status() == "10 10", "the first host finds errFIRMWARE")
    #expect(bench.order(4) == "")
    #expect(bench.status() == "0 2")
    #expect(bench.command("41 00 00 00 08") == " 0 4 0 5")
    for (index, range) in [0..<2048, 2048..<4096, 4096..<5000].enumerated() {
      #expect(bench.command("21 00 \(["00", "08", "10"][index]) 00 08") == " 0 4 0 5")
      #expect(bench.download(2, Array(image[range])) == "")
      #expect(bench.status() == "0 4")
      #expect(bench.status() == "0 5")
    }
    #expect(bench.order(6) == "")
    #expect(bench.status() == "0 2")
    #expect(bench.command("21 00 00 00 08") == " 0 4 0 5")
    #expect(bench.download(2) == "")
    #expect(bench.status() == "0 7")
    bench.simulation.run(for: .milliseconds(5))
    #expect(bench.status() == "gone")
    #expect(bench.simulation.flashContents(0..<5000) == image)
  }

  @Test func `an upload of dfu-util goes as it was captured, with a short last block by its running number`() throws {
    let bench = try Bench()
    let image = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 11 + 3) }
    bench.chip.flash.main.replace(at: 0, with: image)
    _ = bench.order(4)
    #expect(bench.command("21 00 00 00 08") == " 0 4 0 5")
    #expect(bench.upload(2, 4) == "STALL", "only out of the idle state")
    #expect(bench.status() == "15 10")
    _ = bench.order(4)
    let text = [(2, 2048), (3, 2048), (4, 904)].map { bench.upload(UInt16($0), $1) }.joined(separator: " ")
    #expect(text.split(separator: " ").compactMap { UInt8($0, radix: 16) } == image)
    #expect(bench.status() == "0 9")
    #expect(bench.order(6) == "")
    #expect(bench.upload(0, 4) == "00 21 41 92")
  }

  @Test func `what is no command, no block and no address is refused`() throws {
    let bench = try Bench()
    #expect(bench.download(0, "21 00 00 00 08") == "STALL", "the error has not been cleared")
    _ = bench.order(4)
    #expect(bench.download(1, "00 00") == "STALL")
    #expect(bench.status() == "15 10")
    _ = bench.order(4)
    #expect(bench.command("77") == " 0 4 15 10")
    _ = bench.order(4)
    #expect(bench.command("21 00 00 00 60") == " 0 4 1 10")
    _ = bench.order(4)
    #expect(bench.command("41 00 00 00 20") == " 0 4 1 10", "RAM is not erased")
    _ = bench.order(4)
    #expect(bench.select(4) == "STALL")
  }

  @Test func `read protection leaves little more than to take it off`() throws {
    let bench = try Bench("stm32f446re")
    bench.chip.flash.main.replace(at: 0, with: [1, 2, 3])
    _ = bench.order(4)
    #expect(bench.select(1) == "")
    #expect(bench.command("21 00 C0 FF 1F") == " 0 4 0 5")
    #expect(bench.download(2, "EC 00 FF FF FF FF FF FF FF FF FF FF FF FF FF FF") == "")
    #expect(bench.status() == "0 4")
    #expect(bench.status() == "gone", "the chip has reset itself")
    bench.simulation.run(for: .milliseconds(600))
    #expect(bench.chip.flash.readProtectionLevel == 1)
    _ = bench.order(4)
    #expect(bench.command("21 00 00 00 08") == " 0 4 0 5", "the pointer may be set")
    _ = bench.order(6)
    #expect(bench.upload(2, 4) == "STALL")
    #expect(bench.status() == "11 10")
    _ = bench.order(4)
    #expect(bench.command("41 00 00 00 08") == " 0 4 11 10")
    _ = bench.order(4)
    #expect(bench.download(0, "92") == "")
    #expect(bench.status() == "0 4")
    #expect(bench.status() == "gone")
    bench.simulation.run(for: .milliseconds(600))
    #expect(bench.chip.flash.readProtectionLevel == 0)
    #expect(bench.simulation.flashContents(0..<3) == [0xFF, 0xFF, 0xFF])
  }

  @Test func `poll times are the data sheet's, but for what erases everything`() throws {
    let bench = try Bench()
    _ = bench.order(4)
    _ = bench.download(0, "41 00 00 02 08")
    let sector = bench.pollTime()
    #expect((1000...4000).contains(sector))
    let started = bench.simulation.time
    #expect(bench.status() == "0 5", "who asks early is answered when it has ended")
    #expect(bench.simulation.time - started > .milliseconds(sector * 8 / 10))
    _ = bench.download(2, [UInt8](repeating: 0, count: 2048))
    #expect(bench.pollTime() == 33, "2048 pulses of 16 us")
    _ = bench.status()
    _ = bench.download(0, "41")
    #expect(bench.pollTime() == 100)
  }

  @Test(arguments: [
    ("stm32f407vg", "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"),
    ("stm32f407ve", "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,03*128Kg"),
    ("stm32f401cb", "@Internal Flash  /0x08000000/04*016Kg,01*064Kg"),
    ("stm32f413zh", "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,11*128Kg"),
    (
      "stm32f469ni",
      "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*016Kg,01*064Kg,07*128Kg"
    ),
  ])
  func `the flash is named with its sectors`(chip: String, name: String) throws {
    let bench = try Bench(chip)
    let body = name.utf16.map { ["\(String($0, radix: 16, uppercase: true))", "00"].joined(separator: " ") }
    #expect(bench.string(4).split(separator: " ").dropFirst(2).joined(separator: " ") == body.joined(separator: " "))
  }

  @Test func `the F42x's longest string says 166 and ends after 112 bytes`() throws {
    let text = try Bench("stm32f429zi").string(4).split(separator: " ")
    #expect(text.first == "A6")
    #expect(text.count == 112)
  }

  @Test func `descriptors are those of a genuine chip`() throws {
    let bench = try Bench()
    let configuration: [UInt8] =
      [0x09, 0x02, 0x36, 0x00, 0x01, 0x01, 0x00, 0xC0, 0x32]
      + (0...3).flatMap { [0x09, 0x04, 0x00, $0, 0x00, 0xFE, 0x01, 0x02, 4 + $0] as [UInt8] }
      + [0x09, 0x21, 0x0B, 0xFF, 0x00, 0x00, 0x08, 0x1A, 0x01]
    #expect(bench.socket.descriptors.configuration == configuration)
    #expect(bench.socket.descriptors.productID == 0xDF11)
    #expect(bench.socket.descriptors.deviceRelease == 0x2200)
    let id: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    bench.chip.bus.uniqueID = id
    #expect(bench.string(3) == "1A 03 30 00 43 00 30 00 45 00 30 00 41 00 30 00 41 00 30 00 38 00 30 00 37 00")
  }

  @Test func `USB and the serial ports exclude each other`() throws {
    let bench = try Bench()
    let line = bench.simulation.makeSerialLine()
    try line.configure(SerialSettings(baudRate: 115_200, parity: .even))
    try line.send([0x7F], within: .seconds(1))
    #expect(throws: SerialError.self) { try line.receive(1, within: .milliseconds(50)) }

    var configuration = SimulationConfiguration(target: "stm32f412ce")
    configuration.bootMemory = .system
    let other = try Simulation(configuration)
    let first = other.makeSerialLine()
    try first.configure(SerialSettings(baudRate: 115_200, parity: .even))
    try first.send([0x7F], within: .seconds(1))
    #expect(try first.receive(1, within: .milliseconds(50)) == [0x79])
    #expect(other.makeUSBSocket() == nil)
  }

  @Test(arguments: [("crystal-absent", false), ("dfu-crystal", false), ("boot0-high", true)])
  func `without 48 MHz nothing shows itself`(fault: String, isThere: Bool) throws {
    var configuration = SimulationConfiguration(target: "stm32f411re")
    configuration.bootMemory = .system
    configuration.faults = [try Fault(fault)]
    #expect((try Simulation(configuration).makeUSBSocket() != nil) == isThere)
  }
}
