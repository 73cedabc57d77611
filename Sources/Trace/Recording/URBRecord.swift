import LinkInterface

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

  /// LINKTYPE_USB_LINUX_MMAPPED.
  static let linkType: UInt16 = 220
  /// The size of the header in front of the data.
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

  /// Appends the record as a little-endian packet.
  func append(to bytes: inout LittleEndianBytes) {
    bytes.append(id)
    bytes.append(event.rawValue)
    bytes.append(kind.rawValue)
    bytes.append(endpoint.rawValue)
    bytes.append(device)
    bytes.append(bus)
    bytes.append(setup == nil ? UInt8(ascii: "-") : 0)
    bytes.append(dataFlag)
    let (seconds, nanoseconds) = time.wholeSecondsAndNanoseconds
    bytes.append(UInt64(seconds))
    bytes.append(UInt32(nanoseconds / 1_000))
    bytes.append(UInt32(bitPattern: status.rawValue))
    bytes.append(length)
    bytes.append(UInt32(data.count))
    if let setup { bytes.append(setup.bytes) } else { bytes.appendZeros(8) }
    // Interval and start frame, then flags (URB_DIR_IN) and the number of isochronous descriptors.
    bytes.appendZeros(8)
    bytes.append(endpoint.isInput ? 0x0200 as UInt32 : 0)
    bytes.append(0 as UInt32)
    bytes.append(data)
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
