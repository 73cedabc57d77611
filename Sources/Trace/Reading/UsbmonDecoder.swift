import Basics
import LinkInterface

/// Decodes Linux usbmon packets: link types 189 and 220 (Linux, Documentation/usb/usbmon.rst).
enum UsbmonDecoder {
  /// LINKTYPE_USB_LINUX and LINKTYPE_USB_LINUX_MMAPPED, with the sizes of their headers.
  static let headerSizes: [UInt16: Int] = [189: 48, 220: URBRecord.headerSize]

  /// The event in a packet; nil for isochronous and interrupt transfers and for packets that are no event.
  static func event(_ packet: CapturedPackets.Packet) -> URBEvent? {
    let reader = ByteReader(packet.bytes, isBigEndian: packet.isBigEndian)
    guard let headerSize = headerSizes[packet.linkType], packet.bytes.count >= headerSize,
      let id = reader.doubleWord(0), let event = reader.byte(8).flatMap(URBRecord.Event.init),
      let kind = reader.byte(9).flatMap(URBRecord.Kind.init), kind == .bulk || kind == .control,
      let endpoint = reader.byte(10).map(Endpoint.init), let device = reader.byte(11), let bus = reader.halfword(12),
      let setupFlag = reader.byte(14), let seconds = reader.doubleWord(16), let microseconds = reader.word(24),
      let status = reader.word(28), let length = reader.word(32), let captured = reader.word(36)
    else { return nil }
    let data = reader.slice(headerSize, count: Int(captured))
    let headerTime =
      Duration.seconds(Int64(clamping: seconds)) + TimeResolution.microseconds.duration(of: UInt64(microseconds))
    let record = URBRecord(
      event: event, id: id, kind: kind, endpoint: endpoint, bus: bus, device: device,
      setup: setupFlag == 0 ? setup(ByteReader(reader.slice(40, count: 8), isBigEndian: false)) : nil,
      status: USBStatus(rawValue: Int32(bitPattern: status)), length: length, data: Array(data),
      time: packet.time ?? headerTime)
    return URBEvent(record: record, interface: packet.interface, gaps: gaps(of: record))
  }

  /// A setup packet; its numbers are little-endian as on the wire, whatever the header is.
  static func setup(_ reader: ByteReader) -> ControlSetup? {
    guard let requestType = reader.byte(0), let request = reader.byte(1), let value = reader.halfword(2),
      let index = reader.halfword(4), let length = reader.halfword(6)
    else { return nil }
    return ControlSetup(requestType: requestType, request: request, value: value, index: index, length: length)
  }

  private static func gaps(of record: URBRecord) -> Exchange.Gaps {
    guard record.data.count < Int(record.length) else { return [] }
    switch (record.event, record.endpoint.isInput) {
    case (.submission, false): return .outgoingBytes
    case (.completion, true): return .incomingBytes
    default: return []
    }
  }
}
