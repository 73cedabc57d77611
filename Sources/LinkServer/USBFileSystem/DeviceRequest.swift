/// A request of ioctl(2) on a device file of Linux's USB file system (linux/usbdevice_fs.h), on 64-bit machines.
enum DeviceRequest: UInt8 {
  case control = 0
  case bulk = 2
  case resetEndpoint = 3
  case setInterface = 4
  case setConfiguration = 5
  case getDriver = 8
  case submit = 10
  case discard = 11
  case reap = 12
  case reapIfReady = 13
  case claimInterface = 15
  case releaseInterface = 16
  case connectInformation = 17
  case driverRequest = 18
  case reset = 20
  case clearHalt = 21
  case getCapabilities = 26
  case disconnectAndClaim = 27
  case getSpeed = 31

  /// The letter that all requests of this file system carry in bits 15 to 8.
  private static let letter: UInt64 = 0x55

  /// Decodes a request number; nil for one that is not served.
  init?(code: UInt64) {
    guard code >> 8 & 0xFF == DeviceRequest.letter else { return nil }
    self.init(rawValue: UInt8(truncatingIfNeeded: code))
  }
}

/// What a virtual device file can do (USBDEVFS_CAP bits).
///
/// Not among them: memory mapping, and the continuation of bulk transfers after a short packet, whose rules nobody
/// needs while a transfer may be as long as it likes.
enum DeviceCapabilities {
  private static let zeroPacket: UInt32 = 0x01
  private static let noPacketSizeLimit: UInt32 = 0x04
  private static let scatterGather: UInt32 = 0x08
  private static let reapAfterDisconnect: UInt32 = 0x10

  /// The word that GET_CAPABILITIES answers.
  static let word = zeroPacket | noPacketSizeLimit | scatterGather | reapAfterDisconnect
}
