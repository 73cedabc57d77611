import Basics

/// The status byte of an ST-LINK reply.
///
/// A struct over the raw number, so that a code nobody documents survives to the message that reports it.
public struct STLinkStatus: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The byte as the probe sent it.
  public let rawValue: UInt8

  /// Makes a status from the byte as the probe sent it.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// Done.
  public static let ok = STLinkStatus(rawValue: 0x80)
  /// The target answered with a fault (old firmware).
  public static let fault = STLinkStatus(rawValue: 0x81)
  /// What older firmware answers for a memory fault.
  public static let unknownError = STLinkStatus(rawValue: 0x01)
  /// An error of the probe's own SPI, which shifts the SWD bits.
  public static let spiError = STLinkStatus(rawValue: 0x02)
  /// An error of the probe's own DMA controller.
  public static let dmaError = STLinkStatus(rawValue: 0x03)
  /// JTAG: the scan chain is not one that the probe knows.
  public static let unknownJTAGChain = STLinkStatus(rawValue: 0x04)
  /// JTAG: nothing answers on the scan chain.
  public static let noDeviceConnected = STLinkStatus(rawValue: 0x05)
  /// An internal error of the probe.
  public static let internalError = STLinkStatus(rawValue: 0x06)
  /// The probe is not ready for the command.
  public static let commandWait = STLinkStatus(rawValue: 0x07)
  /// The probe refuses the command.
  public static let commandError = STLinkStatus(rawValue: 0x08)
  /// No target answered with its DPIDR.
  public static let getIDCodeError = STLinkStatus(rawValue: 0x09)
  /// The address or the length does not suit the access width.
  public static let alignmentError = STLinkStatus(rawValue: 0x0A)
  /// The target does not acknowledge the power-up of its debug domain.
  public static let debugPowerError = STLinkStatus(rawValue: 0x0B)
  /// A write failed.
  public static let writeError = STLinkStatus(rawValue: 0x0C)
  /// A register does not read back as written.
  public static let writeVerifyError = STLinkStatus(rawValue: 0x0D)
  /// The probe is connected to the target by the other protocol.
  public static let alreadyOpenedInOtherMode = STLinkStatus(rawValue: 0x0E)
  /// The access port answered WAIT more often than the probe itself repeats.
  public static let accessPortWait = STLinkStatus(rawValue: 0x10)
  /// The access port answered FAULT: a bus error.
  public static let accessPortFault = STLinkStatus(rawValue: 0x11)
  /// An access to the access port was not acknowledged.
  public static let accessPortError = STLinkStatus(rawValue: 0x12)
  /// Wrong parity in data of the access port.
  public static let accessPortParityError = STLinkStatus(rawValue: 0x13)
  /// The debug port answered WAIT more often than the probe itself repeats.
  public static let debugPortWait = STLinkStatus(rawValue: 0x14)
  /// The debug port answered FAULT: an earlier error is still latched.
  public static let debugPortFault = STLinkStatus(rawValue: 0x15)
  /// An access to the debug port was not acknowledged.
  public static let debugPortError = STLinkStatus(rawValue: 0x16)
  /// Wrong parity in data of the debug port.
  public static let debugPortParityError = STLinkStatus(rawValue: 0x17)
  /// CTRL/STAT.WDATAERR: the target received write data with a wrong parity.
  public static let accessPortWriteDataError = STLinkStatus(rawValue: 0x18)
  /// CTRL/STAT.STICKYERR: a bus error has been latched.
  public static let accessPortStickyError = STLinkStatus(rawValue: 0x19)
  /// CTRL/STAT.STICKYORUN: an overrun has been latched.
  public static let accessPortStickyOverrun = STLinkStatus(rawValue: 0x1A)
  /// The access port is not open, its number is not allowed, or the target is not one that the probe serves.
  public static let badAccessPort = STLinkStatus(rawValue: 0x1D)
  /// Trace cannot be received now.
  public static let traceNotAvailable = STLinkStatus(rawValue: 0x20)
  /// More access ports are open than the probe can hold.
  public static let tooManyAccessPorts = STLinkStatus(rawValue: 0x29)
  /// SWITCH_STLINK_FREQ has succeeded.
  public static let configurationChanged = STLinkStatus(rawValue: 0x40)
  /// The probe cannot make this clock.
  public static let frequencyNotSupported = STLinkStatus(rawValue: 0x41)
  /// The probe does not know the command.
  public static let unknownCommand = STLinkStatus(rawValue: 0x42)

  /// Every status that has a name, with the words that other programs use for it.
  public static let names: [STLinkStatus: String] = [
    .ok: "OK",
    .fault: "target fault",
    .unknownError: "unknown error",
    .spiError: "SPI error",
    .dmaError: "DMA error",
    .unknownJTAGChain: "unknown JTAG chain",
    .noDeviceConnected: "no device connected",
    .internalError: "internal error",
    .commandWait: "command wait",
    .commandError: "command error",
    .getIDCodeError: "get IDCODE error",
    .alignmentError: "alignment error",
    .debugPowerError: "debug power error",
    .writeError: "write error",
    .writeVerifyError: "write verify error",
    .alreadyOpenedInOtherMode: "already opened in other mode",
    .accessPortWait: "AP WAIT",
    .accessPortFault: "AP FAULT",
    .accessPortError: "AP error",
    .accessPortParityError: "AP parity error",
    .debugPortWait: "DP WAIT",
    .debugPortFault: "DP FAULT",
    .debugPortError: "DP error",
    .debugPortParityError: "DP parity error",
    .accessPortWriteDataError: "AP write data error",
    .accessPortStickyError: "AP sticky error",
    .accessPortStickyOverrun: "AP sticky overrun",
    .badAccessPort: "bad AP",
    .traceNotAvailable: "SWV not available",
    .tooManyAccessPorts: "too many APs",
    .configurationChanged: "configuration changed",
    .frequencyNotSupported: "frequency not supported",
    .unknownCommand: "unknown command",
  ]

  /// The name in words; nil for a code that nobody documents.
  public var name: String? { STLinkStatus.names[self] }

  /// Whether the probe does not know or does not take the command, whatever its version says.
  public var isRefusal: Bool { self == .commandError || self == .unknownCommand }

  /// Whether an error may be latched in the target's debug port and make later accesses fail.
  public var leavesStickyError: Bool {
    switch self {
    case .unknownError, .fault, .accessPortFault, .debugPortFault, .accessPortWriteDataError, .accessPortStickyError,
      .accessPortStickyOverrun:
      true
    default: false
    }
  }

  /// Name and number: "AP FAULT (0x11)".
  public var description: String {
    "\(name ?? "undocumented status") (\(Hexadecimal.byte(rawValue)))"
  }
}
