import Basics
import LinkInterface
import TestSupport
import Testing
import Trace

@Suite struct CaptureTests {
  private typealias Event = CaptureBuilder.Event

  private let command = [UInt8](0..<16)

  private func exchanges(_ events: [CaptureBuilder.Event], choosing choice: DeviceChoice = .like(.stLink)) throws
    -> [Exchange]
  {
    try Capture.read(CaptureBuilder().file(events), choosing: choice).session.exchanges
  }

  private func expect(_ error: TraceError, _ bytes: [UInt8], choosing choice: DeviceChoice = .like(.stLink)) {
    #expect(throws: error) { try Capture.read(bytes, choosing: choice) }
  }

  // MARK: Formats

  @Test(arguments: CaptureBuilder.Container.allCases, [(false, 189), (true, 189), (false, 220), (true, 220)])
  func `the same session comes out of each container, byte order and usbmon link type`(
    container: CaptureBuilder.Container, variant: (isBigEndian: Bool, linkType: UInt16)
  ) throws {
    for resolution in [6, 9, 0x80 | 20] as [UInt8] {
      let builder = CaptureBuilder(
        container: container, isBigEndian: variant.isBigEndian, linkType: variant.linkType, resolution: resolution)
      let capture = try Capture.read(builder.file(CaptureBuilder.sampleEvents))
      let read = capture.session.exchanges.map { resolution & 0x80 == 0 ? $0 : rounded($0) }
      #expect(read == CaptureBuilder.sampleExchanges, "resolution \(resolution)")
      #expect(capture.remarks.isEmpty)
    }
  }

  /// Binary fractions of a second do not hit whole microseconds; the sample's times are multiples of 10.
  private func rounded(_ exchange: Exchange) -> Exchange {
    func round(_ time: Duration?) -> Duration? {
      time.map { .microseconds((Int64($0 / .nanoseconds(1)) + 5_000) / 10_000 * 10) }
    }
    var exchange = exchange
    exchange.submitted = round(exchange.submitted)
    exchange.completed = round(exchange.completed)
    return exchange
  }

  @Test(arguments: CaptureBuilder.Container.allCases)
  func `a USBPcap capture holds the same session without the lengths asked for`(
    container: CaptureBuilder.Container
  ) throws {
    let builder = CaptureBuilder(container: container, linkType: 249)
    let events = CaptureBuilder.sampleEvents.map { event in
      var event = event
      event.id = event.id << 40 | 0xFFFF
      return event
    }
    let read = try Capture.read(builder.file(events)).session.exchanges
    let expected = CaptureBuilder.sampleExchanges.map { exchange in
      var exchange = exchange
      if case .bulkIn(let endpoint, _) = exchange.request {
        exchange.gaps = .requestedLength
        exchange.request = .bulkIn(endpoint, byteCount: exchange.incomingBytes.count)
      }
      return exchange
    }
    #expect(read == expected)
  }

  @Test func `packets of the obsolete and the simple kind are read`() throws {
    let builder = CaptureBuilder()
    let first = builder.packet(Event(endpoint: 0x02, length: 16, data: command, time: 5_000_000))
    let second = builder.packet(Event(isEnd: true, endpoint: 0x02, length: 16, time: 6_000_000))
    let size = builder.number(UInt64(first.count), 4)
    let obsolete = builder.block(2, builder.number(0, 8) + builder.number(5_000_000, 4) + size + size + first)
    let simple = builder.block(3, builder.number(UInt64(second.count), 4) + second)
    let read = try Capture.read(builder.sectionHeader() + builder.interface() + obsolete + simple)
    #expect(
      read.session.exchanges == [
        Exchange(.bulkOut(.output(2), command), .completed([]), submitted: .zero, completed: .seconds(1))
      ])
  }

  @Test func `sections of both byte orders in one file are read`() throws {
    let little = CaptureBuilder().file(Array(CaptureBuilder.sampleEvents.prefix(6)))
    let big = CaptureBuilder(isBigEndian: true).file(Array(CaptureBuilder.sampleEvents.suffix(6)))
    let capture = try Capture.read(little + big, choosing: .device(bus: 3, address: 17))
    #expect(capture.devices.count == 2, "two sections are two interfaces")
  }

  @Test func `comments of the form key and value are the session's metadata`() throws {
    let builder = CaptureBuilder(comments: ["chip: STM32F207ZG", "no pair", "mask: voltage 2 0-3"])
    let session = try Capture.read(builder.file(CaptureBuilder.sampleEvents)).session
    #expect(session.metadata == [MetadataEntry("chip", "STM32F207ZG")])
    #expect(session.masks == [MaskRule("voltage", exchanges: 2...2, bytes: 0...3)])
    #expect(session.startTime == .seconds(1_700_000_000))
  }

  @Test func `the identity comes from the descriptors`() throws {
    let identity = try #require(try Capture.read(CaptureBuilder().file(CaptureBuilder.sampleEvents)).session.identity)
    #expect(identity.vendorID == 0x0483)
    #expect(identity.productID == 0x3748)
    #expect(identity.location == USBLocation(bus: 3, address: 17))
    #expect(identity.serial == nil)
  }

  // MARK: Halves

  @Test func `a recording of submissions alone holds what went out`() throws {
    let events = CaptureBuilder.sampleEvents.filter { !$0.isEnd }
    let capture = try Capture.read(CaptureBuilder().file(events))
    #expect(
      capture.session.exchanges.map(\.request) == [0, 1, 2, 3, 4, 5].map { CaptureBuilder.sampleExchanges[$0].request })
    #expect(capture.session.exchanges.filter { !$0.request.isIn }.allSatisfy { $0.outcome == .completed([]) })
    #expect(capture.session.exchanges.filter(\.request.isIn).allSatisfy { $0.outcome == .unknown })
    #expect(capture.remarks == ["the capture does not show both ends of every transfer"])
  }

  @Test func `a recording of completions alone holds what came in`() throws {
    let events = CaptureBuilder.sampleEvents.filter(\.isEnd)
    let capture = try Capture.read(CaptureBuilder().file(events), choosing: .device(bus: 3, address: 17))
    let read = capture.session.exchanges
    #expect(read.count == 5)
    #expect(read[1].request == .bulkIn(.input(1), byteCount: 6))
    #expect(read[1].outcome == .completed([1, 2, 3, 4, 5, 6]))
    #expect(read[1].gaps == .requestedLength)
    #expect(read[0].gaps == .outgoingBytes)
    #expect(capture.remarks.contains("1 control transfers without their setup packet were left out"))
  }

  @Test func `a recording of submitted commands and completed replies is whole though ids are used again`() throws {
    let events = [
      Event(id: 5, endpoint: 0x02, length: 16, data: command, time: 100),
      Event(isEnd: true, id: 5, endpoint: 0x81, length: 2, data: [1, 2], time: 200),
      Event(id: 5, endpoint: 0x02, length: 16, data: command, time: 300),
      Event(isEnd: true, id: 5, endpoint: 0x81, length: 2, data: [3, 4], time: 400),
    ]
    let read = try exchanges(events)
    #expect(read.map(\.incomingBytes) == [[], [1, 2], [], [3, 4]])
    #expect(read.map(\.outcome) == [.completed([]), .completed([1, 2]), .completed([]), .completed([3, 4])])
  }

  @Test func `a transfer that the recording does not see the end of has no outcome`() throws {
    let events = Array(CaptureBuilder.sampleEvents.dropLast())
    let last = try #require(try exchanges(events).last)
    #expect(last.request == .bulkIn(.input(1), byteCount: 2))
    #expect(last.outcome == .unknown)
    #expect(last.completed == nil)
  }

  @Test func `a reply asked for before its command comes after it`() throws {
    let events = [
      Event(id: 2, endpoint: 0x81, length: 2, time: 100),
      Event(id: 1, endpoint: 0x02, length: 16, data: command, time: 200),
      Event(isEnd: true, id: 1, endpoint: 0x02, length: 16, time: 300),
      Event(isEnd: true, id: 2, endpoint: 0x81, length: 2, data: [1, 2], time: 400),
    ]
    #expect(try exchanges(events).map(\.request.isIn) == [false, true])
  }

  @Test func `a write that ended early and a refused submission are failures`() throws {
    let events = [
      Event(id: 1, endpoint: 0x02, length: 16, data: command, time: 100),
      Event(isEnd: true, id: 1, endpoint: 0x02, length: 10, time: 200),
      Event(id: 2, endpoint: 0x02, length: 16, data: command, time: 300),
      Event(id: 2, endpoint: 0x02, status: -19, length: 0, time: 300, isSubmissionError: true),
    ]
    #expect(
      try exchanges(events).map(\.outcome) == [
        .failed(.success, partial: [], sent: 10), .failed(USBStatus(rawValue: -19), partial: [], sent: 0),
      ])
  }

  @Test func `data that the capture cut short is marked`() throws {
    var events = Array(CaptureBuilder.sampleEvents.dropFirst(2).prefix(4))
    events[0].length = 20
    events[2].length = 20
    events[3].length = 9
    let read = try exchanges(events)
    #expect(read.map(\.gaps) == [.outgoingBytes, .incomingBytes])
  }

  // MARK: Devices

  private func other(_ event: CaptureBuilder.Event, device: UInt8) -> CaptureBuilder.Event {
    var event = event
    event.device = device
    return event
  }

  private func disk(_ id: UInt64, endpoint: UInt8, device: UInt8 = 17) -> [CaptureBuilder.Event] {
    let block = Array("USBC".utf8) + [UInt8](repeating: 0, count: 27)
    let status = Array("USBS".utf8) + [UInt8](repeating: 0, count: 9)
    return [
      Event(id: id, endpoint: endpoint, length: 31, data: block, time: id * 1_000, device: device),
      Event(isEnd: true, id: id, endpoint: endpoint, length: 31, time: id * 1_000 + 10, device: device),
      Event(id: id, endpoint: 0x80 | endpoint, length: 13, time: id * 1_000 + 20, device: device),
      Event(
        isEnd: true, id: id, endpoint: 0x80 | endpoint, length: 13, data: status, time: id * 1_000 + 30, device: device),
    ]
  }

  @Test func `the probe is found among other devices, by descriptor or by its commands`() throws {
    let disks = (100..<120).flatMap { disk($0, endpoint: 0x01, device: 4) }
    #expect(try exchanges(disks + CaptureBuilder.sampleEvents) == CaptureBuilder.sampleExchanges)
    let withoutDescriptor = Array(CaptureBuilder.sampleEvents.dropFirst(2))
    let capture = try Capture.read(CaptureBuilder().file(disks + withoutDescriptor), choosing: .like(.stLink))
    #expect(capture.session.location == USBLocation(bus: 3, address: 17))
    #expect(capture.devices.map(\.address) == [17, 4])
    #expect(capture.devices.map(\.bulkCount) == [5, 40])
  }

  @Test func `of two probes the busier one is chosen and the other named`() throws {
    let quiet = CaptureBuilder.sampleEvents.prefix(6).map { other($0, device: 20) }
    let both = CaptureBuilder().file(quiet + CaptureBuilder.sampleEvents)
    let capture = try Capture.read(both, choosing: .like(.stLink))
    #expect(capture.session.location.address == 17)
    #expect(capture.remarks.contains { $0.contains("bus 3 device 20") })
    let chosen = try Capture.read(
      CaptureBuilder().file(quiet + CaptureBuilder.sampleEvents), choosing: .device(bus: 3, address: 20))
    #expect(chosen.session.exchanges.count == 3)
    #expect(chosen.remarks.isEmpty)
  }

  @Test func `mass storage of the same probe is left out by its signatures`() throws {
    let read = try exchanges(CaptureBuilder.sampleEvents + (2_000..<2_004).flatMap { disk($0, endpoint: 0x03) })
    #expect(read.allSatisfy { ![0x03, 0x83].contains($0.request.endpointNumber) })
    #expect(read.count == CaptureBuilder.sampleExchanges.count)
  }

  @Test func `only the vendor's interface counts where the configuration is known`() throws {
    let descriptor = AnsweringProbe.sampleDescriptors[0x0200] ?? []
    let setup: [UInt8] = [0x80, 6, 0, 2, 0, 0, 0, 1]
    let start = CaptureBuilder.sampleEvents[0].time
    let configuration = [
      Event(id: 77, endpoint: 0x80, isControl: true, setup: setup, length: 256, time: start),
      Event(
        isEnd: true, id: 77, endpoint: 0x80, isControl: true, length: descriptor.count, data: descriptor,
        time: start + 50),
    ]
    let read = try exchanges(CaptureBuilder.sampleEvents + configuration)
    #expect(Set(read.compactMap(\.request.endpointNumber)) == [0x81])
  }

  // MARK: Damage

  @Test(arguments: CaptureBuilder.Container.allCases)
  func `a file cut off anywhere gives the transfers before the cut and says so`(
    container: CaptureBuilder.Container
  ) throws {
    let events = Array(CaptureBuilder.sampleEvents.dropFirst(2))
    let builder = CaptureBuilder(container: container)
    let file = builder.file(events)
    let whole = try Capture.read(file).session.exchanges
    let boundaries = Set((0...events.count).map { builder.file(Array(events.prefix($0))).count })
    for count in 1..<file.count {
      do {
        let capture = try Capture.read(Array(file.prefix(count)))
        let isCut = capture.remarks.contains { $0.hasPrefix("the file is cut off within the") }
        #expect(isCut != boundaries.contains(count), "\(count) bytes")
        let finished = capture.session.exchanges.filter { $0.completed != nil }
        #expect(finished.allSatisfy(whole.contains), "\(count) bytes")
      } catch {
        #expect(count < boundaries.sorted()[1], "\(count) bytes: \(error)")
      }
    }
  }

  @Test func `an empty file and unknown content are refused`() {
    expect(TraceError(.emptyFile), [])
    expect(TraceError(.unknownFormat, at: .offset(0)), Array("hello, world".utf8))
    expect(TraceError(.headerCutOff, at: .offset(4)), [0xD4, 0xC3, 0xB2, 0xA1])
    expect(TraceError(.headerCutOff, at: .offset(0)), [0x0A, 0x0D, 0x0D, 0x0A, 28, 0])
  }

  @Test func `damaged blocks are refused with their place`() {
    let file = CaptureBuilder().file(CaptureBuilder.sampleEvents)
    func damaged(_ offset: Int, _ value: UInt8) -> [UInt8] {
      var bytes = file
      bytes[offset] = value
      return bytes
    }
    let interface = CaptureBuilder().sectionHeader().count
    let packet = interface + CaptureBuilder().interface().count
    func field(_ name: String, _ expected: String, _ found: String, at offset: Int) -> TraceError {
      TraceError(.field(name: name, expected: expected, found: found), at: .offset(offset))
    }
    expect(field("the byte order mark", "1A2B3C4D", "1a2b3c4e", at: 8), damaged(8, 0x4E))
    expect(field("the block's length", "a multiple of 4 from 12 on", "33", at: 4), damaged(4, 33))
    expect(field("the block's length", "a multiple of 4 from 12 on", "8", at: interface + 4), damaged(interface + 4, 8))
    expect(
      field("the block's second length", "32", "36", at: interface - 4), damaged(interface - 4, 36))
    expect(
      field("the time resolution", "at most 2^-63 or 10^-19", "20", at: interface + 8), damaged(interface + 20, 20))
    expect(field("the packet's interface", "below 1", "1", at: packet + 8), damaged(packet + 8, 1))
    expect(
      field("the packet's captured length", "at most 64", "65", at: packet + 20), damaged(packet + 20, 65))
  }

  @Test func `blocks too short for what they are refused with their place`() {
    let builder = CaptureBuilder()
    let head = builder.sectionHeader()
    expect(
      TraceError(
        .field(name: "the interface's length", expected: "at least 8", found: "4"), at: .offset(head.count + 8)),
      head + builder.block(1, [220, 0, 0, 0]))
    let both = head + builder.interface()
    expect(
      TraceError(
        .field(name: "the packet's length", expected: "at least 20", found: "8"), at: .offset(both.count + 8)),
      both + builder.block(6, [UInt8](repeating: 0, count: 8)))
  }

  @Test func `a capture without USB transfers is refused`() {
    expect(TraceError(.linkTypes([1])), CaptureBuilder(linkType: 1).file(CaptureBuilder.sampleEvents))
    expect(TraceError(.noTransfers), CaptureBuilder().file([]))
  }

  @Test func `a capture without a probe is refused with the devices that are there`() {
    let disks = (1..<3).flatMap { disk($0, endpoint: 0x01, device: 4) }
    let device = RecordedDevice(interface: 0, bus: 3, address: 4, ids: nil, bulkCount: 4)
    expect(TraceError(.noProbe(devices: [device])), CaptureBuilder().file(disks))
    expect(
      TraceError(.noSuchDevice(devices: [device])), CaptureBuilder().file(disks), choosing: .device(bus: 1, address: 1))
  }

  @Test(arguments: [
    TraceError.Reason.emptyFile, .unknownFormat, .headerCutOff, .field(name: "a", expected: "b", found: "c"),
    .linkTypes([1]), .noTransfers, .noProbe(devices: []),
    .noSuchDevice(devices: [RecordedDevice(interface: 0, bus: 1, address: 2, ids: "0483:3748", bulkCount: 3)]),
    .version("9"), .syntax(expected: "a", found: "b"),
  ])
  func `every error says its place and its cause`(reason: TraceError.Reason) {
    #expect(TraceError(reason, at: .offset(0x1F0)).description.hasPrefix("offset 0x1F0: "))
    #expect(TraceError(reason, at: .line(7)).description.hasPrefix("line 7: "))
    #expect(TraceError(reason).description.count > 10)
  }

  // MARK: Noise

  @Test(arguments: [189, 220, 249] as [UInt16], 1...4 as ClosedRange<UInt64>)
  func `a damaged capture is read or refused`(linkType: UInt16, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let files = CaptureBuilder.Container.allCases.map {
      CaptureBuilder(container: $0, linkType: linkType, comments: ["a: b"]).file(CaptureBuilder.sampleEvents)
    }
    for round in 0..<400 {
      var bytes = files[round % 2]
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = [0x00, 0xFF, 0x7F, 0x80].randomElement(using: &random) ?? 0
        case 2: bytes.replaceSubrange(index..<min(bytes.count, index + 4), with: random.bytes(4))
        default: bytes = Array(bytes.prefix(max(1, index)))
        }
      }
      let capture = try? Capture.read(bytes)
      #expect((capture?.session.exchanges.count ?? 0) <= 12, "seed \(seed), round \(round)")
    }
  }
}

extension Transfer {
  /// Whether data comes from the device.
  var isIn: Bool {
    switch self {
    case .bulkIn, .controlIn: true
    case .bulkOut, .controlOut: false
    }
  }

  /// bEndpointAddress of a bulk transfer.
  var endpointNumber: UInt8? {
    switch self {
    case .bulkIn(let endpoint, _), .bulkOut(let endpoint, _): endpoint.rawValue
    case .controlIn, .controlOut: nil
    }
  }
}

extension DeviceShape {
  /// An ST-LINK: STMicroelectronics' idVendor, and commands in blocks of 16 bytes.
  fileprivate static let stLink = DeviceShape(vendorID: 0x0483, commandSize: 16)
}
