import Failures
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

  // MARK: What the DWT sends

  @Test func `exceptions, samples and their times come with the text`() throws {
    let options = SWOOptions(tracesExceptions: true, samplesProgramCounter: true, hasTimestamps: true)
    let listener = try Listener("nucleo-f446re", options)
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(60))
    let rate = try #require(listener.receiver.rate)
    #expect(rate.clockHertz == 16_000_000 && rate.baud == 2_000_000)
    #expect(listener.text.contains("beat "), "\(listener.text)")

    var profile = ProgramCounterProfile()
    for packet in listener.packets { profile.add(packet) }
    #expect(profile.sampleCount > 300 && profile.sleepCount == 0)
    #expect(profile.counts.keys.allSatisfy { (0x0800_0000..<0x0800_1000).contains($0) })
    let rows = profile.rows { _ in "tracer" }
    #expect(rows == [ProgramCounterProfile.Row(name: "tracer", count: profile.sampleCount)])

    var timeline = TraceTimeline(hasTimestamps: true)
    let entries = timeline.add(listener.packets, at: rate)
    let beats = entries.compactMap { entry -> Duration? in
      if case .exception(15, .entered) = entry.packet { entry.time } else { nil }
    }
    #expect(beats.count >= 20, "\(beats.count)")
    let pauses = zip(beats, beats.dropFirst()).map { $1 - $0 }
    #expect(pauses.allSatisfy { (.microseconds(700)...(.microseconds(1_300))).contains($0) }, "\(pauses)")
    #expect(CoreException(number: 15)?.description == "SysTick" && CoreException(number: 44)?.description == "IRQ 28")
    try listener.receiver.stop()
  }

  // MARK: Rates

  /// The receiver samples by its own clock: a little off it reads, far off it does not.
  @Test(arguments: [(16_320_000, true), (15_700_000, true), (17_600_000, false), (24_000_000, false)])
  func `a clock that is not HCLK is read as far as a serial port would`(hertz: Int, isRead: Bool) throws {
    let listener = try Listener("stm32f407vg", SWOOptions(clockHertz: hertz))
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(60))
    #expect(listener.text.contains("\nbeat ") == isRead, "\(listener.text)")
    #expect(listener.receiver.byteCount > 100)
    try listener.receiver.stop()
  }

  @Test func `rates beyond receiver and chip are refused before anything is touched`() throws {
    let fast = try Listener("stm32f407vg", SWOOptions(baud: 4_000_000))
    let count = fast.bench.sent.count
    #expect(throws: SWOError.tooFast(wanted: 4_000_000, fastest: 2_000_000)) { try fast.receiver.start() }
    #expect(fast.bench.sent.count == count)
    let slow = try Listener("stm32f407vg", SWOOptions(baud: 1_000))
    #expect(throws: SWOError.tooSlow(wanted: 1_000, clockHertz: 16_000_000)) { try slow.receiver.start() }
    #expect(slow.register(0xE004_2004) & 0xE0 == 0)
    let faster = try Listener("stm32f407vg", probe: "v3", SWOOptions(baud: 4_000_000))
    try faster.receiver.start()
    try faster.listen(for: .milliseconds(30))
    #expect(faster.text.contains("beat "))
    try faster.receiver.stop()
  }

  @Test func `a buffer that nobody empties in time is said to lack bytes, and the stream is found again`() throws {
    let listener = try Listener("stm32f407vg", SWOOptions(samplesProgramCounter: true))
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(400), pause: .milliseconds(130))
    #expect(listener.receiver.lossCount >= 2)
    listener.packets = []
    try listener.listen(for: .milliseconds(30))
    #expect(listener.text.contains("beat "))
    try listener.receiver.stop()
  }

  // MARK: What goes wrong

  @Test func `silence is explained by what the chip's registers tell`() throws {
    let listener = try Listener("stm32f407vg", faults: ["swo-not-wired"])
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(30))
    #expect(listener.packets == [] && listener.receiver.byteCount == 0)
    #expect(try listener.receiver.explainSilence() == .nothingWritten)
    let bus = listener.bench.simulation.board.chip.bus
    _ = bus.write(0xE000_0E00, 0, .word, by: .debugger)
    #expect(try listener.receiver.explainSilence() == .changedByProgram)
    // GPIOB gets its clock, and PB3 becomes an output.
    _ = bus.write(0x4002_3830, 0b10, .word, by: .debugger)
    _ = bus.write(0x4002_0400, 0x0000_0240, .word, by: .debugger)
    #expect(try listener.receiver.explainSilence() == .pinTaken)
    _ = bus.write(0xE004_2004, 0, .word, by: .debugger)
    #expect(try listener.receiver.explainSilence() == .unitsOff)
    try listener.receiver.stop()
  }

  @Test func `a pin that the program takes sends nothing more`() throws {
    let listener = try Listener("stm32f407vg")
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(20))
    #expect(listener.text.contains("beat "))
    let bus = listener.bench.simulation.board.chip.bus
    _ = bus.write(0x4002_3830, 0b10, .word, by: .debugger)
    _ = bus.write(0x4002_0400, 0x0000_0240, .word, by: .debugger)
    try listener.listen(for: .milliseconds(5))
    listener.packets = []
    try listener.listen(for: .milliseconds(30))
    #expect(listener.packets == [])
    try listener.receiver.stop()
  }

  @Test(arguments: ["trace-refused", "probe-old=10"]) func `a probe that cannot says so, and the chip is as it was`(
    fault: String
  ) throws {
    let listener = try Listener("stm32f407vg", faults: [fault])
    let error = #expect(throws: SWOError.self) { try listener.receiver.start() }
    #expect(error?.report.category == .probe)
    #expect(listener.register(0xE000_EDFC) & 1 << 24 == 0)
    #expect(listener.register(0xE004_2004) & 0xE0 == 0)
    #expect(try listener.receiver.poll() == [])
  }

  @Test func `everything that the program had set up is put back`() throws {
    let listener = try Listener("stm32f407vg")
    let bus = listener.bench.simulation.board.chip.bus
    let own: [(address: UInt32, value: UInt32)] = [
      (0xE000_EDFC, 1 << 24), (0xE000_0FB0, 0xC5AC_CE55), (0xE004_0010, 0x155), (0xE004_00F0, 1),
      (0xE000_0E00, 0x8000_0001),
      (0xE000_0E40, 0b1010), (0xE000_0E80, 0x0003_0201), (0xE000_1000, 0x0001_0001), (0xE000_0FB0, 0),
    ]
    for (address, value) in own { _ = bus.write(address, value, .word, by: .debugger) }
    let before = own.map { listener.register($0.address) }
    try listener.receiver.start()
    try listener.listen(for: .milliseconds(20))
    #expect(listener.register(0xE004_0010) == 7 && listener.text.contains("beat "))
    try listener.receiver.stop()
    try listener.receiver.stop()
    #expect(own.map { listener.register($0.address) } == before)
    #expect(listener.register(0xE000_0FB4) == 3, "the lock is closed again")
  }
}
