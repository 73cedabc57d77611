/// Bytes of replies that mean nothing, or that no two probes agree on: a comparison leaves them out.
public struct VolatileBytes: Sendable, Equatable {
  /// Why they differ, as one word.
  public var name: String
  /// The bytes with which the commands begin that are answered with them.
  public var command: [UInt8]
  /// Their positions in the reply, from 0.
  public var bytes: ClosedRange<Int>

  /// Every such place that we know.
  ///
  /// Behind a status stand two bytes that the firmware leaves as earlier traffic made them; in recordings of a V2J16 they
  /// hold 0000, 7800, 0001, 0040 and 0180. The voltage's readings jitter. The second byte of the mode has no meaning, and
  /// neither have bytes 2, 3 and 8 to 11 of GETLASTRWSTATUS2.
  public static let all: [VolatileBytes] =
    withStaleBytes.map { VolatileBytes(name: "stale", command: $0.bytes, bytes: 2...3) } + [
      VolatileBytes(name: "voltage", command: STLinkOpcode.getTargetVoltage.bytes, bytes: 0...7),
      VolatileBytes(name: "mode", command: STLinkOpcode.getCurrentMode.bytes, bytes: 1...1),
      VolatileBytes(name: "unused", command: STLinkOpcode.getLastStatus2.bytes, bytes: 2...3),
      VolatileBytes(name: "unused", command: STLinkOpcode.getLastStatus2.bytes, bytes: 8...11),
    ]

  private static let withStaleBytes: [STLinkOpcode] = [
    .readIDCodes, .readRegister, .readDebugRegister, .readAllRegisters, .readDAPRegister, .setComFrequency,
    .getComFrequency,
  ]
}
