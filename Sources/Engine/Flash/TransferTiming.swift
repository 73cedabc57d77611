import Basics
import LinkInterface

/// How long accesses through the debug port take: enough to predict, not to measure.
///
/// The figures are those of recorded sessions with ST-LINK/V2-1 and V3: a word of a block costs 46 SWD clocks and some
/// overhead on the probe, a command its USB transfers.
public struct TransferTiming: Sendable, Equatable {
  /// One access of a block, of any width.
  public var access: Duration
  /// One command with its status query.
  public var command: Duration

  /// Makes a timing of known figures.
  public init(access: Duration, command: Duration) {
    self.access = access
    self.command = command
  }

  /// The timing at an SWD clock; a V3 sends faster between the packets.
  public init(kilohertz: Int, isV3: Bool) {
    let bit = 1e3 / Double(max(kilohertz, 1)) + (isV3 ? 0 : 0.16)
    access = .nanoseconds(Int64(1000 * (46 * bit + (isV3 ? 2 : 4))))
    command = isV3 ? .microseconds(240) : .microseconds(560)
  }

  /// The timing of a ROM bootloader: each block of 256 bytes has 13 others around it, answers included.
  init(bootloaderAt settings: SerialSettings) {
    access = settings.duration(ofCharacters: 4 * (256 + 13)) / 256
    command = .zero
  }

  /// V2-1 at 4 MHz, the usual case.
  public static let standard = TransferTiming(kilohertz: 4000, isV3: false)

  /// The time to move bytes with accesses of a width, in commands of `bytesPerCommand`.
  func time(byteCount: Int, width: Int, bytesPerCommand: Int) -> Duration {
    access * (byteCount / width) + command * ((byteCount + bytesPerCommand - 1) / bytesPerCommand)
  }
}
