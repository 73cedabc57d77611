import Basics

/// Reads the records of a classic pcap file (IETF draft-ietf-opsawg-pcap), in either byte order.
enum PcapReader {
  private static let headerSize = 24
  private static let recordHeaderSize = 16

  /// The magic numbers and the time stamps that go with them.
  private static let magics: [UInt32: TimeResolution] = [0xA1B2_C3D4: .microseconds, 0xA1B2_3C4D: .nanoseconds]

  /// Whether a file begins like pcap.
  static func recognises(_ bytes: [UInt8]) -> Bool {
    format(bytes) != nil
  }

  /// Reads a whole file; one that was cut off is read as far as it goes.
  static func read(_ bytes: [UInt8]) throws(TraceError) -> CapturedPackets {
    guard let format = format(bytes) else { throw TraceError(.unknownFormat, at: .offset(0)) }
    let reader = ByteReader(bytes[...], isBigEndian: format.isBigEndian)
    guard bytes.count >= headerSize, let linkType = reader.word(20) else {
      throw TraceError(.headerCutOff, at: .offset(bytes.count))
    }
    var result = CapturedPackets()
    var position = headerSize
    while position < bytes.count {
      guard let seconds = reader.word(position), let fraction = reader.word(position + 4),
        let captured = reader.word(position + 8), reader.word(position + 12) != nil,
        Int(captured) <= bytes.count - position - recordHeaderSize
      else {
        result.remarks.append("the file is cut off within the record at byte \(position)")
        break
      }
      result.packets.append(
        CapturedPackets.Packet(
          interface: 0, linkType: UInt16(truncatingIfNeeded: linkType), isBigEndian: format.isBigEndian,
          time: .seconds(Int64(seconds)) + format.resolution.duration(of: UInt64(fraction)),
          bytes: reader.slice(position + recordHeaderSize, count: Int(captured))))
      position += recordHeaderSize + Int(captured)
    }
    return result
  }

  private static func format(_ bytes: [UInt8]) -> (isBigEndian: Bool, resolution: TimeResolution)? {
    guard let magic = ByteReader(bytes[...], isBigEndian: false).word(0) else { return nil }
    if let resolution = magics[magic] { return (false, resolution) }
    if let resolution = magics[magic.byteSwapped] { return (true, resolution) }
    return nil
  }
}
