import ArgumentParser
import Basics
import LinkInterface
import LinkServer
import SimProbe
import Testing
import Trace

@testable import stflash

/// What is on record of a device that other programs use.
struct RecordedVirtualDeviceTests {
  /// A device that answers as it is told.
  private final class Device: VirtualDevice {
    let descriptors = DeviceDescriptors(
      device: [18, 1, 0, 2, 0, 0, 0, 64, 0x83, 4, 0x4B, 0x37, 0, 1, 0, 0, 0, 1],
      configuration: [9, 2, 9, 0, 0, 1, 0, 0x80, 50])!
    let speed = USBSpeed.full
    let ownClock = Clock()
    var clock: any LinkClock { ownClock }
    let isPlugged = true
    let isClaimedElsewhere = false
    let busyUntil: Duration? = nil
    var answer = BulkAnswer.notReady
    var reply: [UInt8] = []
    var resets = 0

    func control(_ setup: ControlSetup, data: [UInt8]) -> ControlAnswer {
      ownClock.wait(for: .microseconds(50))
      return setup.request == 6 && setup.value == 0x0100 ? .complete(descriptors.device) : .stall
    }

    func send(_ data: [UInt8], to endpoint: Endpoint) -> BulkAnswer {
      ownClock.wait(for: .microseconds(50))
      return answer
    }

    func receive(atMost byteCount: Int, from endpoint: Endpoint, into received: inout [UInt8]) -> BulkAnswer {
      ownClock.wait(for: .microseconds(50))
      if answer != .notReady { received += reply }
      return answer
    }

    func reset() { resets += 1 }
  }

  private final class Clock: LinkClock {
    private(set) var now: Duration = .zero
    func wait(for duration: Duration) { now += duration }
  }

  private final class SilentReporter: Reporter {
    func report(_ event: OutputEvent) {}
  }

  private let desk = SimulatedDesk()
  private let device = Device()

  private var context: CommandContext {
    CommandContext(
      arguments: ["sim", "serve"], files: FileSystem(), bus: StandInBus(), reporter: SilentReporter(),
      verbosity: .normal, interruption: Interruption())
  }

  private func recorded() throws -> RecordedVirtualDevice {
    try RecordedVirtualDevice(
      device, target: "stm32f407vg", to: desk.directory.file("s.pcapng"), isRedacted: false, in: context)
  }

  /// The transfers on record but for those of the descriptors.
  private func exchanges() throws -> [Exchange] {
    let session = try Capture.read(desk.read("s.pcapng"), choosing: .device(bus: 1, address: 1)).session
    return session.exchanges.filter { exchange in
      if case .controlIn(let setup) = exchange.request { setup.request != 6 } else { true }
    }
  }

  @Test func `a request that is offered again and again is on record once, from the first offer to its end`() throws {
    let recorder = try recorded()
    let begin = device.clock.now
    var received: [UInt8] = []
    for _ in 0..<5 {
      #expect(recorder.receive(atMost: 4, from: .input(1), into: &received) == .notReady)
    }
    (device.answer, device.reply) = (.complete, [1, 2])
    #expect(recorder.receive(atMost: 4, from: .input(1), into: &received) == .complete)
    try recorder.finish()
    #expect(received == [1, 2])
    let exchange = try #require(try exchanges().first)
    #expect(try exchanges().count == 1)
    #expect(exchange.request == .bulkIn(.input(1), byteCount: 4))
    #expect(exchange.outcome == .completed([1, 2]))
    #expect(try #require(exchange.completed) - #require(exchange.submitted) == device.clock.now - begin)
  }

  @Test func `a request that its client took back is on record as cancelled`() throws {
    let recorder = try recorded()
    #expect(recorder.send([1], to: .output(2)) == .notReady)
    device.answer = .complete
    #expect(recorder.send([2, 3], to: .output(2)) == .complete)
    try recorder.finish()
    #expect(try exchanges().map(\.request) == [.bulkOut(.output(2), [1]), .bulkOut(.output(2), [2, 3])])
    #expect(try exchanges().map(\.outcome) == [.failed(.cancelled, partial: [], sent: 0), .completed([])])
  }

  @Test(arguments: [
    (BulkAnswer.stall, USBStatus.stall), (.overflow, USBStatus(.overflow)), (.silence, USBStatus(.gone)),
  ])
  func `a request that fails is on record with its failure`(answer: BulkAnswer, status: USBStatus) throws {
    let recorder = try recorded()
    device.answer = answer
    device.reply = [7]
    var received: [UInt8] = []
    #expect(recorder.receive(atMost: 4, from: .input(1), into: &received) == answer)
    #expect(
      recorder.control(ControlSetup(requestType: 0xC0, request: 1, value: 0, index: 0, length: 1), data: []) == .stall)
    try recorder.finish()
    #expect(
      try exchanges().map(\.outcome) == [
        .failed(status, partial: [7], sent: 0), .failed(.stall, partial: [], sent: 0),
      ])
  }

  @Test func `a reset passes and is on record`() throws {
    let recorder = try recorded()
    recorder.reset()
    try recorder.finish()
    #expect(device.resets == 1)
    let address = ControlSetup(requestType: 0, request: 5, value: 1, index: 0, length: 0)
    #expect(try exchanges().map(\.request) == [.controlOut(address, [])])
  }

  @Test func `what is on record can be read while the device is in use`() throws {
    let recorder = try recorded()
    device.answer = .complete
    _ = recorder.send([UInt8](repeating: 0xF5, count: 16), to: .output(1))
    #expect(try exchanges().map(\.outcome) == [.completed([])])
    try recorder.finish()
  }

  @Test func `what a served probe says is what the simulator answers again`() throws {
    let board = try desk.directory.write("secret.board", Array("board nucleo-f207zg\n".utf8))
    let options = try SimulatorsOptions.parse([
      "--sim", board, "--record", desk.directory.file("s.pcapng"), "--record-redact",
    ])
    let served = try options.served(in: context)
    let commands: [([UInt8], Int)] = [([0xF1, 0x80], 6), ([0xF5], 2), ([0xF2, 0x30, 0xA3], 2), ([0xF7], 8)]
    let port = served.devices[0].device
    for (command, count) in commands {
      #expect(port.send(command + [UInt8](repeating: 0, count: 16 - command.count), to: .output(1)) == .complete)
      var reply: [UInt8] = []
      while port.receive(atMost: count, from: .input(1), into: &reply) == .notReady {
        port.clock.wait(for: .microseconds(100))
      }
      #expect(reply.count == count)
    }
    try served.finish(in: context)
    let shown = desk.run("trace show --no-times @s.pcapng").output
    for name in ["GET_VERSION -> V2J37M27", "GET_CURRENT_MODE -> mass-storage mode", "ENTER SWD OK"] {
      #expect(shown.contains(name), "\(shown)")
    }
    #expect(shown.contains("# simulated: nucleo-f207zg"))
    #expect(!shown.contains("064BFF343339415043114433") && !shown.contains("secret"))
    #expect(desk.run("trace replay @s.pcapng --against sim:nucleo-f207zg").status == .success)
  }
}
