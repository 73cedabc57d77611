/// The status of a stlink-server's response.
struct ServerStatus: RawRepresentable, Sendable, Equatable {
  let rawValue: UInt32

  static let ok = ServerStatus(rawValue: 0x0001)
  static let timeout = ServerStatus(rawValue: 0x1001)
  static let badParameter = ServerStatus(rawValue: 0x1002)
  static let openError = ServerStatus(rawValue: 0x1003)
  static let transferError = ServerStatus(rawValue: 0x1004)
  static let badBufferSize = ServerStatus(rawValue: 0x1051)
  static let truncatedData = ServerStatus(rawValue: 0x1052)
  static let commandNotAvailable = ServerStatus(rawValue: 0x1053)
  /// Another client holds the probe.
  static let busy = ServerStatus(rawValue: 0x2004)
}
