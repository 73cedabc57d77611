import Engine
import LinkInterface
import TestSupport
import Testing
import Trace

/// Sessions on simulated boards, recorded and replayed through the engine.
@Suite("Recorded sessions")
struct RecordAndReplayTests {
  private func firmware(_ byteCount: Int) throws -> FirmwareImage {
    var random = SeededGenerator(seed: 11)
    return try #require(
      FirmwareImage(address: 0x0800_0000, bytes: [0, 0x40, 0, 0x20, 1, 2, 0, 8] + random.bytes(byteCount - 8)))
  }

  /// Writes and verifies a firmware; returns what the engine says of it.
  private func write(_ firmware: FirmwareImage, through probe: any USBDevice) throws -> [String] {
    let session = TargetSession(probe: probe)
    try session.open()
    let plan = try session.plan(writing: firmware)
    try session.execute(plan)
    let statement = session.close()
    return [session.device?.name ?? "", "\(plan.erasedSectors.map(\.number))"] + statement.lines
  }

  private func record(_ target: String, _ firmware: FirmwareImage) throws -> (file: [UInt8], said: [String]) {
    let bench = try SimulatedBench(target)
    bench.setCells(at: 0, [0x5A])
    var file: [UInt8] = []
    let recorder = Recorder(bench.probe()) { file += $0 }
    let said = try write(firmware, through: recorder)
    recorder.finish()
    #expect(recorder.failure == nil)
    return (file, said)
  }

  @Test(arguments: ["nucleo-f207zg", "stm32f407vg", "stm32f429zi"])
  func `a recorded write replays with the same words and nothing left over`(target: String) throws {
    let firmware = try firmware(6_000)
    let recording = try record(target, firmware)
    let capture = try Capture.read(recording.file)
    #expect(capture.remarks.isEmpty)
    let replayer = Replayer(capture.session)
    #expect(try write(firmware, through: replayer) == recording.said)
    #expect(replayer.leftOver == nil)
    #expect(replayer.clock.now >= capture.session.duration)
  }

  @Test func `the text of a recording replays too`() throws {
    let firmware = try firmware(2_000)
    let recording = try record("stm32f407vg", firmware)
    let text = try Capture.read(recording.file).session.text
    let replayer = Replayer(try Capture.read(Array(text.utf8)).session)
    #expect(try write(firmware, through: replayer) == recording.said)
    #expect(replayer.leftOver == nil)
  }

  @Test func `another firmware diverges where its bytes do`() throws {
    let recorded = try firmware(2_000)
    let replayer = Replayer(try Capture.read(try record("stm32f407vg", recorded).file).session)
    var bytes = recorded.segments[0].bytes
    bytes[1_000] ^= 0xFF
    let other = try #require(FirmwareImage(address: 0x0800_0000, bytes: bytes))
    #expect(throws: SessionError.self) { try write(other, through: replayer) }
    guard case .byte(_, let expected, let got) = replayer.divergence?.difference else {
      Issue.record("\(replayer.divergence?.description ?? "no divergence")")
      return
    }
    #expect(expected == recorded.segments[0].bytes[1_000])
    #expect(got == ~expected)
  }
}
