import Basics

/// The version of a probe's firmware, one number for each of its parts.
public struct FirmwareVersion: Sendable, Hashable, CustomStringConvertible {
  /// V: the hardware generation as the firmware counts it, 1 to 4.
  public var major: Int
  /// J: the level of the JTAG and SWD part, which decides what can be asked; 0 where there is none.
  public var debug: Int
  /// S: the level of the SWIM part; nil where the firmware has none or does not say.
  public var swim: Int?
  /// M: the level of the mass-storage part; nil where the firmware has none or does not say.
  public var massStorage: Int?
  /// B: the level of the bridge part (V3); nil where the firmware has none or does not say.
  public var bridge: Int?
  /// P: the level of the power part (V3PWR); nil where the firmware has none or does not say.
  public var power: Int?

  /// Makes a version from its parts.
  public init(
    major: Int, debug: Int, swim: Int? = nil, massStorage: Int? = nil, bridge: Int? = nil, power: Int? = nil
  ) {
    self.major = major
    self.debug = debug
    self.swim = swim
    self.massStorage = massStorage
    self.bridge = bridge
    self.power = power
  }

  /// Reads the reply to GET_VERSION: a big-endian word with V in bits 15 to 12, J in 11 to 6, S or M in 5 to 0.
  ///
  /// On a composite probe the low bits are M. Probes on boards with an STM8 are the exception (as OpenOCD knows them):
  /// there the same bits mean M and S, and no JTAG or SWD part exists.
  ///
  /// - Returns: nil when the reply has not 6 bytes or does not carry ST's vendor id.
  init?(reply: [UInt8], generation: STLinkGeneration) {
    guard reply.count == 6, reply.littleEndianHalfword(at: 2) == STLinkProduct.vendorID else { return nil }
    let word = Int(reply[0]) << 8 | Int(reply[1])
    let (major, high, low) = (word >> 12, word >> 6 & 0x3F, word & 0x3F)
    if major >= 3 {
      self.init(major: major, debug: high)
    } else if generation == .v21 {
      let isForSTM8 = high <= 22 && low == 7 || high >= 25 && (7...12).contains(low)
      self =
        isForSTM8
        ? FirmwareVersion(major: major, debug: 0, swim: low, massStorage: high)
        : FirmwareVersion(major: major, debug: high, massStorage: low)
    } else {
      self.init(major: major, debug: high, swim: low)
    }
  }

  /// Reads the reply to GET_VERSION_EX: one byte each for V, S, J, M, B and P, then the USB ids at offset 8.
  ///
  /// - Returns: nil when the reply has not 12 bytes or does not carry ST's vendor id.
  init?(extendedReply reply: [UInt8]) {
    guard reply.count == 12, reply.littleEndianHalfword(at: 8) == STLinkProduct.vendorID else { return nil }
    func part(_ offset: Int) -> Int? { reply[offset] == 0 ? nil : Int(reply[offset]) }
    self.init(
      major: Int(reply[0]), debug: Int(reply[2]), swim: part(1), massStorage: part(3), bridge: part(4), power: part(5))
  }

  /// The version as everybody writes it: "V2J37S7", "V2J37M27", "V3J9M3B5S1".
  public var description: String {
    let parts: [(String, Int?)] = [("M", massStorage), ("B", bridge), ("S", swim), ("P", power)]
    let debugPart = debug == 0 ? "" : "J\(debug)"
    return "V\(major)\(debugPart)" + parts.map { letter, level in level.map { "\(letter)\($0)" } ?? "" }.joined()
  }
}
