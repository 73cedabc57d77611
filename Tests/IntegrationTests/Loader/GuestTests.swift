import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// A loader that borrows RAM and core of a program which goes on afterwards: the program finds everything as it was.
@Suite("The loader as a guest")
struct GuestTests {
  /// Where the program stands when it is halted.
  enum Place: CaseIterable { case thread, handler }

  /// A chip whose program spins, with a state of every kind that a guest could disturb.
  private final class Bench {
    let bench: SimulatedBench
    private var chip: Chip { bench.simulation.board.chip }

    /// Enough for a guest to pay.
    static let flashByteCount = 70_000
    private static let tableOfSVC = 11
    private static let reset: UInt32 = 0x0800_0041
    private static let handler: UInt32 = 0x0800_0045

    init(_ target: String, _ place: Place, probe: String = "v2-1", seed: UInt64, faults: [String] = []) throws {
      var random = SeededGenerator(seed: seed)
      bench = try SimulatedBench(target) {
        $0.probeProfile = probe
        $0.faults = try faults.map { try Fault($0) }
      }
      var content = random.bytes(Self.flashByteCount)
      content.replaceSubrange(20_000..<40_000, with: repeatElement(0xFF, count: 20_000))
      let vectors = (0..<16).map { $0 == 0 ? 0x2000_4000 : $0 == Self.tableOfSVC ? Self.handler : Self.reset }
      content.replaceSubrange(
        0..<64, with: vectors.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } })
      // Either spins at once, or calls a handler that spins.
      let code: [UInt8] = place == .thread ? [0xFE, 0xE7, 0, 0xBF] : [0x00, 0xDF, 0, 0xBF]
      content.replaceSubrange(0x40..<0x48, with: code + [0xFE, 0xE7, 0, 0xBF])
      bench.setCells(at: 0, content)
      bench.simulation.board.cyclePower()
      bench.simulation.run(for: .milliseconds(5))
      for number in 0...12 { chip.core.writeTransferRegister(UInt32(number), random.next32()) }
      chip.core.writeTransferRegister(14, random.next32() | 1)
      if place == .thread { chip.core.writeTransferRegister(20, 0x0200_4000 | random.next32() & 1) }
      for address in stride(from: 0x2000_0000 as UInt32, to: 0x2000_2000, by: 4) { write(random.next32(), at: address) }
      // The CRC unit in the middle of a sum, its clock on or off; the timer and the protection unit on.
      write(read(0x4002_3830) | 1 << 12, at: 0x4002_3830)
      write(random.next32(), at: 0x4002_3000)
      if random.next() % 2 == 0 { write(read(0x4002_3830) & ~(1 << 12), at: 0x4002_3830) }
      write(0x00FF_FFFF, at: 0xE000_E014)
      write(5, at: 0xE000_E010)
      write(5, at: 0xE000_ED94)
      write(0x0700, at: 0x4002_3C00)
      write(0x0100_0000, at: 0xE000_EDFC)
      write(random.next32() % 2, at: 0xE000_1000)
    }

    /// A DMA stream that waits for its unit.
    func startDMA() {
      write(read(0x4002_3830) | 1 << 22, at: 0x4002_3830)
      for (offset, value) in [(0x14, 100), (0x18, 0x4001_1004), (0x1C, 0x2001_0000), (0x10, 1)] as [(UInt32, UInt32)] {
        write(value, at: 0x4002_6410 - 0x10 + offset)
      }
    }

    func write(_ value: UInt32, at address: UInt32) {
      _ = chip.bus.write(address, value, .word, by: .debugger)
    }

    private func read(_ address: UInt32) -> UInt32 {
      if case .done(let value, _) = chip.bus.read(address, .word, by: .debugger) { value } else { 0xDEAD_DEAD }
    }

    /// All that the program could find changed, by name; what counts time is left out.
    var state: [String: UInt32] {
      chip.synchronise()
      var state: [String: UInt32] = [:]
      for number in Array(0...14) + [16, 17, 18, 20] {
        state["register \(number)"] = chip.core.readTransferRegister(UInt32(number))
      }
      state["place"] = chip.core.programCounter
      for address in stride(from: 0x2000_0000 as UInt32, to: 0x2000_2000, by: 4) {
        state["RAM \(address)"] = read(address)
      }
      let clocks = read(0x4002_3830)
      state["AHB1ENR"] = clocks
      write(clocks | 1 << 12, at: 0x4002_3830)
      state["CRC_DR"] = read(0x4002_3000)
      write(clocks, at: 0x4002_3830)
      for (name, address) in [
        ("SYST_CSR", 0xE000_E010), ("MPU_CTRL", 0xE000_ED94), ("FLASH_ACR", 0x4002_3C00), ("FLASH_CR", 0x4002_3C10),
        ("DEMCR", 0xE000_EDFC), ("DWT_CTRL", 0xE000_1000), ("DHCSR", 0xE000_EDF0), ("VTOR", 0xE000_ED08),
      ] as [(String, UInt32)] {
        state[name] = name == "SYST_CSR" || name == "DHCSR" ? read(address) & 0xFFFF : read(address)
      }
      return state
    }

    var firmware: FirmwareImage? {
      FirmwareImage(address: 0x0800_0000, bytes: bench.cells(0..<Self.flashByteCount))
    }
  }

  private func differences(_ before: [String: UInt32], _ after: [String: UInt32]) -> [String] {
    before.keys.filter { before[$0] != after[$0] }.sorted()
  }

  /// What a session with a chip does.
  private func session(
    _ bench: Bench, _ options: SessionOptions = SessionOptions(), _ body: (TargetSession) throws -> Void
  ) throws -> (statement: ClosingStatement, warnings: [String]) {
    var warnings: [String] = []
    let session = TargetSession(probe: bench.bench.probe(), options: options) { event in
      if case .warning(let advice) = event { warnings.append("\(advice)") }
    }
    try session.open()
    do { try body(session) } catch {
      _ = session.close()
      throw error
    }
    return (session.close(), warnings)
  }

  @Test(arguments: Place.allCases, ["v2", "v2-1", "v3"])
  func `a program that is halted for a comparison or a read finds everything as it was`(
    place: Place, probe: String
  ) throws {
    for (seed, target) in [(1, "stm32f407vg"), (2, "stm32f429zi"), (3, "stm32f207zg"), (4, "stm32f412ce")]
      as [(UInt64, String)]
    {
      let bench = try Bench(target, place, probe: probe, seed: seed)
      let before = bench.state
      let image = try #require(bench.firmware)
      for verb in 0..<3 {
        let start = bench.bench.simulation.clock.now
        let (statement, warnings) = try session(bench) { session in
          switch verb {
          case 0: try session.verify(image)
          case 1:
            #expect(try session.read(address: 0x0800_0000, byteCount: Bench.flashByteCount) == image.segments[0].bytes)
          default:
            var wrong = image.segments[0].bytes
            wrong[60_001] ^= 1
            let other = try #require(FirmwareImage(address: 0x0800_0000, bytes: wrong))
            let error = #expect(throws: SessionError.self) { try session.verify(other) }
            #expect(error?.report.category == .verify)
          }
        }
        #expect(statement.problems == [] && !statement.wasReset && warnings == [], "\(target), seed \(seed)")
        #expect(differences(before, bench.state) == [], "\(verb), \(target), seed \(seed)")
        // Over the link alone it would be half a second, but for a V3.
        if verb == 0, probe != "v3" { #expect(bench.bench.simulation.clock.now - start < .milliseconds(300)) }
      }
    }
  }

  @Test func `whoever stops it at any moment has the program back`() throws {
    let counted = try Bench("stm32f407vg", .thread, seed: 5)
    let image = try #require(counted.firmware)
    _ = try session(counted) { try $0.verify(image) }
    let total = counted.bench.batchCount
    var stopped = 0
    for batch in stride(from: total / 4, through: total, by: 11) {
      let bench = try Bench("stm32f407vg", batch % 2 == 0 ? .thread : .handler, seed: UInt64(batch))
      let before = bench.state
      let interruption = Interruption()
      bench.bench.mishaps[batch] = .request(interruption)
      do {
        _ = try session(bench, SessionOptions(interruption: interruption)) { try $0.verify(image) }
      } catch let error as SessionError {
        #expect(error.report.category == .interrupted || error.report.category == .verify, "batch \(batch): \(error)")
        stopped += 1
      }
      #expect(differences(before, bench.state) == [], "batch \(batch) of \(total)")
    }
    #expect(stopped > 5)
  }

  @Test func `a reset in the middle of it starts the program anew, and says so`() throws {
    let counted = try Bench("stm32f407vg", .thread, seed: 6)
    let image = try #require(counted.firmware)
    _ = try session(counted) { try $0.verify(image) }
    let total = counted.bench.batchCount
    for batch in stride(from: total / 2, through: total - 20, by: 11) {
      let bench = try Bench("stm32f407vg", .thread, seed: 6)
      bench.bench.mishaps[batch] = .pulseReset
      _ = try? session(bench) { try $0.verify(image) }
      bench.bench.simulation.run(for: .milliseconds(5))
      #expect(bench.bench.simulation.board.chip.core.state == .running, "batch \(batch)")
      #expect((0x0800_0040...0x0800_0044).contains(bench.bench.simulation.board.chip.core.programCounter))
    }
  }

  @Test func `replies that get lost change nothing of that`() throws {
    let counted = try Bench("stm32f407vg", .thread, seed: 8)
    let image = try #require(counted.firmware)
    _ = try session(counted) { try $0.verify(image) }
    let total = counted.bench.simulation.device.transferCount
    for transfer in stride(from: total / 3, through: total, by: 41) {
      let bench = try Bench(
        "stm32f407vg", .handler, seed: UInt64(transfer), faults: ["reply-lost@transfer=\(transfer)"])
      let (before, firmware) = (bench.state, try #require(bench.firmware))
      let (statement, _) = try session(bench) { try $0.verify(firmware) }
      #expect(statement.problems == [] && !statement.wasReset, "transfer \(transfer)")
      #expect(differences(before, bench.state) == [], "transfer \(transfer) of \(total)")
    }
  }

  @Test func `a session that finds the loader of one that was torn off starts the program anew`() throws {
    let counted = try Bench("stm32f407vg", .thread, seed: 9)
    let image = try #require(counted.firmware)
    _ = try session(counted) { try $0.verify(image) }
    let bench = try Bench("stm32f407vg", .thread, seed: 9)
    bench.bench.mishaps[counted.bench.batchCount * 2 / 3] = .unplug
    #expect(throws: SessionError.self) { try session(bench) { try $0.verify(image) } }
    bench.bench.simulation.device.plugIn()
    let (statement, warnings) = try session(bench) { _ = try $0.read(address: 0x0800_0000, byteCount: 16) }
    #expect(statement.wasReset)
    #expect(warnings.contains { $0.contains("left its loader") }, "\(warnings)")
    bench.bench.simulation.run(for: .milliseconds(5))
    #expect(bench.bench.simulation.board.chip.core.programCounter == 0x0800_0040)
  }

  @Test func `a loader that has nothing to do while the link reads for long is still there afterwards`() throws {
    let bench = try Bench("stm32f407vg", .thread, probe: "v2-old", seed: 10)
    var random = SeededGenerator(seed: 10)
    bench.bench.setCells(at: Bench.flashByteCount, random.bytes(600_000))
    let before = bench.state
    var notes: [String] = []
    let session = TargetSession(probe: bench.bench.probe()) { event in
      if case .note(let advice) = event { notes.append("\(advice)") }
    }
    try session.open()
    let start = bench.bench.simulation.clock.now
    #expect(try session.read(address: 0x0800_0000, byteCount: 700_000) == bench.bench.cells(0..<700_000))
    #expect(bench.bench.simulation.clock.now - start > .seconds(11))
    session.close()
    #expect(!notes.contains { $0.contains("has failed") }, "\(notes)")
    #expect(differences(before, bench.state) == [])
  }

  @Test func `where DMA is at work the flash is read over the link`() throws {
    let bench = try Bench("stm32f407vg", .thread, seed: 7)
    bench.startDMA()
    let image = try #require(bench.firmware)
    let start = bench.bench.simulation.clock.now
    let (statement, _) = try session(bench) { try $0.verify(image) }
    #expect(statement.problems == [] && !statement.wasReset)
    #expect(bench.bench.simulation.clock.now - start > .milliseconds(450))
  }
}

extension SeededGenerator {
  /// A word by chance.
  fileprivate mutating func next32() -> UInt32 { UInt32(truncatingIfNeeded: next()) }
}
