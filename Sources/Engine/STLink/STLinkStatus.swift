/// The status byte of an ST-LINK reply.
///
/// A struct over the raw number, so that a code nobody documents survives to the message that reports it.
public struct STLinkStatus: RawRepresentable, Sendable, Hashable {
  /// The byte as the probe sent it.
  public let rawValue: UInt8

  /// Makes a status from the byte as the probe sent it.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// 0x80: done.
  public static let ok = STLinkStatus(rawValue: 0x80)
}
