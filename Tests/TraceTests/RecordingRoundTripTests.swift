import Basics
import LinkInterface
import TestSupport
import Testing
import Trace

/// What the recorder writes, read back.
@Suite struct RecordingRoundTripTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `what went over the cable is what is read back`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let options = RecorderOptions(startTime: .seconds(1_700_000_000), asksForDescriptors: false)
    let recorder = Recorder(probe, options: options, sink: sink.take)
    var expected: [Exchange] = []
    for _ in 0..<12 {
      let begin = probe.testClock.now
      let script = SessionScript.batch(&random)
      probe.answers.append(script.answer)
      let end = begin + script.answer.duration
      expected += script.exchanges(begin, end)
      let result = Result { () throws(LinkError) in try recorder.perform(script.transfers, within: .seconds(9)) }
      #expect(result == script.answer.result, "seed \(seed)")
      probe.testClock.wait(for: .microseconds(Int64.random(in: 1...5_000, using: &random)))
    }
    recorder.close()
    let session = try Capture.read(sink.bytes, choosing: .device(bus: 3, address: 17)).session
    let bulk = session.exchanges.filter { $0.request.endpointNumber != nil }
    #expect(bulk == expected, "seed \(seed)")
    #expect(session.identity?.productID == 0x374B)
    #expect(session.startTime == .seconds(1_700_000_000))
  }

  @Test func `descriptors come from the probe where it has them`() throws {
    let probe = AnsweringProbe()
    probe.descriptors = AnsweringProbe.sampleDescriptors
    probe.answer([[]])
    let sink = CaptureSink()
    let recorder = Recorder(probe, sink: sink.take)
    _ = try recorder.perform([.bulkOut(.output(1), [UInt8](0..<16))], within: .seconds(1))
    recorder.close()
    let session = try Capture.read(sink.bytes).session
    #expect(session.identity == probe.identity)
  }

  @Test func `descriptors come from the identity where the probe refuses`() throws {
    let probe = AnsweringProbe()
    probe.answer([[]])
    let sink = CaptureSink()
    let recorder = Recorder(probe, sink: sink.take)
    _ = try recorder.perform([.bulkOut(.output(1), [UInt8](0..<16))], within: .seconds(1))
    recorder.close()
    var identity = try #require(try Capture.read(sink.bytes).session.identity)
    #expect(identity.speed == .unknown, "no configuration descriptor is invented")
    identity.speed = .full
    #expect(identity == probe.identity)
  }

  @Test func `metadata from the head, from packets and from the end is read in order`() throws {
    let probe = AnsweringProbe()
    probe.answer([[]])
    let sink = CaptureSink()
    let mask = MaskRule("voltage", exchanges: 3...5, bytes: 0...7)
    let options = RecorderOptions(metadata: [MetadataEntry("command line", "write FILE"), mask.metadata])
    let recorder = Recorder(probe, options: options, sink: sink.take)
    recorder.note("chip", "STM32F207ZG")
    _ = try recorder.perform([.bulkOut(.output(1), [UInt8](0..<16))], within: .seconds(1))
    recorder.note("result", "verified: all")
    recorder.close()
    let session = try Capture.read(sink.bytes).session
    #expect(
      session.metadata == [
        MetadataEntry("command line", "write FILE"), MetadataEntry("chip", "STM32F207ZG"),
        MetadataEntry("result", "verified: all"),
      ])
    #expect(session.masks == [mask])
    #expect(session.value("chip") == "STM32F207ZG")
  }

  @Test func `a killed recording can be read up to its last block`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    let command = Transfer.bulkOut(.output(1), [UInt8](0..<16))
    probe.answer([[], [1]])
    _ = try recorder.perform([command, .bulkIn(.input(1), byteCount: 1)], within: .seconds(1))
    let before = sink.bytes.count
    probe.answer([[]])
    _ = try recorder.perform([command], within: .seconds(1))
    let submissionOnly = Array(sink.chunks.dropLast().joined())
    #expect(submissionOnly.count > before)
    let capture = try Capture.read(submissionOnly)
    #expect(capture.session.exchanges.last?.outcome == .unknown)
    #expect(capture.remarks == ["the capture does not show both ends of every transfer"])
  }

  @Test func `stalls cleared and resets are on record as control transfers`() throws {
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    try recorder.clearStall(on: .input(1))
    try recorder.reset()
    probe.controlError = LinkError(.gone)
    #expect(throws: LinkError.self) { try recorder.reset() }
    recorder.close()
    let session = try Capture.read(sink.bytes, choosing: .device(bus: 3, address: 17)).session
    let last = session.exchanges.suffix(3)
    #expect(
      last.map(\.request) == [
        .controlOut(ControlSetup(requestType: 0x02, request: 1, value: 0, index: 0x81, length: 0), []),
        .controlOut(ControlSetup(requestType: 0x00, request: 5, value: 17, index: 0, length: 0), []),
        .controlOut(ControlSetup(requestType: 0x00, request: 5, value: 17, index: 0, length: 0), []),
      ])
    #expect(
      last.map(\.outcome) == [
        .completed([]), .completed([]), .failed(USBStatus(rawValue: -108), partial: [], sent: 0),
      ])
  }

  @Test(arguments: [
    LinkError.Reason.timeout, .stall, .gone, .denied, .busy, .overflow, .closed,
    .other(code: -71, text: "EPROTO"),
  ])
  func `every failure keeps its kind through a recording`(reason: LinkError.Reason) {
    #expect(USBStatus(reason).reason == reason)
  }

  @Test func `statuses are named, and numbers without a name stay numbers`() {
    #expect(USBStatus.stall.name == "EPIPE")
    #expect(USBStatus(name: "EPIPE") == .stall)
    #expect(USBStatus(name: USBStatus(rawValue: -999).name)?.rawValue == -999)
    #expect(USBStatus(name: "nonsense") == nil)
    #expect(USBStatus(.other(code: 7, text: "")).rawValue == -5)
  }
}
