import Basics
public import LinkInterface

/// What is known of a ROM bootloader that answers.
public struct BootloaderDescription: Sendable, Equatable {
  /// The port at which it answers.
  public var port: SerialIdentity
  /// How characters stand on the line.
  public var settings: SerialSettings
  /// The version of its protocol: 0x31 is 3.1.
  public var protocolVersion: UInt8
  /// The byte by which AN2606 tells it from others; nil where read protection hides it.
  public var identifier: UInt8?
  /// The 96 bits that tell the chip from all others; nil where read protection hides them.
  public var uniqueID: [UInt8]?

  /// The protocol's version as it is written: "3.1".
  public var protocolName: String { "\(protocolVersion >> 4).\(protocolVersion & 0x0F)" }
}
