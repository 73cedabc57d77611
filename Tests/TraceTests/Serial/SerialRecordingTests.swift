import LinkInterface
import TestSupport
import Testing
import Trace

@Suite("Recordings of serial lines")
struct SerialRecordingTests {
  private final class Sink {
    var bytes: [UInt8] = []
  }

  /// A session with every kind of call, and what it has come to.
  private func session(
    _ options: RecorderOptions = RecorderOptions(metadata: [MetadataEntry("command", "info")])
  ) throws -> (file: [UInt8], outcomes: [String]) {
    let sink = Sink()
    let line = SerialRecorder(
      ScriptedLine([.bytes([0x79]), .failure(.timeout, [1, 2]), .bytes([3, 4, 5]), .failure(.gone, [])]),
      options: options
    ) { sink.bytes += $0 }
    let outcomes = Self.perform(on: line)
    line.note("chip", "STM32F412")
    line.close()
    return (sink.bytes, outcomes)
  }

  /// What a program does, and what it hears.
  private static func perform(on line: any SerialLine) -> [String] {
    var outcomes: [String] = []
    func note(_ body: () throws(SerialError) -> [UInt8]) {
      do throws(SerialError) {
        outcomes.append("\(try body()) at \(line.clock.now - .milliseconds(5))")
      } catch {
        outcomes.append("\(error.reason) \(error.received)")
      }
    }
    func done(_ body: () throws(SerialError) -> Void) {
      note { () throws(SerialError) in
        try body()
        return []
      }
    }
    done { () throws(SerialError) in try line.drive(.rts, active: false) }
    done { () throws(SerialError) in try line.drive(.dtr, active: true) }
    done { () throws(SerialError) in try line.configure(SerialSettings(baudRate: 57_600, parity: .even)) }
    done { () throws(SerialError) in try line.configure(SerialSettings(baudRate: 57_600, stopBitCount: 2)) }
    done { () throws(SerialError) in try line.discardInput() }
    done { () throws(SerialError) in try line.send([0x7F], within: .seconds(1)) }
    note { () throws(SerialError) in try line.receive(1, within: .seconds(1)) }
    note { () throws(SerialError) in try line.receive(4, within: .seconds(1)) }
    done { () throws(SerialError) in try line.sendBreak(for: .milliseconds(30)) }
    done { () throws(SerialError) in
      try line.send([UInt8](repeating: 0xFF, count: 300), within: .seconds(1))
    }
    note { () throws(SerialError) in try line.receive(3, within: .seconds(1)) }
    note { () throws(SerialError) in try line.receive(1, within: .seconds(1)) }
    return outcomes
  }

  @Test func `every call is on file with its times and how it ended`() throws {
    let recording = try #require(try SerialRecording.read(try session().file))
    #expect(recording.remarks.isEmpty)
    #expect(recording.value("command") == "info")
    #expect(recording.value("port") == "/dev/ttyTEST7")
    #expect(recording.value("chip") == "STM32F412")
    #expect(recording.settings == SerialSettings(baudRate: 57_600, parity: .even))
    let actions: [SerialCall.Action] = [
      .drive(.rts, active: false), .drive(.dtr, active: true),
      .configure(SerialSettings(baudRate: 57_600, parity: .even)),
      .configure(SerialSettings(baudRate: 57_600, stopBitCount: 2)), .discardInput, .send([0x7F]),
      .receive(byteCount: 1, [0x79]), .receive(byteCount: 4, [1, 2]), .sendBreak(.milliseconds(30)),
      .send([UInt8](repeating: 0xFF, count: 300)), .receive(byteCount: 3, [3, 4, 5]), .receive(byteCount: 1, []),
    ]
    #expect(recording.calls.map(\.action) == actions)
    #expect(
      recording.calls.map(\.failure) == [
        nil, nil, nil, .unsupported("two stop bits"), nil, nil, nil, .timeout, nil, nil, nil, .gone,
      ])
    let sending = recording.calls[5]
    #expect(sending.ended - sending.began == .milliseconds(1))
  }

  @Test func `a replay answers and fails as the line did, at its times`() throws {
    let (file, outcomes) = try session()
    let recording = try #require(try SerialRecording.read(file))
    for recording in [recording, try #require(try SerialRecording.read(Array(recording.text.utf8)))] {
      let replayer = SerialReplayer(recording)
      let replayed = Self.perform(on: replayer)
      // The recorder's clock began at 5 ms, and its first packet came a millisecond later.
      #expect(replayed.map { $0.prefix { $0 != "]" } } == outcomes.map { $0.prefix { $0 != "]" } })
      #expect(replayer.divergence == nil)
      #expect(replayer.leftOver == nil)
    }
  }

  @Test func `a replay says where a program parts from it, and what is left`() throws {
    let recording = try #require(try SerialRecording.read(try session().file))
    let replayer = SerialReplayer(recording)
    try replayer.drive(.rts, active: false)
    #expect(replayer.leftOver == "call 2 of 12: the session has ended, 11 recorded calls are left, next DTR active")
    let error = try #require(#expect(throws: SerialError.self) { try replayer.drive(.dtr, active: false) })
    #expect(error.reason == .divergence("call 2 of 12: expected DTR active, got DTR inactive"))
    #expect(replayer.divergedCall == 1)
    #expect(throws: error) { try replayer.discardInput() }
  }

  @Test func `the text form reads back as the same session`() throws {
    let recording = try #require(try SerialRecording.read(try session().file))
    let again = try #require(try SerialRecording.read(Array(recording.text.utf8)))
    #expect(again.calls == recording.calls)
    #expect(again.metadata == recording.metadata)
    #expect(recording.text.contains(" send ff*300\n"))
    #expect(recording.text.contains(" receive 4 0102 ! timeout\n"))
  }

  @Test(arguments: [
    "stflash-serial 2", "stflash-serial 1\n0 0 sing 79", "stflash-serial 1\n0 0 receive x 79",
    "stflash-serial 1\n0 0 line 9600 7E1", "stflash-serial 1\n0 0 rts maybe", "stflash-serial 1\n0 0 send 79 80",
  ])
  func `text that is no session names its line`(text: String) throws {
    let error = #expect(throws: TraceError.self) { try SerialRecording.read(Array(text.utf8)) }
    #expect(error?.location == .line(text.contains("\n") ? 2 : 1))
  }

  @Test func `a file cut off anywhere gives the calls before the cut`() throws {
    let file = try session().file
    let whole = try #require(try SerialRecording.read(file)).calls
    for count in stride(from: 0, to: file.count, by: 3) {
      guard let cut = try? SerialRecording.read(Array(file.prefix(count))) else { continue }
      let complete = cut.calls.filter { if case .send = $0.action { false } else { true } }
      let expected = whole.filter { if case .send = $0.action { false } else { true } }
      #expect(expected.starts(with: complete), "\(count) bytes")
    }
  }

  @Test func `a redacted recording does not name the port`() throws {
    let file = try session(RecorderOptions(redactsSerial: true)).file
    #expect(!String(decoding: file, as: UTF8.self).contains("ttyTEST7"))
  }

  @Test func `a recording of USB is none of a serial line`() throws {
    #expect(try SerialRecording.read(CaptureBuilder().file(CaptureBuilder.sampleEvents)) == nil)
    #expect(try SerialRecording.read(Array("stflash-trace 1\n".utf8)) == nil)
  }
}
