import Basics
import LinkInterface
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
    let error = LinkError(.timeout, at: 1, of: [command, reply], completed: [[]], partial: [7])
    probe.fail(error)
    #expect(throws: error) { try recorder.perform([command, reply], within: .seconds(1)) }
    probe.controlError = LinkError(.gone)
    #expect(throws: LinkError(.gone)) { try recorder.clearStall(on: .input(1)) }
    #expect(throws: LinkError(.gone)) { try recorder.reset() }
  }

  @Test func `a control transfer ends at its own time and not at one of the batch before it`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    probe.answer([[], [1]])
    probe.completionTimes = [probe.clock.now + .microseconds(100), probe.clock.now + .microseconds(200)]
    _ = try recorder.perform([command, reply], within: .seconds(1))
    probe.clock.wait(for: .seconds(1))
    try recorder.clearStall(on: .input(1))
    try recorder.reset()
    recorder.close()
    let exchanges = try Capture.read(sink.bytes).session.exchanges
    let clear = ControlSetup(requestType: 2, request: 1, value: 0, index: 0x81, length: 0)
    #expect(exchanges.dropLast().suffix(3).map(\.request) == [command, reply, .controlOut(clear, [])])
    for exchange in exchanges {
      #expect(try #require(exchange.submitted) <= #require(exchange.completed), "\(exchange.request)")
    }
  }

  @Test(arguments: [true, false])
  func `submissions are written before the probe is asked, unless it is sure to answer`(isFirst: Bool) throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let options = RecorderOptions(asksForDescriptors: false, handsOverSubmissionsFirst: isFirst)
    let recorder = Recorder(probe, options: options, sink: sink.take)
    let before = sink.chunks.count
    probe.answer([[], [1]])
    _ = try recorder.perform([command, reply], within: .seconds(1))
    #expect(sink.chunks.count == before + (isFirst ? 2 : 1))
    let exchanges = try Capture.read(sink.bytes).session.exchanges
    #expect(exchanges.suffix(2).map(\.outcome) == [.completed([]), .completed([1])])
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

  @Test(arguments: [[0x41, 0xD800, 0x06, 0xDFFF, 0x12], [0x31], [0x0669, 0x2661, 0xFFFF]] as [[UInt16]])
  func `a serial that is no text is nowhere in a redacted recording either`(units: [UInt16]) throws {
    let serial = units.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    let descriptor = [UInt8(2 + serial.count), 3] + serial
    let probe = AnsweringProbe()
    probe.identity.serial = USBSerial(descriptor: descriptor)
    probe.descriptors = AnsweringProbe.sampleDescriptors
    probe.descriptors[0x0303] = descriptor
    let sink = CaptureSink()
    Recorder(probe, options: RecorderOptions(redactsSerial: true), sink: sink.take).close()
    let strings = try Capture.read(sink.bytes, choosing: .device(bus: 3, address: 17)).session.exchanges
      .filter { $0.request == .controlIn(.stringDescriptor(3)) }
    let zeros = units.flatMap { _ in [0x30, 0] as [UInt8] }
    #expect(strings.map(\.outcome) == [Exchange.Outcome.completed(descriptor.prefix(2) + zeros)])
  }

  @Test(arguments: [true, false])
  func `a serial is nowhere in a redacted recording`(isRaw: Bool) throws {
    let digits = "0669FF303435554157121019"
    let raw: [UInt8] = [0x06, 0x69, 0xFF, 0x30, 0x34, 0x35, 0x55, 0x41, 0x57, 0x12, 0x10, 0x19]
    let rawDescriptor: [UInt8] = [26, 3] + raw.flatMap { [$0, 0] as [UInt8] }
    let probe = AnsweringProbe()
    probe.identity.serial = isRaw ? USBSerial(descriptor: rawDescriptor) : USBSerial(text: digits)
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
