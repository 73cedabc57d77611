import LinkInterface

#if os(Linux)

/// The kernel's settings of a terminal with any baud rate (ioctl_tty(2), `struct termios2`), as bytes.
///
/// The C library's own calls know only a list of rates.
struct TerminalSettings {
  private static let byteCount = 44
  private static let controlFlagsOffset = 8

  /// Input, output, control and local flags, one byte of line discipline, control characters, both speeds.
  private(set) var bytes = [UInt8](repeating: 0, count: byteCount)

  private enum Input {
    static let ignoreBreak: UInt32 = 0o1
    static let ignoreErrors: UInt32 = 0o4
    static let checkParity: UInt32 = 0o20
  }

  private enum Control {
    static let eightBits: UInt32 = 0o60
    static let twoStopBits: UInt32 = 0o100
    static let receiver: UInt32 = 0o200
    static let parity: UInt32 = 0o400
    static let oddParity: UInt32 = 0o1000
    static let local: UInt32 = 0o4000
    static let otherRate: UInt32 = 0o10000
  }

  /// Makes settings in which bytes go through as they are, and what came with a wrong parity is dropped.
  init(_ settings: SerialSettings) {
    var control = Control.eightBits | Control.receiver | Control.local | Control.otherRate
    if settings.parity != .none { control |= Control.parity }
    if settings.parity == .odd { control |= Control.oddParity }
    if settings.stopBitCount == 2 { control |= Control.twoStopBits }
    let check = settings.parity == .none ? 0 : Input.checkParity
    let rate = UInt32(clamping: settings.baudRate)
    store([Input.ignoreBreak | Input.ignoreErrors | check, 0, control, 0], at: 0)
    store([rate, rate], at: Self.byteCount - 8)
  }

  /// Takes what the kernel says.
  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Room for what the kernel says.
  static var empty: [UInt8] { [UInt8](repeating: 0, count: byteCount) }

  /// Whether the parity bit is there, which not every port can send.
  var hasParity: Bool { word(at: Self.controlFlagsOffset) & Control.parity != 0 }

  /// The rate at which it sends.
  var outputRate: Int { Int(word(at: Self.byteCount - 4)) }

  private func word(at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) }
  }

  private mutating func store(_ words: [UInt32], at offset: Int) {
    for (index, word) in words.enumerated() {
      withUnsafeBytes(of: word) { bytes.replaceSubrange(offset + 4 * index..<offset + 4 * index + 4, with: $0) }
    }
  }
}
#endif
