/// Makes the blocks of a pcapng file (IETF draft-ietf-opsawg-pcapng), little-endian.
///
/// One section with one interface; every block stands for itself, so that a file that was cut off
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

  private static let userApplication: UInt16 = 4
  private static let interfaceName: UInt16 = 2

  /// Appends a section header, with metadata as comments: the start of the file.
  static func appendSectionHeader(
    application: String, metadata: [MetadataEntry], to bytes: inout LittleEndianBytes
  ) {
    append(Kind.sectionHeader, to: &bytes) { body in
      body.append(byteOrderMagic)
      body.append(1 as UInt16)
      body.append(0 as UInt16)
      // The section's length, not known beforehand.
      body.append(UInt64.max)
      appendOptions([(userApplication, Array(application.utf8))] + comments(metadata), to: &body)
    }
  }

  /// Appends an interface description: time in nanoseconds, no limit to a packet's length.
  static func appendInterfaceDescription(linkType: UInt16, name: String, to bytes: inout LittleEndianBytes) {
    append(Kind.interfaceDescription, to: &bytes) { body in
      body.append(linkType)
      body.append(0 as UInt16)
      body.append(0 as UInt32)
      appendOptions([(interfaceName, Array(name.utf8)), (timeResolution, [9])], to: &body)
    }
  }

  /// Appends a packet of interface 0, whose bytes `data` appends.
  static func appendEnhancedPacket(
    at time: Duration, byteCount: Int, metadata: [MetadataEntry], to bytes: inout LittleEndianBytes,
    data: (inout LittleEndianBytes) -> Void
  ) {
    append(Kind.enhancedPacket, to: &bytes) { body in
      body.append(0 as UInt32)
      appendTime(time, to: &body)
      let length = UInt32(byteCount)
      body.append(length)
      body.append(length)
      data(&body)
      body.pad()
      appendOptions(comments(metadata), to: &body)
    }
  }

  /// Appends interface statistics: the number of packets, as the end of a recording.
  static func appendInterfaceStatistics(
    packetCount: UInt64, time: Duration, metadata: [MetadataEntry], to bytes: inout LittleEndianBytes
  ) {
    let received: UInt16 = 4
    var count = LittleEndianBytes()
    count.append(packetCount)
    append(Kind.interfaceStatistics, to: &bytes) { body in
      body.append(0 as UInt32)
      appendTime(time, to: &body)
      appendOptions([(received, count.bytes)] + comments(metadata), to: &body)
    }
  }

  private static func appendTime(_ time: Duration, to body: inout LittleEndianBytes) {
    let nanoseconds = UInt64(time.wholeNanoseconds)
    body.append(UInt32(truncatingIfNeeded: nanoseconds >> 32))
    body.append(UInt32(truncatingIfNeeded: nanoseconds))
  }

  private static func comments(_ metadata: [MetadataEntry]) -> [(UInt16, [UInt8])] {
    metadata.map { (CommonOption.comment, Array($0.text.utf8)) }
  }

  private static func appendOptions(
    _ list: [(code: UInt16, value: [UInt8])], to bytes: inout LittleEndianBytes
  ) {
    guard !list.isEmpty else { return }
    for option in list {
      let value = option.value.prefix(Int(UInt16.max))
      bytes.append(option.code)
      bytes.append(UInt16(value.count))
      bytes.append(Array(value))
      bytes.pad()
    }
    bytes.append(CommonOption.end)
    bytes.append(0 as UInt16)
  }

  /// Appends a block whose length is known when its body has been appended.
  ///
  /// Blocks begin at multiples of four bytes, so that a body may pad by the position.
  private static func append(
    _ type: UInt32, to bytes: inout LittleEndianBytes, body: (inout LittleEndianBytes) -> Void
  ) {
    let start = bytes.bytes.count
    bytes.append(type)
    bytes.append(0 as UInt32)
    body(&bytes)
    let length = UInt32(bytes.bytes.count + 4 - start)
    bytes.put(length, at: start + 4)
    bytes.append(length)
  }
}
