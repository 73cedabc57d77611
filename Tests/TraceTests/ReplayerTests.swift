import LinkInterface
import TestSupport
import Testing
import Trace

@Suite struct ReplayerTests {
  private let output = Endpoint.output(1)
  private let input = Endpoint.input(1)
  private let version = Transfer.bulkOut(.output(1), [0xF1, 0x80])
  private let mode = Transfer.bulkOut(.output(1), [0xF5, 0x00])

  private func done(_ request: Transfer, _ reply: [UInt8] = [], at milliseconds: Int = 0) -> Exchange {
    Exchange(request, .completed(reply), submitted: .zero, completed: .milliseconds(milliseconds))
  }

  private func asking(_ byteCount: Int) -> Transfer { .bulkIn(input, byteCount: byteCount) }

  private var session: Recording {
    Recording(exchanges: [
      done(version, at: 1), done(asking(6), [1, 2, 3, 4, 5, 6], at: 2), done(mode, at: 10),
      done(asking(2), [2, 0], at: 12),
    ])
  }

  private func expectDivergence(
    _ difference: Divergence.Difference, at exchange: Int, of total: Int, _ replayer: Replayer,
    _ transfers: [Transfer]
  ) {
    let expected = Divergence(exchange: exchange, of: total, difference)
    do throws(LinkError) {
      _ = try replayer.perform(transfers, within: .seconds(1))
      Issue.record("no divergence")
    } catch {
      #expect(error.reason == .divergence(expected.description))
    }
  }

  // MARK: Strict

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `a recorded session replays with the same answers, failures and times`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let probe = AnsweringProbe()
    let sink = CaptureSink()
    let recorder = Recorder(probe, options: RecorderOptions(asksForDescriptors: false), sink: sink.take)
    var batches: [(script: SessionScript.Batch, end: Duration)] = []
    for _ in 0..<15 {
      let script = SessionScript.batch(&random)
      probe.answers.append(script.answer)
      _ = Result { () throws(LinkError) in try recorder.perform(script.transfers, within: .seconds(9)) }
      batches.append((script, probe.testClock.now))
    }
    recorder.close()
    let capture = try Capture.read(sink.bytes, choosing: .device(bus: 3, address: 17))
    let replayer = Replayer(capture.session)
    for (index, batch) in batches.enumerated() {
      let result = Result { () throws(LinkError) in
        try replayer.perform(batch.script.transfers, within: .seconds(9))
      }
      #expect(result == batch.script.answer.result, "seed \(seed), batch \(index)")
      #expect(replayer.clock.now == batch.end, "seed \(seed), batch \(index)")
    }
    #expect(replayer.leftOver == nil)
    #expect(replayer.divergence == nil)
    #expect(replayer.identity.productID == 0x374B)
  }

  @Test func `another byte is a divergence with operation, byte and both values`() {
    let replayer = Replayer(session)
    expectDivergence(
      .byte(offset: 1, expected: 0x80, got: 0x81), at: 0, of: 4, replayer, [.bulkOut(output, [0xF1, 0x81])])
    #expect(replayer.divergence?.description == "transfer 1 of 4: byte 1: expected 0x80, got 0x81")
  }

  @Test func `after a divergence every call fails with the first one`() {
    let replayer = Replayer(session)
    let first = Divergence.Difference.length(expected: 2, got: 3)
    expectDivergence(first, at: 0, of: 4, replayer, [.bulkOut(output, [0xF1, 0x80, 0])])
    expectDivergence(first, at: 0, of: 4, replayer, [version])
    #expect(throws: LinkError.self) { try replayer.clearStall(on: input) }
    #expect(throws: LinkError.self) { try replayer.reset() }
  }

  @Test func `the transfers before a divergence keep their answers`() {
    let replayer = Replayer(session)
    let batch = [version, asking(6), mode, asking(3)]
    do throws(LinkError) {
      _ = try replayer.perform(batch, within: .seconds(1))
      Issue.record("no divergence")
    } catch {
      #expect(error.transferIndex == 3)
      #expect(error.transfer == asking(3))
      #expect(error.completed == [[], [1, 2, 3, 4, 5, 6], []])
      #expect(replayer.divergence?.difference == .length(expected: 2, got: 3))
    }
  }

  @Test func `another kind of transfer or another endpoint is a divergence in words`() {
    expectDivergence(
      .transfer(expected: "2 bytes to endpoint 0x01 (f1 80)", got: "a request for 6 bytes from endpoint 0x81"),
      at: 0, of: 4, Replayer(session), [asking(6)])
    expectDivergence(
      .transfer(
        expected: "2 bytes to endpoint 0x01 (f1 80)",
        got: "20 bytes to endpoint 0x02 (00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 …)"),
      at: 0, of: 4, Replayer(session), [.bulkOut(.output(2), [UInt8](repeating: 0, count: 20))])
  }

  @Test func `asking beyond the end is a divergence`() throws {
    let replayer = Replayer(session)
    _ = try replayer.perform([version, asking(6), mode, asking(2)], within: .seconds(1))
    #expect(replayer.leftOver == nil)
    expectDivergence(.end(got: "2 bytes to endpoint 0x01 (f5 00)"), at: 4, of: 4, replayer, [mode])
  }

  @Test func `what is left of the recording is told at the end`() throws {
    let replayer = Replayer(session)
    _ = try replayer.perform([version, asking(6)], within: .seconds(1))
    #expect(
      replayer.leftOver
        == Divergence(exchange: 2, of: 4, .leftOver(count: 2, next: "2 bytes to endpoint 0x01 (f5 00)")))
    #expect(replayer.replayedCount == 2)
    #expect(replayer.leftOver?.description.contains("2 recorded transfers are left") == true)
  }

  @Test func `a transfer whose end the recording does not show is a divergence`() {
    let session = Recording(exchanges: [Exchange(version, .unknown)])
    expectDivergence(.unknownOutcome, at: 0, of: 1, Replayer(session), [version])
  }

  @Test func `time comes from the recording and waiting adds to it`() throws {
    let replayer = Replayer(session)
    #expect(replayer.clock.now == .zero)
    _ = try replayer.perform([version, asking(6)], within: .seconds(1))
    #expect(replayer.clock.now == .milliseconds(2))
    replayer.clock.wait(for: .milliseconds(50))
    replayer.clock.wait(for: .milliseconds(-5))
    #expect(replayer.clock.now == .milliseconds(52))
    _ = try replayer.perform([mode, asking(2)], within: .seconds(1))
    #expect(replayer.clock.now == .milliseconds(52), "time never runs backwards")
  }

  @Test func `masked bytes may differ in the exchanges of the rule and in no others`() throws {
    var masked = session
    masked.masks = [MaskRule("parameter", exchanges: 0...0, bytes: 1...1)]
    let replayer = Replayer(masked, masks: [MaskRule("other", exchanges: 2...9, bytes: 0...0)])
    _ = try replayer.perform([.bulkOut(output, [0xF1, 0xEE]), asking(6)], within: .seconds(1))
    _ = try replayer.perform([.bulkOut(output, [0xEE, 0x00])], within: .seconds(1))
    let strict = Replayer(masked)
    _ = try strict.perform([version, asking(6)], within: .seconds(1))
    expectDivergence(
      .byte(offset: 1, expected: 0, got: 0xEE), at: 2, of: 4, strict, [.bulkOut(output, [0xF5, 0xEE])])
  }

  @Test func `transfers that a host driver has split are one again`() throws {
    let data = (0..<4_092).map { UInt8(truncatingIfNeeded: $0) }
    let session = Recording(exchanges: [
      done(.bulkOut(output, Array(data[..<128]))), done(.bulkOut(output, Array(data[128..<200]))),
      done(asking(4_032), Array(data[..<4_032])), done(asking(60), Array(data[4_032...])), done(asking(1), [7]),
    ])
    let replayer = Replayer(session)
    let replies = try replayer.perform(
      [.bulkOut(output, Array(data[..<200])), asking(4_092), asking(1)], within: .seconds(1))
    #expect(replies == [[], data, [7]])
  }

  @Test func `a short answer ends a split transfer`() throws {
    let session = Recording(exchanges: [done(asking(64), [1, 2]), done(asking(6), [3])])
    expectDivergence(.length(expected: 64, got: 70), at: 0, of: 2, Replayer(session), [asking(70)])
  }

  @Test func `a split transfer that fails in its second part has what came in the first`() {
    let first = [UInt8](repeating: 5, count: 64)
    let session = Recording(exchanges: [
      done(asking(64), first), Exchange(asking(6), .failed(.stall, partial: [9], sent: 0)),
    ])
    #expect(throws: LinkError(.stall, at: 0, of: [asking(70)], completed: [], partial: first + [9])) {
      try Replayer(session).perform([asking(70)], within: .seconds(1))
    }
  }

  @Test func `lengths and bytes that the recording does not know are not held against a program`() throws {
    let session = Recording(exchanges: [
      Exchange(version, .completed([]), gaps: .outgoingBytes),
      Exchange(asking(2), .completed([1, 2]), gaps: .requestedLength),
    ])
    let batch = [.bulkOut(output, [0xF1, 0x80, 0, 0]), asking(64)]
    #expect(try Replayer(session).perform(batch, within: .seconds(1)) == [[], [1, 2]])
    expectDivergence(
      .length(expected: 2, got: 1), at: 1, of: 2, Replayer(session), [.bulkOut(output, [0xF1, 0x80]), asking(1)])
  }

  @Test func `requests of the operating system are passed over, and answered when asked for`() throws {
    let descriptor = ControlSetup.stringDescriptor(3)
    let configure = ControlSetup(requestType: 0, request: 9, value: 1, index: 0, length: 0)
    let session = Recording(exchanges: [
      done(.controlIn(descriptor), [4, 3, 65, 0]), done(.controlOut(configure, [])), done(version),
    ])
    let replayer = Replayer(session)
    #expect(try replayer.perform([version], within: .seconds(1)) == [[]])
    #expect(try replayer.perform([.controlIn(descriptor)], within: .seconds(1)) == [[4, 3, 65, 0]])
    #expect(replayer.leftOver == nil)
    let missing = Transfer.controlIn(.stringDescriptor(4))
    expectDivergence(
      .notFound(got: "control request 800604030904ff00"), at: 3, of: 3, replayer, [missing])
  }

  @Test func `stalls cleared and resets are held against the recording`() throws {
    let clear = ControlSetup(requestType: 0x02, request: 1, value: 0, index: 0x81, length: 0)
    let address = ControlSetup(requestType: 0, request: 5, value: 99, index: 0, length: 0)
    let session = Recording(exchanges: [
      done(.controlOut(clear, [])), done(.controlOut(address, [])),
      Exchange(.controlOut(clear, []), .failed(USBStatus(rawValue: -108), partial: [], sent: 0)),
    ])
    let replayer = Replayer(session)
    try replayer.clearStall(on: input)
    try replayer.reset()
    #expect(throws: LinkError(.gone)) { try replayer.clearStall(on: input) }
    let other = Replayer(session)
    #expect(throws: LinkError.self) { try other.clearStall(on: .input(2)) }
    #expect(other.divergence?.difference == .byte(offset: 4, expected: 0x81, got: 0x82))
  }

  @Test func `a closed replay answers no more`() {
    let replayer = Replayer(session)
    replayer.close()
    replayer.close()
    #expect(throws: LinkError(.closed)) { try replayer.perform([version], within: .seconds(1)) }
    #expect(throws: LinkError(.closed)) { try replayer.reset() }
  }

  @Test func `an identity comes from the recording, its metadata, or the caller`() {
    #expect(Replayer(session).identity.vendorID == 0)
    #expect(Replayer(session, identity: AnsweringProbe.sampleIdentity).identity == AnsweringProbe.sampleIdentity)
    var named = session
    named.metadata = [MetadataEntry(Recording.deviceKey, "0483:374e")]
    #expect(Replayer(named, identity: AnsweringProbe.sampleIdentity).identity.productID == 0x374E)
  }

  // MARK: Lenient

  @Test func `a lenient replay finds commands out of order and again`() throws {
    let replayer = Replayer(session, mode: .lenient)
    #expect(try replayer.perform([mode, asking(2)], within: .seconds(1)) == [[], [2, 0]])
    #expect(try replayer.perform([version, asking(64)], within: .seconds(1)) == [[], [1, 2, 3, 4, 5, 6]])
    #expect(try replayer.perform([version, asking(2)], within: .seconds(1)) == [[], [1, 2]])
    try replayer.clearStall(on: input)
    try replayer.reset()
    #expect(replayer.leftOver == nil)
  }

  @Test func `repeated commands get the recorded answers one after another`() throws {
    let session = Recording(exchanges: [
      done(mode), done(asking(1), [1]), done(version), done(mode), done(asking(1), [2]),
    ])
    let replayer = Replayer(session, mode: .lenient)
    let answers = try (0..<3).map { _ in try replayer.perform([mode, asking(1)], within: .seconds(1))[1] }
    #expect(answers == [[1], [2], [1]])
  }

  @Test func `what is nowhere in the recording is a divergence and the next call may go on`() throws {
    let replayer = Replayer(session, mode: .lenient)
    expectDivergence(
      .notFound(got: "1 byte to endpoint 0x01 (ee)"), at: 0, of: 4, replayer, [.bulkOut(output, [0xEE])])
    #expect(try replayer.perform([version], within: .seconds(1)) == [[]])
    _ = try replayer.perform([asking(6)], within: .seconds(1))
    expectDivergence(
      .notFound(got: "a request for 1 byte from endpoint 0x81"), at: 2, of: 4, replayer, [asking(1)])
  }
}
