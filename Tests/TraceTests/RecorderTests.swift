import ProbeInterface
import Testing
import Trace

@Suite struct RecorderTests {
  private let command = Transfer.bulkOut(.output(1), [0xF1, 0x80])
  private let reply = Transfer.bulkIn(.input(1), byteCount: 6)

  @Test func `everything passes through to the probe and back`() throws {
    let probe = AnsweringProbe()
    let recorder = Recorder(probe, sink: CaptureSink().take)
    probe.answer([[], [1, 2, 3]])
    #expect(try recorder.perform([command, reply], within: .seconds(1)) == [[], [1, 2, 3]])
    #expect(probe.performed == [[command, reply]])
    #expect(recorder.identity == probe.identity)
    #expect(recorder.clock === probe.clock)
    try recorder.clearStall(on: .input(1))
    try recorder.reset()
    #expect(probe.resets == 1)
    recorder.close()
    #expect(probe.isClosed)
  }

  @Test func `the probe's errors pass through unchanged`() throws {
    let probe = AnsweringProbe()
    let recorder = Recorder(probe, sink: CaptureSink().take)
    let error = TransportError(.timeout, at: 1, of: [command, reply], completed: [[]], partial: [7])
    probe.fail(error)
    #expect(throws: error) { try recorder.perform([command, reply], within: .seconds(1)) }
    probe.controlError = TransportError(.gone)
    #expect(throws: TransportError(.gone)) { try recorder.clearStall(on: .input(1)) }
    #expect(throws: TransportError(.gone)) { try recorder.reset() }
  }

  @Test func `submissions are written before the probe is asked`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    let before = sink.chunks.count
    probe.answer([[], [1]])
    _ = try recorder.perform([command, reply], within: .seconds(1))
    #expect(sink.chunks.count == before + 2)
  }

  @Test func `a sink that fails ends the recording and not the session`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    #expect(recorder.failure == nil)
    sink.remainingChunks = 0
    probe.answer([[], [1]])
    probe.answer([[], [2]])
    _ = try recorder.perform([command, reply], within: .seconds(1))
    #expect(recorder.failure is CaptureSink.DiskFull)
    #expect(try recorder.perform([command, reply], within: .seconds(1)) == [[], [2]])
  }

  @Test func `after its end a recording grows no more`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, sink: sink.take)
    recorder.finish()
    let count = sink.chunks.count
    probe.answer([[], [1]])
    _ = try recorder.perform([command, reply], within: .seconds(1))
    recorder.finish()
    #expect(sink.chunks.count == count)
  }

  @Test(arguments: [true, false])
  func `a serial is nowhere in a redacted recording`(isRaw: Bool) throws {
    let digits = "0669FF303435554157121019"
    let raw: [UInt8] = [0x06, 0x69, 0xFF, 0x30, 0x34, 0x35, 0x55, 0x41, 0x57, 0x12, 0x10, 0x19]
    let rawDescriptor: [UInt8] = [26, 3] + raw.flatMap { [$0, 0] as [UInt8] }
    let probe = AnsweringProbe()
    probe.identity.serial = isRaw ? ProbeSerial(descriptor: rawDescriptor) : ProbeSerial(text: digits)
    probe.descriptors = AnsweringProbe.sampleDescriptors
    probe.descriptors[0x0303] = isRaw ? rawDescriptor : AnsweringProbe.string(digits)
    let sink = CaptureSink()
    let options = RecorderOptions(
      metadata: [MetadataEntry("command line", "write --serial \(digits.lowercased()) FILE")], redactsSerial: true)
    let recorder = Recorder(probe, options: options, sink: sink.take)
    let payload: [UInt8] = [1, 2] + raw + [3] + Array(digits.utf8)
    probe.answer([[], payload])
    #expect(try recorder.perform([command, reply], within: .seconds(1)) == [[], payload])
    recorder.note("serial", digits)
    recorder.close()
    let forms: [[UInt8]] = [
      raw, raw.flatMap { [$0, 0] as [UInt8] }, Array(digits.utf8), Array(digits.lowercased().utf8),
      digits.utf8.flatMap { [$0, 0] as [UInt8] },
    ]
    for form in forms {
      #expect(!sink.bytes.indices.contains { sink.bytes[$0...].starts(with: form) })
    }
  }
}
