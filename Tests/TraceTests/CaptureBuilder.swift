import Basics
import LinkInterface
import Trace

/// Builds capture files for tests, on its own: containers, byte orders, link types and time resolutions.
struct CaptureBuilder {
  enum Container: CaseIterable {
    case pcapng, pcap
  }

  /// One half of a transfer.
  struct Event {
    var isEnd = false
    var id: UInt64 = 1
    var endpoint: UInt8
    var isControl = false
    var setup: [UInt8]?
    /// Linux' error number.
    var status: Int32 = 0
    var length: Int
    var data: [UInt8] = []
    /// Microseconds since 1970.
    var time: UInt64
    var bus: UInt16 = 3
    var device: UInt8 = 17
    var isSubmissionError = false
  }

  var container = Container.pcapng
  var isBigEndian = false
  var linkType: UInt16 = 220
  /// pcapng's if_tsresol; in pcap, 9 means nanoseconds and all else microseconds.
  var resolution: UInt8 = 6
  var comments: [String] = []

  func file(_ events: [Event]) -> [UInt8] {
    let packets = events.map { (time: $0.time, bytes: packet($0)) }
    switch container {
    case .pcapng:
      return sectionHeader() + interface() + packets.flatMap { enhancedPacket($0.bytes, time: $0.time) }
    case .pcap:
      return pcapHeader() + packets.flatMap { pcapRecord($0.bytes, time: $0.time) }
    }
  }

  // MARK: Numbers

  func number(_ value: UInt64, _ size: Int) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    return isBigEndian ? bytes.reversed() : bytes
  }

  private func little(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }

  private func units(_ microseconds: UInt64) -> UInt64 {
    switch resolution {
    case 9: microseconds * 1_000
    case 0x80 | 20: ((microseconds / 1_000_000) << 20) + ((microseconds % 1_000_000) << 20) / 1_000_000
    default: microseconds
    }
  }

  // MARK: pcapng

  func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = number(UInt64(padded.count + 12), 4)
    return number(UInt64(type), 4) + length + padded + length
  }

  func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    return number(UInt64(code), 2) + number(UInt64(value.count), 2) + value + padding
  }

  func sectionHeader() -> [UInt8] {
    let options = comments.flatMap { option(1, Array($0.utf8)) } + option(0, [])
    return block(
      0x0A0D_0D0A, number(0x1A2B_3C4D, 4) + number(1, 2) + number(0, 2) + number(UInt64.max, 8) + options)
  }

  func interface() -> [UInt8] {
    block(
      1, number(UInt64(linkType), 2) + number(0, 2) + number(0, 4) + option(9, [resolution]) + option(0, []))
  }

  func enhancedPacket(_ bytes: [UInt8], time: UInt64, interface: UInt32 = 0) -> [UInt8] {
    let stamp = units(time)
    let size = number(UInt64(bytes.count), 4)
    return block(
      6,
      number(UInt64(interface), 4) + number(stamp >> 32, 4) + number(stamp & 0xFFFF_FFFF, 4) + size + size + bytes)
  }

  // MARK: pcap

  private func pcapHeader() -> [UInt8] {
    number(resolution == 9 ? 0xA1B2_3C4D : 0xA1B2_C3D4, 4) + number(2, 2) + number(4, 2) + number(0, 8)
      + number(0x4_0000, 4) + number(UInt64(linkType), 4)
  }

  private func pcapRecord(_ bytes: [UInt8], time: UInt64) -> [UInt8] {
    let fraction = time % 1_000_000 * (resolution == 9 ? 1_000 : 1)
    let size = number(UInt64(bytes.count), 4)
    return number(time / 1_000_000, 4) + number(fraction, 4) + size + size + bytes
  }

  // MARK: Packets

  func packet(_ event: Event) -> [UInt8] {
    linkType == 249 ? usbpcap(event) : usbmon(event)
  }

  private func usbmon(_ event: Event) -> [UInt8] {
    let letter: UInt8 = event.isSubmissionError ? 0x45 : event.isEnd ? 0x43 : 0x53
    var bytes = number(event.id, 8) + [letter, event.isControl ? 2 : 3, event.endpoint, event.device]
    bytes += number(UInt64(event.bus), 2) + [event.setup == nil ? 0x2D : 0, event.data.isEmpty ? 0x3C : 0]
    bytes += number(event.time / 1_000_000, 8) + number(event.time % 1_000_000, 4)
    bytes += number(UInt64(UInt32(bitPattern: event.status)), 4)
    bytes += number(UInt64(event.length), 4) + number(UInt64(event.data.count), 4)
    bytes += event.setup ?? [UInt8](repeating: 0, count: 8)
    return bytes + [UInt8](repeating: 0, count: linkType == 220 ? 16 : 0) + event.data
  }

  private func usbpcap(_ event: Event) -> [UInt8] {
    let statuses: [Int32: UInt64] = [0: 0, -32: 0xC000_0004, -104: 0xC001_0000]
    let payload = (event.setup ?? []) + event.data
    var bytes = little(event.isControl ? 28 : 27, 2) + little(event.id, 8)
    bytes += little(event.isEnd ? statuses[event.status] ?? 0xC000_0011 : 0, 4) + little(9, 2)
    bytes += [event.isEnd ? 1 : 0] + little(UInt64(event.bus), 2) + little(UInt64(event.device), 2)
    bytes += [event.endpoint, event.isControl ? 2 : 3] + little(UInt64(payload.count), 4)
    return bytes + (event.isControl ? [event.isEnd ? 3 : 0] : []) + payload
  }
}

extension CaptureBuilder {
  /// Both halves of transfers that a probe's session is made of: descriptor, command with reply, command with data,
  /// a stall.
  static let sampleEvents: [Event] = {
    let start: UInt64 = 1_700_000_000_000_000
    let descriptor: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0x83, 0x04, 0x48, 0x37, 0, 1, 1, 2, 3, 1]
    let setup: [UInt8] = [0x80, 6, 0, 1, 0, 0, 18, 0]
    let command = [UInt8](0..<16)
    return [
      Event(id: 9, endpoint: 0x80, isControl: true, setup: setup, status: -115, length: 18, time: start),
      Event(isEnd: true, id: 9, endpoint: 0x80, isControl: true, length: 18, data: descriptor, time: start + 100),
      Event(id: 1, endpoint: 0x02, status: -115, length: 16, data: command, time: start + 200),
      Event(id: 2, endpoint: 0x81, status: -115, length: 6, time: start + 210),
      Event(isEnd: true, id: 1, endpoint: 0x02, length: 16, time: start + 300),
      Event(isEnd: true, id: 2, endpoint: 0x81, length: 6, data: [1, 2, 3, 4, 5, 6], time: start + 400),
      Event(id: 1, endpoint: 0x02, status: -115, length: 16, data: command.reversed(), time: start + 500),
      Event(isEnd: true, id: 1, endpoint: 0x02, length: 16, time: start + 600),
      Event(id: 3, endpoint: 0x02, status: -115, length: 3, data: [7, 8, 9], time: start + 700),
      Event(isEnd: true, id: 3, endpoint: 0x02, length: 3, time: start + 800),
      Event(id: 4, endpoint: 0x81, status: -115, length: 2, time: start + 900),
      Event(isEnd: true, id: 4, endpoint: 0x81, status: -32, length: 0, time: start + 1_500_000),
    ]
  }()

  /// What the sample events have to be read as.
  static let sampleExchanges: [Exchange] = {
    let descriptor: [UInt8] = [18, 1, 0, 2, 0, 0, 0, 64, 0x83, 0x04, 0x48, 0x37, 0, 1, 1, 2, 3, 1]
    let setup = ControlSetup(requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 18)
    let command = [UInt8](0..<16)
    func exchange(_ request: Transfer, _ outcome: Exchange.Outcome, _ begin: Int, _ end: Int) -> Exchange {
      Exchange(request, outcome, submitted: .microseconds(begin), completed: .microseconds(end))
    }
    return [
      exchange(.controlIn(setup), .completed(descriptor), 0, 100),
      exchange(.bulkOut(.output(2), command), .completed([]), 200, 300),
      exchange(.bulkIn(.input(1), byteCount: 6), .completed([1, 2, 3, 4, 5, 6]), 210, 400),
      exchange(.bulkOut(.output(2), command.reversed()), .completed([]), 500, 600),
      exchange(.bulkOut(.output(2), [7, 8, 9]), .completed([]), 700, 800),
      exchange(
        .bulkIn(.input(1), byteCount: 2), .failed(.stall, partial: [], sent: 0), 900, 1_500_000),
    ]
  }()
}
