import Foundation
import LinkInterface
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// What a firmware says over ITM, through the simulated chip and probe to the engine's receiver.
@Suite struct SWOReceiverTests {
  /// A board that runs a firmware of firmware/tests, looked at while it runs, and what it has said.
  final class Listener {
    let bench: SimulatedBench
    let session: TargetSession
    var receiver: SWOReceiver
    var packets: [ITMPacket] = []

    private static let firmwareFolder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../firmware/tests")

    init(
      _ target: String, probe: String? = nil, firmware: String = "tracer.elf", faults: [String] = [],
      _ options: SWOOptions = SWOOptions()
    ) throws {
      let faults = try faults.map { try Fault($0) }
      bench = try SimulatedBench(target) {
        $0.probeProfile = probe
        $0.faults = faults
      }
      let file = try Data(contentsOf: Self.firmwareFolder.appending(path: firmware))
      let image = try FirmwareImage.read([UInt8](file), name: firmware)
      for segment in image.segments {
        bench.setCells(at: Int(segment.address - 0x0800_0000), segment.bytes)
      }
      bench.simulation.board.cyclePower()
      bench.simulation.run(for: .milliseconds(5))
      session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
      try session.open()
      let link = try #require(session.stlink)
      receiver = SWOReceiver(access: link, capture: link, device: try #require(session.device), options: options)
    }

    func listen(for duration: Duration, pause: Duration = .milliseconds(1)) throws {
      let clock = bench.probe().clock
      let end = clock.now + duration
      while clock.now < end {
        packets += try receiver.poll()
        clock.wait(for: pause)
      }
    }

    /// What came through port 0 as text.
    var text: String {
      String(
        decoding: packets.compactMap { packet -> UInt8? in
          if case .stimulus(0, let value, 1) = packet { UInt8(value) } else { nil }
        }, as: UTF8.self)
    }

    /// What came through port 1.
    var numbers: [ITMPacket] {
      packets.filter { if case .stimulus(1, _, _) = $0 { true } else { false } }
    }

    func register(_ address: UInt32) -> UInt32 {
      let answer = bench.simulation.board.chip.bus.read(address, .word, by: .debugger)
      return if case .done(let value, _) = answer { value } else { .max }
    }
  }

  @Test(arguments: ["v2", "v2-1", "v3"]) func `text and numbers come as they were written`(probe: String) throws {
    let listener = try Listener("stm32f407vg", probe: probe)
    try listener.receiver.start()
    listener.bench.pulseReset()
    try listener.listen(for: .milliseconds(45))
    #expect(listener.text.hasPrefix("hello over SWO\nbeat 1\nbeat 2\nbeat 3\n"), "\(listener.text)")
    #expect(
      listener.numbers.prefix(3) == [
        .stimulus(port: 1, value: 1, byteCount: 1), .stimulus(port: 1, value: 0x1201, byteCount: 2),
        .stimulus(port: 1, value: 0x1234_5601, byteCount: 4),
      ])
    try listener.receiver.stop()
    listener.session.close()
    #expect(listener.register(0xE000_EDFC) & 1 << 24 == 0, "the trace units are off again")
    #expect(listener.register(0xE004_2004) == 0, "DBGMCU_CR is as it was")
  }

  @Test func `a program that sets its PLL is followed`() throws {
    let listener = try Listener("stm32f4discovery", firmware: "tracer-pll.elf")
    let core = CoreControl(try #require(listener.session.stlink))
    try core.resetAndHalt()
    try listener.receiver.start()
    try core.run()
    try listener.listen(for: .milliseconds(60))
    #expect(listener.receiver.rate?.clockHertz == 84_000_000)
    #expect(listener.text.hasPrefix("hello over SWO\n"), "\(listener.text)")
    #expect(listener.text.contains("\nbeat 2\nbeat 3\nbeat 4\n"), "\(listener.text)")
    try listener.receiver.stop()
  }
}
