/// A probe's firmware version, as ST writes it: "V2J37S7", "V2J28M17", "V3J9M3B5S1".
struct ProbeVersion: Equatable, Sendable {
  /// V: the generation of the probe; 2 for V2 and V2-1, 3 for V3, 4 for V3PWR.
  var generation: UInt8
  /// J: the level of the debug interface, which decides what commands there are.
  var debugLevel: UInt8 = 0
  /// S: the level of the SWIM interface.
  var swimLevel: UInt8 = 0
  /// M: the level of the mass-storage interface.
  var massStorageLevel: UInt8 = 0
  /// B: the level of the bridge (V3 only).
  var bridgeLevel: UInt8 = 0
  /// P: the level of the power supply (V3PWR only).
  var powerLevel: UInt8 = 0

  /// Reads a version from its text, in either case; every part but V and J may be missing.
  init?(text: String) {
    var parts: [Character: UInt8] = [:]
    var letter: Character?
    for character in text.uppercased() {
      if character.isASCII, let digit = character.wholeNumberValue {
        guard let letter else { return nil }
        let (scaled, scaleOverflow) = (parts[letter] ?? 0).multipliedReportingOverflow(by: 10)
        let (value, sumOverflow) = scaled.addingReportingOverflow(UInt8(digit))
        guard !scaleOverflow, !sumOverflow else { return nil }
        parts[letter] = value
      } else {
        guard "VJSMBP".contains(character), parts[character] == nil else { return nil }
        if let letter, parts[letter] == nil { return nil }
        letter = character
      }
    }
    guard let letter, parts[letter] != nil, let generation = parts["V"], let debugLevel = parts["J"] else { return nil }
    self.generation = generation
    self.debugLevel = debugLevel
    swimLevel = parts["S"] ?? 0
    massStorageLevel = parts["M"] ?? 0
    bridgeLevel = parts["B"] ?? 0
    powerLevel = parts["P"] ?? 0
  }

  /// The version as ST writes it, without the parts that are zero.
  var text: String {
    let optional: [(String, UInt8)] = [
      ("M", massStorageLevel), ("B", bridgeLevel), ("S", swimLevel), ("P", powerLevel),
    ]
    return "V\(generation)J\(debugLevel)"
      + optional.filter { $0.1 != 0 }.map { "\($0.0)\($0.1)" }.joined()
  }

  /// The reply to GET_VERSION (docs/simulated-probe.md, "Versions").
  ///
  /// V, J and the third level in 4, 6 and 6 bits, big-endian; vendor; product. From V3 on the level bits are zero.
  func reply(productID: UInt16) -> [UInt8] {
    let third = massStorageLevel != 0 ? massStorageLevel : swimLevel
    let levels = generation >= 3 ? 0 : UInt16(debugLevel & 0x3F) << 6 | UInt16(third & 0x3F)
    let word = UInt16(generation) << 12 | levels
    return [UInt8(word >> 8), UInt8(truncatingIfNeeded: word)] + ProbeVersion.ids(productID)
  }

  /// The reply to GET_VERSION_EX, which V3 and later have.
  func extendedReply(productID: UInt16) -> [UInt8] {
    [generation, swimLevel, debugLevel, massStorageLevel, bridgeLevel, powerLevel, 0, 0] + ProbeVersion.ids(productID)
  }

  private static func ids(_ productID: UInt16) -> [UInt8] {
    [0x83, 0x04, UInt8(truncatingIfNeeded: productID), UInt8(productID >> 8)]
  }
}
