/// Makes the blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), little-endian.
///
/// One section with one interface of link type 220; every block stands for itself, so that a file that was cut off
/// between two blocks is a whole file.
enum PcapngBlock {
  /// Block types.
  enum Kind {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    static let interfaceDescription: UInt32 = 1
    static let simplePacket: UInt32 = 3
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
  }

  /// Option codes that mean the same in every block.
  enum CommonOption {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
  }

  /// The option of an interface that says how long a unit of its time stamps is.
  static let timeResolution: UInt16 = 9

  /// The number that tells the byte order of a section.
  static let byteOrderMagic: UInt32 = 0x1A2B_3C4D

  /// LINKTYPE_USB_LINUX_MMAPPED.
  private static let linkType: UInt16 = 220
  private static let userApplication: UInt16 = 4
  private static let interfaceName: UInt16 = 2

  /// Section header, with metadata as comments: the start of the file.
  static func sectionHeader(application: String, metadata: [MetadataEntry]) -> [UInt8] {
    var body = LittleEndianBytes()
    body.append(byteOrderMagic)
    body.append(1 as UInt16)
    body.append(0 as UInt16)
    // The section's length, not known beforehand.
    body.append(UInt64.max)
    body.append(options([(userApplication, Array(application.utf8))] + comments(metadata)))
    return block(Kind.sectionHeader, body.bytes)
  }

  /// Interface description: usbmon packets, time in nanoseconds, no limit to a packet's length.
  static func interfaceDescription(name: String) -> [UInt8] {
    var body = LittleEndianBytes()
    body.append(linkType)
    body.append(0 as UInt16)
    body.append(0 as UInt32)
    body.append(options([(interfaceName, Array(name.utf8)), (timeResolution, [9])]))
    return block(Kind.interfaceDescription, body.bytes)
  }

  /// A packet of interface 0.
  static func enhancedPacket(_ packet: [UInt8], time: Duration, metadata: [MetadataEntry]) -> [UInt8] {
    var body = LittleEndianBytes()
    body.append(0 as UInt32)
    appendTime(time, to: &body)
    body.append(UInt32(packet.count))
    body.append(UInt32(packet.count))
    body.append(packet)
    body.pad()
    body.append(options(comments(metadata)))
    return block(Kind.enhancedPacket, body.bytes)
  }

  /// Interface statistics: the number of packets, as the end of a recording.
  static func interfaceStatistics(packetCount: UInt64, time: Duration, metadata: [MetadataEntry]) -> [UInt8] {
    let received: UInt16 = 4
    var count = LittleEndianBytes()
    count.append(packetCount)
    var body = LittleEndianBytes()
    body.append(0 as UInt32)
    appendTime(time, to: &body)
    body.append(options([(received, count.bytes)] + comments(metadata)))
    return block(Kind.interfaceStatistics, body.bytes)
  }

  private static func appendTime(_ time: Duration, to body: inout LittleEndianBytes) {
    let nanoseconds = UInt64(time.wholeNanoseconds)
    body.append(UInt32(truncatingIfNeeded: nanoseconds >> 32))
    body.append(UInt32(truncatingIfNeeded: nanoseconds))
  }

  private static func comments(_ metadata: [MetadataEntry]) -> [(UInt16, [UInt8])] {
    metadata.map { (CommonOption.comment, Array($0.text.utf8)) }
  }

  private static func options(_ list: [(code: UInt16, value: [UInt8])]) -> [UInt8] {
    guard !list.isEmpty else { return [] }
    var bytes = LittleEndianBytes()
    for option in list {
      let value = option.value.prefix(Int(UInt16.max))
      bytes.append(option.code)
      bytes.append(UInt16(value.count))
      bytes.append(Array(value))
      bytes.pad()
    }
    bytes.append(CommonOption.end)
    bytes.append(0 as UInt16)
    return bytes.bytes
  }

  private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    var bytes = LittleEndianBytes()
    let length = UInt32(body.count + 12)
    bytes.append(type)
    bytes.append(length)
    bytes.append(body)
    bytes.append(length)
    return bytes.bytes
  }
}
