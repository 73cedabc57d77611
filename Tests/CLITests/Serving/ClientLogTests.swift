import Engine
import LinkInterface
import SimProbe
import Testing

@testable import stflash

struct ClientLogTests {
  /// Keeps what it is told.
  private final class KeepingReporter: Reporter {
    var notes: [String] = []
    func report(_ event: OutputEvent) {
      if case .note(let text) = event { notes.append(text) }
    }
  }

  /// A program's end of a watched device.
  private struct Client {
    let device: WatchedVirtualDevice
    let log: ClientLog
    let reporter = KeepingReporter()

    init() throws {
      let simulation = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
      log = ClientLog(simulation, target: "board", reporter: reporter)
      device = WatchedVirtualDevice(simulation.makeUSBPort(), observer: log.take)
      _ = device.control(ControlSetup(requestType: 0, request: 9, value: 1, index: 0, length: 0), data: [])
    }

    @discardableResult func command(_ bytes: [UInt8], reply byteCount: Int) -> [UInt8] {
      let block = bytes + [UInt8](repeating: 0, count: 16 - bytes.count)
      #expect(device.send(block, to: .output(1)) == .complete)
      var reply: [UInt8] = []
      #expect(device.receive(atMost: byteCount, from: .input(1), into: &reply) == .complete)
      return reply
    }

    func write(_ address: UInt32, _ value: UInt32) {
      command([0xF2, 0x35] + bytes(address) + bytes(value), reply: 2)
    }

    private func bytes(_ word: UInt32) -> [UInt8] {
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }

  @Test func `each command is told when the next one shows that it is over`() throws {
    let client = try Client()
    client.command([0xF1], reply: 6)
    #expect(client.reporter.notes.isEmpty)
    client.command([0xF5], reply: 2)
    #expect(client.reporter.notes.count == 1)
    #expect(client.reporter.notes[0].hasPrefix("board 0.0"))
    #expect(client.reporter.notes[0].contains("GET_VERSION -> V2J37"))
  }

  @Test func `who asks the same thing again is not told again`() throws {
    let client = try Client()
    for _ in 0..<5 { client.command([0xF5], reply: 2) }
    let work = try #require(client.log.summary())
    #expect(client.reporter.notes.count == 2)
    #expect(client.reporter.notes[1] == "board ... again, 4 times")
    #expect(work.commandCount == 5)
  }

  @Test func `the summary tells what the flash did and what failed, and begins anew`() throws {
    let client = try Client()
    client.command([0xF2, 0x30, 0xA3], reply: 2)
    client.write(0x4002_3C04, 0x4567_0123)
    client.write(0x4002_3C04, 0xCDEF_89AB)
    client.write(0x4002_3C10, 0x0001_000A)
    // Longer than the erase of a sector takes.
    client.device.clock.wait(for: .seconds(1))
    client.write(0x4002_3C10, 0x0000_0201)
    client.write(0x0800_4000, 0x1234_5678)
    client.command([0xF2, 0x36, 0, 0, 0, 0x30], reply: 8)
    let work = try #require(client.log.summary())
    #expect(
      work.line.hasPrefix(
        "board: 7 commands in 1.00 s, erased 1 sector, programmed 4 bytes, 1 failed, the last was "
          + "READDEBUGREG 0x30000000"))
    #expect(client.log.summary() == nil)
    client.command([0xF5], reply: 2)
    #expect(client.log.summary()?.line.hasPrefix("board: 1 command in ") == true)
  }

  @Test func `the summaries' members are documented`() throws {
    let client = try Client()
    client.command([0xF5], reply: 2)
    let work = try #require(client.log.summary())
    let document = String(decoding: try FileSystem().read(SimulatedDesk.path("docs/json-events.md")), as: UTF8.self)
    let summary = ClientSummary(client: 1, commandCount: 2, work: [work])
    for member in work.members + summary.members { #expect(document.contains("`\(member.name)`"), "\(member.name)") }
    #expect(summary.lines == ["client 1 has gone after 2 requests", "  " + work.line])
  }
}
