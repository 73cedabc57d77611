import Foundation
import LinkInterface
import Testing

@testable import SimProbe

/// The chip's own USB: firmware/tests/loopback.c on OTG FS, and a host at the other end of the cable.
@Suite struct ChipUSBTests {
  /// A board with the loopback device, and the socket for a host.
  private final class Bench {
    let bench: BoardBench
    let socket: ChipUSBSocket
    var device: OnTheGoController { socket.device }

    init(_ name: String = "stm32f4discovery", clock: ExternalClock? = nil) throws {
      bench = try BoardBench(name)
      let file = FirmwareTests.folder.appending(path: "loopback.bin")
      bench.chip.flash.main.replace(at: 0, with: [UInt8](try Data(contentsOf: file)))
      if let clock { bench.chip.clocks.connect(clock) }
      bench.board.cyclePower()
      socket = try #require(ChipUSBSocket(bench.chip))
    }

    /// Resets, suspends, wake-ups and packets that have gone round, as the device has counted them.
    func counts() -> [UInt8]? {
      let setup = ControlSetup(requestType: 0xC0, request: 1, value: 0, index: 0, length: 16)
      guard case .complete(let bytes) = socket.control(setup, data: []) else { return nil }
      return stride(from: 0, to: 16, by: 4).map { bytes[$0] }
    }

    func pass(milliseconds: UInt64) {
      bench.pass(milliseconds: milliseconds)
      bench.chip.synchronise()
    }

    func send(_ bytes: [UInt8]) -> BulkAnswer {
      var answer = socket.send(bytes, to: .output(1))
      for _ in 0..<5 where answer == .notReady {
        pass(milliseconds: 1)
        answer = socket.send(bytes, to: .output(1))
      }
      return answer
    }

    func receive(_ count: Int) -> (BulkAnswer, [UInt8]) {
      var bytes: [UInt8] = []
      let answer = socket.receive(atMost: count, from: .input(1), into: &bytes)
      return (answer, bytes)
    }
  }

  private static let halt = ControlSetup(requestType: 0x40, request: 2, value: 0, index: 0, length: 0)
  private static let clear = ControlSetup(requestType: 0x02, request: 1, value: 0, index: 0x81, length: 0)

  @Test(arguments: ["stm32f4discovery", "nucleo-f207zg", "nucleo-f446ze", "nucleo-f412zg", "32f469idiscovery"])
  func `a host enumerates the firmware's device`(board: String) throws {
    let bench = try Bench(board)
    #expect(!bench.socket.isPlugged)
    #expect(bench.socket.plugHostIn(for: .seconds(1)))
    let descriptors = bench.socket.descriptors
    #expect((descriptors.vendorID, descriptors.productID) == (0x1209, 0x0001))
    #expect(descriptors.interfaces.first?.endpoints == [.output(1), .input(1), .input(2)])
    guard case .complete(let product) = bench.socket.control(.stringDescriptor(2), data: []) else {
      Issue.record("no string")
      return
    }
    #expect(SimulatedProbe.text(product) == "Loopback")
    #expect(bench.counts()?.first == 2)
    #expect(bench.bench.chip.bus.peripherals.unmodelledAccesses.isEmpty)
    #expect(bench.bench.chip.powerMode == .sleep)
  }

  @Test func `packets go round in order, and a transfer of many is taken and given packet by packet`() throws {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    for length in [1, 63, 64, 7, 0] {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: 3 * $0 + length) }
      #expect(bench.send(bytes) == .complete)
      #expect(bench.receive(64) == (.complete, bytes))
    }
    // Nothing is there: NAK, for as long as the host likes to ask.
    #expect(bench.receive(64) == (.notReady, []))
    bench.socket.withdraw(from: .input(1))
    #expect(bench.counts() == [2, 1, 0, 5])
  }

  @Test func `an endpoint that is not served keeps the rest of a transfer until it is`() throws {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    let bytes = (0..<200).map { UInt8($0) }
    // One packet is taken; the device takes the next when the host has fetched it.
    #expect(bench.socket.send(bytes, to: .output(1)) == .notReady)
    var received: [UInt8] = []
    var answers: [BulkAnswer] = []
    for _ in 0..<20 where answers.last != .complete {
      bench.pass(milliseconds: 1)
      answers.append(bench.socket.receive(atMost: 200, from: .input(1), into: &received))
      if answers.count < 20 { _ = bench.socket.send(bytes, to: .output(1)) }
    }
    #expect(received == bytes)
  }

  @Test func `a halted endpoint answers STALL until the host clears it, and a request that nobody knows is one`() throws
  {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    #expect(bench.socket.control(Self.halt, data: []) == .complete([]))
    #expect(bench.receive(64) == (.stall, []))
    #expect(bench.socket.control(Self.clear, data: []) == .complete([]))
    #expect(bench.send([1, 2, 3]) == .complete)
    #expect(bench.receive(64) == (.complete, [1, 2, 3]))
    let unknown = ControlSetup(requestType: 0xC0, request: 0x77, value: 0, index: 0, length: 4)
    #expect(bench.socket.control(unknown, data: []) == .stall)
    #expect(bench.counts() != nil)
  }

  @Test func `frames pass once a millisecond, and an interrupt endpoint tells of them`() throws {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    func frame() -> UInt32 {
      var bytes: [UInt8] = []
      var answer = BulkAnswer.notReady
      for _ in 0..<20 where answer == .notReady {
        bench.pass(milliseconds: 1)
        answer = bench.socket.receive(atMost: 4, from: .input(2), into: &bytes)
      }
      return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    _ = frame()
    let first = frame()
    bench.pass(milliseconds: 100)
    // What it gives now it put there when the last one was fetched.
    _ = frame()
    let second = frame()
    #expect((100...112).contains(second - first))
  }

  @Test func `without 48 MHz there is a pull-up, and no answer`() throws {
    let bench = try Bench(clock: .crystal(7_000_000))
    #expect(!bench.socket.plugHostIn(for: .seconds(2)))
    #expect(bench.device.isPulledUp)
    #expect(bench.socket.absence == .wrongClock(hertz: 42_000_000))
    #expect(bench.socket.takeHostExchanges().map(\.answer) == [.silence, .silence, .silence])
  }

  @Test func `bus voltage that is sensed has to be wired`() throws {
    for board in ["blackpill-f411ce", "nucleo-f446re"] {
      let bench = try Bench(board, clock: .crystal(8_000_000))
      #expect(!bench.socket.plugHostIn(for: .seconds(1)))
      #expect(bench.socket.absence == .noBusVoltage)
    }
  }

  @Test func `a bus that the host puts to sleep is idle for the device, and goes on where it was`() throws {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    #expect(bench.counts() == [2, 1, 0, 0])
    bench.socket.suspend(true)
    bench.pass(milliseconds: 4)
    #expect(!bench.device.isSuspended)
    bench.pass(milliseconds: 10)
    #expect(bench.device.isSuspended)
    bench.socket.suspend(false)
    #expect(bench.counts() == [2, 2, 1, 0])
    // The device wakes the bus up by itself.
    bench.socket.suspend(true)
    bench.pass(milliseconds: 10)
    #expect(bench.device.isSuspended)
    let control = bench.bench.inside(0x5000_0804) ?? 0
    _ = bench.bench.chip.bus.write(0x5000_0804, control | 1, .word, by: .debugger)
    #expect(!bench.device.isSuspended)
    #expect(bench.counts() == [2, 3, 2, 0])
  }

  @Test func `a chip that is reset leaves the bus, and comes back as another device`() throws {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    #expect(bench.socket.plugCount == 1)
    bench.bench.chip.resetSystem(.software)
    bench.pass(milliseconds: 5)
    #expect(!bench.socket.isPlugged)
    #expect(bench.socket.awaitDevice(until: bench.bench.clock.nanoseconds + 1_000_000_000))
    #expect(bench.socket.plugCount == 2)
    // A host's reset is not that: the device keeps its place.
    bench.socket.reset()
    #expect(bench.socket.isPlugged)
    #expect(bench.socket.plugCount == 2)
    #expect(bench.send([9]) == .complete)
    #expect(bench.receive(64) == (.complete, [9]))
  }

  @Test func `a device that disconnects itself is gone, and a cable that is pulled takes the bus voltage along`() throws
  {
    let bench = try Bench()
    bench.socket.plugHostIn(for: .seconds(1))
    #expect(bench.bench.inside(0x5000_0000).map { $0 & 1 << 19 } == 1 << 19)
    let leave = ControlSetup(requestType: 0x40, request: 3, value: 0, index: 0, length: 0)
    #expect(bench.socket.control(leave, data: []) == .silence)
    #expect(!bench.socket.isPlugged)
    #expect(bench.socket.absence == .notSwitchedOn)
    bench.socket.pullHostOut()
    #expect(bench.bench.inside(0x5000_0000).map { $0 & 1 << 19 } == 0)
    // SEDET, the end of the session.
    #expect(bench.bench.inside(0x5000_0004).map { $0 & 1 << 2 } == 1 << 2)
  }

  @Test func `a chip without a cable spends no event on USB`() throws {
    let bench = try Bench()
    bench.pass(milliseconds: 20)
    bench.bench.chip.synchronise()
    #expect(bench.device.nextEvent == nil)
    #expect(bench.bench.chip.nextAppointment == nil)
  }
}
