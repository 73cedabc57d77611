import Foundation
import LinkInterface
import Testing

@testable import SimProbe

/// The chip's own USB in this process: a `USBDevice` in front of firmware/tests/loopback.c.
@Suite struct SimulatedChipDeviceTests {
  private final class Bench {
    let bench: BoardBench
    let socket: ChipUSBSocket
    let device: SimulatedChipDevice

    init() throws {
      bench = try BoardBench("stm32f4discovery")
      let file = FirmwareTests.folder.appending(path: "loopback.bin")
      bench.chip.flash.main.replace(at: 0, with: [UInt8](try Data(contentsOf: file)))
      bench.board.cyclePower()
      socket = try #require(ChipUSBSocket(bench.chip))
      #expect(socket.plugHostIn(for: .seconds(1)))
      device = SimulatedChipDevice(socket)
    }
  }

  private static let echo: [Transfer] = [
    .bulkOut(.output(1), [1, 2, 3]), .bulkIn(.input(1), byteCount: 64),
  ]

  @Test func `a batch goes to the firmware and comes back, and the device says what it is`() throws {
    let bench = try Bench()
    #expect(bench.device.identity.product == "Loopback")
    #expect(bench.device.identity.vendorID == 0x1209)
    #expect(try bench.device.perform(Self.echo, within: .seconds(1)) == [[], [1, 2, 3]])
    #expect(bench.device.completionTimes.count == 2)
  }

  @Test func `what does not come is a timeout after exactly the time that was asked for, and is taken back`() throws {
    let bench = try Bench()
    let begin = bench.device.clock.now
    let failure = #expect(throws: LinkError.self) {
      try bench.device.perform([.bulkIn(.input(1), byteCount: 64)], within: .milliseconds(20))
    }
    #expect(failure?.reason == .timeout)
    #expect((.milliseconds(20)...(.milliseconds(22))).contains(bench.device.clock.now - begin))
    // Nobody waits there any more who would take the next answer.
    #expect(try bench.device.perform(Self.echo, within: .seconds(1)) == [[], [1, 2, 3]])
  }

  @Test func `STALL is told and cleared, and a device that has reset itself is gone until a reset finds it again`()
    throws
  {
    let bench = try Bench()
    let halt = ControlSetup(requestType: 0x40, request: 2, value: 0, index: 0, length: 0)
    _ = try bench.device.perform([.controlOut(halt, [])], within: .seconds(1))
    let stalled = #expect(throws: LinkError.self) {
      try bench.device.perform([.bulkIn(.input(1), byteCount: 64)], within: .seconds(1))
    }
    #expect(stalled?.reason == .stall)
    try bench.device.clearStall(on: .input(1))
    #expect(try bench.device.perform(Self.echo, within: .seconds(1)) == [[], [1, 2, 3]])
    bench.bench.chip.resetSystem(.software)
    bench.bench.pass(milliseconds: 2)
    let gone = #expect(throws: LinkError.self) { try bench.device.perform(Self.echo, within: .seconds(1)) }
    #expect(gone?.reason == .gone)
    try bench.device.reset()
    #expect(try bench.device.perform(Self.echo, within: .seconds(1)) == [[], [1, 2, 3]])
    bench.device.close()
    let closed = #expect(throws: LinkError.self) { try bench.device.perform(Self.echo, within: .seconds(1)) }
    #expect(closed?.reason == .closed)
  }
}
