import ProbeInterface

/// One event of a USB request block, as Linux's usbmon tells it: that it was submitted, or how it ended.
///
/// The layout is that of `struct mon_bin_hdr` (Linux, Documentation/usb/usbmon.rst), 64 bytes and the data: link type
/// 220, LINKTYPE_USB_LINUX_MMAPPED.
struct URBRecord: Equatable {
  /// What happened; the raw values are usbmon's letters.
  enum Event: UInt8 {
    case submission = 0x53
    case completion = 0x43
    case submissionError = 0x45
  }

  /// The kind of transfer, by usbmon's numbers.
  enum Kind: UInt8 {
    case isochronous = 0
    case interrupt = 1
    case control = 2
    case bulk = 3
  }

  /// The size of the header in front of the data, in link type 220.
  static let headerSize = 64

  var event: Event
  /// The same for the submission and the completion of a request, and for no other.
  var id: UInt64
  var kind: Kind
  var endpoint: Endpoint
  var bus: UInt16
  var device: UInt8
  /// The setup packet; only the submission of a control transfer has one.
  var setup: ControlSetup?
  var status: USBStatus
  /// Bytes asked for in a submission, bytes moved in a completion.
  var length: UInt32
  var data: [UInt8]
  /// The time since 1970.
  var time: Duration

  /// The record as a little-endian packet.
  var packet: [UInt8] {
    var bytes = LittleEndianBytes()
    bytes.append(id)
    bytes.append([event.rawValue, kind.rawValue, endpoint.rawValue, device])
    bytes.append(bus)
    bytes.append([setup == nil ? UInt8(ascii: "-") : 0, dataFlag])
    let (seconds, nanoseconds) = time.wholeSecondsAndNanoseconds
    bytes.append(UInt64(seconds))
    bytes.append(UInt32(nanoseconds / 1_000))
    bytes.append(UInt32(bitPattern: status.rawValue))
    bytes.append(length)
    bytes.append(UInt32(data.count))
    bytes.append(setup?.bytes ?? [UInt8](repeating: 0, count: 8))
    // Interval, start frame, flags (URB_DIR_IN), number of isochronous descriptors.
    bytes.append([0, 0, 0, 0, 0, 0, 0, 0])
    bytes.append(endpoint.isInput ? 0x0200 as UInt32 : 0)
    bytes.append(0 as UInt32)
    return bytes.bytes + data
  }

  /// Zero where data follows; else usbmon's sign for the reason why none does.
  private var dataFlag: UInt8 {
    if !data.isEmpty { return 0 }
    switch (event, endpoint.isInput) {
    case (.submission, true): return UInt8(ascii: "<")
    case (.completion, false): return UInt8(ascii: ">")
    default: return 0
    }
  }
}
