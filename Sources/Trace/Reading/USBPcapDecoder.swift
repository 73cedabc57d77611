import LinkInterface

/// Decodes USBPcap packets, as recorded on Windows: link type 249 (USBPcap, capture format specification).
///
/// USBPcap does not tell how many bytes an IN transfer asked for, nor how many an OUT transfer moved.
enum USBPcapDecoder {
  /// LINKTYPE_USBPCAP.
  static let linkType: UInt16 = 249

  private static let headerSize = 27
  /// The bit of `info` that is set on the way from the device driver back to the program.
  private static let isCompletion: UInt8 = 1
  private static let setupSize = 8

  /// The stages of a control transfer.
  private enum Stage: UInt8 {
    case setup = 0
    case data = 1
    case status = 2
    case complete = 3
  }

  /// The event in a packet; nil for isochronous and interrupt transfers, and for a control transfer's later stages
  /// where they say nothing new.
  static func event(_ packet: CapturedPackets.Packet) -> URBEvent? {
    let reader = ByteReader(packet.bytes, isBigEndian: false)
    guard let headerLength = reader.halfword(0).map(Int.init), headerLength >= headerSize,
      headerLength <= packet.bytes.count, let id = reader.doubleWord(2), let status = reader.word(10),
      let info = reader.byte(16), let bus = reader.halfword(17), let device = reader.halfword(19),
      let endpoint = reader.byte(21).map(Endpoint.init), let transfer = reader.byte(22), let length = reader.word(23)
    else { return nil }
    let data = Array(reader.slice(headerLength, count: Int(length)))
    let isEnd = info & isCompletion != 0
    let record = URBRecord(
      event: isEnd ? .completion : .submission, id: id, kind: .bulk, endpoint: endpoint, bus: bus,
      device: UInt8(truncatingIfNeeded: device), setup: nil, status: isEnd ? linuxStatus(of: status) : .inProgress,
      length: length, data: data, time: packet.time ?? .zero)
    var event = URBEvent(record: record, interface: packet.interface, gaps: [], tellsMovedLength: false)
    switch URBRecord.Kind(rawValue: transfer) {
    case .bulk:
      if data.count < Int(length) {
        event.gaps.insert(isEnd ? .incomingBytes : .outgoingBytes)
      }
    case .control:
      guard let stage = reader.byte(headerSize).flatMap(Stage.init) else { return nil }
      guard readControl(&event, stage, isEnd: isEnd) else { return nil }
    default:
      return nil
    }
    if !isEnd, event.record.endpoint.isInput, event.record.setup == nil { event.gaps.insert(.requestedLength) }
    return event
  }

  /// Makes a control transfer's event of one of its stages; false for a stage that says nothing new.
  ///
  /// Versions before 1.5 give every stage a packet of its own; later ones give one when it begins, with any data that
  /// goes out behind the setup packet, and one when it has ended.
  private static func readControl(_ event: inout URBEvent, _ stage: Stage, isEnd: Bool) -> Bool {
    event.record.kind = .control
    switch (stage, isEnd) {
    case (.setup, false):
      let setup = UsbmonDecoder.setup(ByteReader(event.record.data[...], isBigEndian: false))
      guard let setup else { return false }
      event.record.setup = setup
      event.record.endpoint = setup.requestType & 0x80 == 0 ? .output(0) : .input(0)
      event.record.data = event.record.endpoint.isInput ? [] : Array(event.record.data.dropFirst(setupSize))
      event.record.length = UInt32(setup.length)
      if !event.record.endpoint.isInput, event.record.data.count < Int(setup.length) {
        event.gaps.insert(.outgoingBytes)
      }
      return true
    case (.complete, true), (.data, true), (.status, true):
      return true
    default:
      return false
    }
  }

  /// Windows' USBD status codes (usb.h of the Windows driver kit) as Linux' error numbers.
  private static let statuses: [UInt32: USBStatus] = [
    0x0000_0000: .success, 0xC000_0004: .stall, 0xC000_0030: .stall, 0xC000_6000: .timeout,
    0xC001_0000: .cancelled, 0xC000_7000: USBStatus(rawValue: -19), 0xC000_0005: USBStatus(rawValue: -71),
    0xC000_0011: USBStatus(rawValue: -71), 0xC000_0008: USBStatus(rawValue: -75),
    0xC000_000C: USBStatus(rawValue: -75),
  ]

  private static func linuxStatus(of status: UInt32) -> USBStatus {
    statuses[status] ?? USBStatus(rawValue: -5)
  }
}
