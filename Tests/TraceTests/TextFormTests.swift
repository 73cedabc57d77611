import Basics
import LinkInterface
import TestSupport
import Testing
import Trace

@Suite struct TextFormTests {
  private let sample = """
    stflash-trace 1
    start 1700000000.000000000
    device 3 17
    meta chip: STM32F207ZG # and more
    mask voltage 2 0-3
    # submitted, completed, what was asked, how it ended
    0.000000000 0.000100000 control-in 8006000100001200 = 1201   # descriptor
    0.0002 0.0003 out 02 f180

    0.000210000 0.000400000 in 81 6 = 240083044837
    - 1.5 in 81 2 ! EPIPE 01
    out 02 -
    in 81 4 = - ~length ~received
    1 2 out 02 f180 ! ok - sent 1
    - - control-out 0201000081000000 - ?
    in 83 64 ?
    """

  private var session: Recording {
    let descriptor = ControlSetup(requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 18)
    let clear = ControlSetup(requestType: 2, request: 1, value: 0, index: 0x81, length: 0)
    let command = Transfer.bulkOut(.output(2), [0xF1, 0x80])
    return Recording(
      metadata: [MetadataEntry("chip", "STM32F207ZG # and more")], startTime: .seconds(1_700_000_000),
      location: USBLocation(bus: 3, address: 17),
      exchanges: [
        Exchange(.controlIn(descriptor), .completed([0x12, 1]), submitted: .zero, completed: .microseconds(100)),
        Exchange(command, .completed([]), submitted: .microseconds(200), completed: .microseconds(300)),
        Exchange(
          .bulkIn(.input(1), byteCount: 6), .completed([0x24, 0, 0x83, 4, 0x48, 0x37]), submitted: .microseconds(210),
          completed: .microseconds(400)),
        Exchange(
          .bulkIn(.input(1), byteCount: 2), .failed(.stall, partial: [1], sent: 0), completed: .milliseconds(1_500)),
        Exchange(.bulkOut(.output(2), []), .completed([])),
        Exchange(.bulkIn(.input(1), byteCount: 4), .completed([]), gaps: [.requestedLength, .incomingBytes]),
        Exchange(
          command, .failed(.success, partial: [], sent: 1), submitted: .seconds(1), completed: .seconds(2)),
        Exchange(.controlOut(clear, []), .unknown),
        Exchange(.bulkIn(.input(3), byteCount: 64), .unknown),
      ], masks: [MaskRule("voltage", exchanges: 2...2, bytes: 0...3)])
  }

  private func read(_ text: String) throws -> Recording {
    try Capture.read(Array(text.utf8)).session
  }

  @Test func `a session written by hand is read`() throws {
    #expect(try read(sample) == session)
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines end with LF, CR LF or CR`(separator: String) throws {
    let text = sample.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: separator)
    #expect(try read(text) == session)
  }

  @Test func `what is written is readable and reads back the same`() throws {
    #expect(try read(session.text) == session)
    #expect(session.text.hasPrefix("stflash-trace 1\nstart 1700000000.000000000\ndevice 3 17\nmeta chip: "))
    #expect(session.text.contains("\n0.000210000 0.000400000 in 81 6 = 240083044837\n"))
    #expect(session.text.contains("\n- 1.500000000 in 81 2 ! EPIPE 01\n"))
    #expect(Recording(exchanges: []).text == "stflash-trace 1\n")
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `any session reads back the same`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var exchanges: [Exchange] = []
    for _ in 0..<10 {
      let script = SessionScript.batch(&random)
      let begin = Duration.nanoseconds(Int64.random(in: 0...1_000_000_000_000, using: &random))
      exchanges += script.exchanges(begin, begin + script.answer.duration).map { exchange in
        var exchange = exchange
        exchange.gaps = Exchange.Gaps(rawValue: UInt8.random(in: 0...7, using: &random))
        if Bool.random(using: &random) { exchange.submitted = nil }
        if Int.random(in: 0..<4, using: &random) == 0 { exchange.outcome = .unknown }
        return exchange
      }
    }
    let session = Recording(
      metadata: [MetadataEntry("", "  odd\r\nvalue: x # y "), MetadataEntry("a:b", "")], exchanges: exchanges,
      masks: [MaskRule("two words", exchanges: 0...3, bytes: 7...7)])
    #expect(try read(session.text) == session, "seed \(seed)")
  }

  @Test func `a recording and its text form are the same session`() throws {
    let session = try Capture.read(CaptureBuilder(comments: ["a: b"]).file(CaptureBuilder.sampleEvents)).session
    #expect(try read(session.text) == session)
  }

  @Test(arguments: [
    ("stflash-traces 1", 1, "\"stflash-trace\"", "stflash-traces"),
    ("stflash-trace", 1, "a version", "the end of the line"),
    ("stflash-trace 1 2", 1, "the end of the line", "2"),
    ("stflash-trace 1\nmeta nothing", 2, "KEY: VALUE", "nothing"),
    ("stflash-trace 1\nmeta", 2, "KEY: VALUE", ""),
    ("stflash-trace 1\ndevice 1", 2, "a device address", "the end of the line"),
    ("stflash-trace 1\ndevice x 1", 2, "a bus number", "x"),
    ("stflash-trace 1\ndevice 1 256", 2, "a device address", "256"),
    ("stflash-trace 1\nmask a 1", 2, "NAME EXCHANGES BYTES", "a 1"),
    ("stflash-trace 1\nmask a 3-1 0", 2, "NAME EXCHANGES BYTES", "a 3-1 0"),
    ("stflash-trace 1\nstart soon", 2, "a time in seconds, or \"-\"", "soon"),
    ("stflash-trace 1\n\n1 2 up 81 4", 3, "out, in, control-out or control-in", "up"),
    ("stflash-trace 1\n1.2.3 2 in 81 4 ?", 2, "a time in seconds, or \"-\"", "1.2.3"),
    ("stflash-trace 1\n1.0123456789 2 in 81 4 ?", 2, "a time in seconds, or \"-\"", "1.0123456789"),
    ("stflash-trace 1\nout 81 00", 2, "an OUT endpoint", "81"),
    ("stflash-trace 1\nin 01 4 ?", 2, "an IN endpoint", "01"),
    ("stflash-trace 1\nin 81 4", 2, "\"=\", \"!\" or \"?\"", "the end of the line"),
    ("stflash-trace 1\nin 81 -4 ?", 2, "a number of bytes", "-4"),
    ("stflash-trace 1\nout 02 f18", 2, "hexadecimal digits in pairs, or \"-\"", "f18"),
    ("stflash-trace 1\nout 02 xy", 2, "hexadecimal digits in pairs, or \"-\"", "xy"),
    ("stflash-trace 1\ncontrol-in 0102 ?", 2, "a setup packet of 8 bytes", "0102"),
    ("stflash-trace 1\nin 81 4 ! EWHAT -", 2, "a status", "EWHAT"),
    ("stflash-trace 1\nin 81 4 = 00 ~all", 2, "the end of the line", "~all"),
  ])
  func `a line that is not understood is refused with its number`(
    text: String, line: Int, expected: String, found: String
  ) {
    #expect(throws: TraceError(.syntax(expected: expected, found: found), at: .line(line))) { try read(text) }
  }

  @Test func `another version is refused`() {
    #expect(throws: TraceError(.version("2"), at: .line(1))) { try read("stflash-trace 2\nout 02 00") }
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `a damaged text is read or refused`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let original = Array(sample.utf8)
    for _ in 0..<300 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let index = Int.random(in: 16..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(Array("0f-=!?#. \n~".utf8).randomElement(using: &random) ?? 0, at: index)
        default: bytes += bytes[index...].prefix(50)
        }
      }
      let capture = try? Capture.read(bytes)
      #expect((capture?.session.exchanges.count ?? 0) < 50, "seed \(seed)")
    }
  }

  // MARK: USBlyzer

  private let report = """
    USBlyzer Report

    Type,Seq,Time,Elapsed,Duration,Request,Request Details,Raw Data,I/O,C:I:E,Device Object,Device Name,Driver Name,IRP,Status
    START,0001,17:45:39.429,,,,,,,,,,,,
    Create,0002,17:45:39.400,1.5 s,,Create,tool.exe,,,,F0h,,WinUsb,F1h,
    URB,0003,17:45:39.503,73.849 ms,,Bulk or Interrupt Transfer,4 bytes data,F2 36 F0...,out,01:00:02,F0h,P,usbhub,F1h,,F2 36 F0 ED
    URB,0004-0003,17:45:39.505,75.843 ms,1.995 ms,Bulk or Interrupt Transfer,4 bytes buffer,,out,01:00:02,F0h,P,usbhub,F1h,Success (Success)
    URB,0005,17:45:39.505,75.897 ms,,Bulk or Interrupt Transfer,64 bytes buffer,,in,01:00:81,F0h,P,usbhub,F1h,
    URB,0006-0005,17:45:39.507,0.077812 s,1.916 ms,Bulk or Interrupt Transfer,2 bytes data,80 00,in,01:00:81,F0h,P,usbhub,F1h,Success (Success),80 00
    URB,0007,17:45:39.505,80000 us,,Bulk or Interrupt Transfer,64 bytes buffer,,in,01:00:81,F0h,P,usbhub,F1h,
    URB,0008-0007,17:45:39.507,0.09 s,1.916 ms,Bulk or Interrupt Transfer,0 bytes data,,in,01:00:81,F0h,P,usbhub,F1h,Stall PID
    """

  @Test func `a USBlyzer report is read`() throws {
    let choice = DeviceChoice.device(bus: 1, address: 1)
    let session = try Capture.read(Array(report.utf8), choosing: choice).session
    #expect(session.startTime == .microseconds(73_849))
    #expect(
      session.exchanges == [
        Exchange(
          .bulkOut(.output(2), [0xF2, 0x36, 0xF0, 0xED]), .completed([]), submitted: .zero,
          completed: .microseconds(1_994)),
        Exchange(
          .bulkIn(.input(1), byteCount: 64), .completed([0x80, 0]), submitted: .microseconds(2_048),
          completed: .microseconds(3_963)),
        Exchange(
          .bulkIn(.input(1), byteCount: 64), .failed(.stall, partial: [], sent: 0), submitted: .microseconds(6_151),
          completed: .microseconds(16_151)),
      ])
  }

  @Test func `a row that is not understood is refused with its line`() {
    let text = "USBlyzer Report\n\nURB,x,1,2 s\n"
    #expect(throws: TraceError(.syntax(expected: "a row of USBlyzer's", found: "URB,x,1,2 s"), at: .line(3))) {
      try Capture.read(Array(text.utf8))
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `a damaged report is read or refused`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      var bytes = Array(report.utf8)
      for _ in 0..<3 {
        bytes[Int.random(in: 16..<bytes.count, using: &random)] =
          Array("0f,-: .S".utf8).randomElement(using: &random) ?? 0
      }
      let capture = try? Capture.read(bytes, choosing: .device(bus: 1, address: 1))
      #expect((capture?.session.exchanges.count ?? 0) <= 6, "seed \(seed)")
    }
  }

  @Test func `many equal bytes are written as one and a count`() throws {
    let bytes = [1, 2] + [UInt8](repeating: 0xFF, count: 4_000) + [3] + [UInt8](repeating: 0, count: 15)
    let long = Recording(exchanges: [Exchange(.bulkOut(.output(1), bytes), .completed([]))])
    #expect(long.text.hasSuffix("out 01 0102,ff*4000,03,00*15\n"))
    #expect(try read(long.text) == long)
  }

  @Test(arguments: ["ff*", "*4", "ff*0", "ff*-1", "ffff*2", "ff*2*2", "ff,,00", "ff*99999999999"])
  func `a repetition of another form is refused`(bytes: String) {
    #expect(throws: TraceError.self) { try read("stflash-trace 1\nout 02 \(bytes)") }
  }

  @Test func `repetitions cannot stand for more than a session can hold`() {
    let line = "out 02 ff*1048576\n"
    #expect(throws: TraceError.self) { try read("stflash-trace 1\n" + String(repeating: line, count: 65)) }
  }

  private static let poll = """
    0.000000000 0.000100000 out 01 f5,00*15
    0.000000000 0.000200000 in 81 2 = 0200

    """

  @Test func `what a host asks again and again is written once`() throws {
    let asked = try read("stflash-trace 1\n\(Self.poll)").exchanges
    let later = (1...50).flatMap { number in
      asked.map { exchange in
        var exchange = exchange
        exchange.submitted = exchange.submitted.map { $0 + .milliseconds(5) * number }
        exchange.completed = exchange.completed.map { $0 + .milliseconds(5) * number }
        return exchange
      }
    }
    let session = Recording(exchanges: asked + later)
    #expect(session.text == "stflash-trace 1\n\(Self.poll)again 2 50 0.005000000\n")
    #expect(try read(session.text) == session)
  }

  @Test func `transfers without times come again without times`() throws {
    let session = try read("stflash-trace 1\nin 83 2 = 0102\nagain 1 9 -\n")
    #expect(session.exchanges.count == 10)
    #expect(session.exchanges.allSatisfy { $0 == session.exchanges[0] && $0.submitted == nil })
    #expect(try read(session.text) == session)
    #expect(session.text == "stflash-trace 1\n- - in 83 2 = 0102\nagain 1 9 -\n")
  }

  @Test func `a pause of another length is no repetition`() throws {
    var session = try read("stflash-trace 1\n\(Self.poll)again 2 4 0.005\n")
    session.exchanges[6].completed = .milliseconds(16)
    #expect(try read(session.text) == session)
    #expect(session.text.split(separator: "\n").count > 5)
  }

  @Test(arguments: [
    "again", "again 0 1 0", "again 3 1 0", "again 2 0 0", "again 2 1", "again 2 1 90000", "again 2 2000000 0",
  ])
  func `a line of another form stands for no transfers`(line: String) {
    #expect(throws: TraceError.self) { try read("stflash-trace 1\n\(Self.poll)\(line)\n") }
  }
}
