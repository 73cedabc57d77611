/// One option of a chip as it comes: what somebody has set in its option bytes before (RM0090, 3.7).
///
/// As text it is NAME=VALUE with the manuals' names: `RDP=1`, `BOR_LEV=0`, `WDG_SW=0`, `nRST_STOP=0`, `nRST_STDBY=0`,
/// `BFB2=1`, `DB1M=1`, `WRP=0,5-8` and `PCROP=2` (sectors), or whole registers, `OPTCR=0x0FFFAAED` and `OPTCR1=0x0FFF0000`.
public struct OptionSetting: Sendable, Equatable {
  private enum Change: Equatable {
    case readProtection(UInt8)
    case brownOutLevel(UInt16)
    case userBit(UInt16, Bool)
    case splitsIntoBanks(Bool)
    case writeProtected([Int])
    case readoutProtected([Int])
    case control(UInt32)
    case control1(UInt32)
  }

  /// The option's name.
  public let name: String
  private let change: Change

  /// Where the options of one bit stand in the first halfword.
  private static let userBits: [String: UInt16] = [
    "BFB2": 1 << 4, "WDG_SW": 1 << 5, "NRST_STOP": 1 << 6, "NRST_STDBY": 1 << 7,
  ]
  /// The names, as they are written.
  static let names = "RDP, BOR_LEV, WDG_SW, nRST_STOP, nRST_STDBY, BFB2, DB1M, WRP, PCROP, OPTCR and OPTCR1"

  /// Reads a setting.
  ///
  /// - Throws: `OptionSettingError` for an unknown name and for a value that does not fit.
  public init(_ text: String) throws(OptionSettingError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw .unknownName(text) }
    name = parts[0].uppercased()
    change = try OptionSetting.change(name, parts[1].lowercased())
  }

  private static func change(_ name: String, _ value: String) throws(OptionSettingError) -> Change {
    let change: Change?
    let expected: String
    switch name {
    case "RDP":
      expected = "0, 1, 2 or the byte as 0x hexadecimal"
      let levels: [String: UInt8] = ["0": OptionBytes.level0, "1": 0x55, "2": OptionBytes.level2]
      let byte = value.hasPrefix("0x") ? UInt8(value.dropFirst(2), radix: 16) : levels[value]
      change = byte.map { .readProtection($0) }
    case "BOR_LEV":
      expected = "the bits 0 (the highest threshold) to 3 (off)"
      change = UInt16(value).flatMap { $0 <= 3 ? .brownOutLevel($0) : nil }
    case "DB1M":
      expected = "0 or 1"
      change = bit(value).map { .splitsIntoBanks($0) }
    case "WRP", "PCROP":
      expected = "sectors, such as 0,5-8"
      change = sectors(value).map { name == "WRP" ? .writeProtected($0) : .readoutProtected($0) }
    case "OPTCR", "OPTCR1":
      expected = "the register as 0x hexadecimal"
      let word = value.hasPrefix("0x") ? UInt32(value.dropFirst(2), radix: 16) : nil
      change = word.map { name == "OPTCR" ? .control($0) : .control1($0) }
    default:
      guard let mask = userBits[name] else { throw .unknownName(name) }
      expected = "0 or 1"
      change = bit(value).map { .userBit(mask, $0) }
    }
    guard let change else { throw .badValue(value, name: name, expected: expected) }
    return change
  }

  private static func bit(_ text: String) -> Bool? { ["0": false, "1": true][text] }

  /// "0,5-8".
  private static func sectors(_ text: String) -> [Int]? {
    var found: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends[0], let last = ends[ends.count - 1], ends.count <= 2, (0...last).contains(first), last < 24
      else { return nil }
      found += first...last
    }
    return found
  }

  /// Changes option bytes.
  ///
  /// - Throws: `OptionSettingError` where the part does not have the option or the sector.
  func apply(to options: inout OptionBytes, of variant: ChipVariant) throws(OptionSettingError) {
    let die = variant.die
    switch change {
    case .readProtection(let byte): options.user = options.user & 0x00FF | UInt16(byte) << 8
    case .brownOutLevel(let code): options.user = options.user & ~0b1100 | code << 2
    case .userBit(let mask, let isSet):
      guard name != "BFB2" || die.hasSecondBankRegisters else { throw .notOnThisPart(name: name) }
      options.user = isSet ? options.user | mask : options.user & ~mask
    case .splitsIntoBanks(let isSet):
      guard die.hasSecondBankRegisters else { throw .notOnThisPart(name: name) }
      options.writeProtect = isSet ? options.writeProtect | 1 << 14 : options.writeProtect & ~(1 << 14)
    case .writeProtected(let sectors):
      let bits = try bits(of: sectors, options, variant)
      options.writeProtect &= ~bits.first
      options.writeProtect2 &= ~bits.second
    case .readoutProtected(let sectors):
      guard die.hasReadoutProtectedSectors else { throw .notOnThisPart(name: name) }
      let bits = try bits(of: sectors, options, variant)
      // A bit that is 1 protects, and the others go to 0 (RM0090, 3.7.5).
      options.writeProtect = options.writeProtect & 1 << 14 & ~die.writeProtectField | 1 << 15 | bits.first
      options.writeProtect2 = bits.second
    case .control(let word):
      options = OptionBytes(optionControl: word, optionControl1: options.optionControl1(), die: die)
    case .control1(let word):
      guard die.hasSecondBankRegisters else { throw .notOnThisPart(name: name) }
      options = OptionBytes(optionControl: options.optionControl(die), optionControl1: word, die: die)
    }
  }

  /// The nWRP bits of sectors, in both banks' halfwords.
  private func bits(
    of sectors: [Int], _ options: OptionBytes, _ variant: ChipVariant
  ) throws(OptionSettingError) -> (first: UInt16, second: UInt16) {
    let map = variant.sectorMap(splitIntoBanks: options.splitsIntoBanks)
    var (first, second): (UInt16, UInt16) = (0, 0)
    for number in sectors {
      guard let sector = map.sectors.first(where: { $0.number == number }) else { throw .noSuchSector(number) }
      if sector.bank == 0 {
        first |= 1 << UInt16(min(number, variant.die.writeProtectBits - 1))
      } else {
        second |= 1 << UInt16(number - 12)
      }
    }
    return (first, second)
  }
}

/// Why an option cannot be set.
public enum OptionSettingError: Error, Sendable, Equatable {
  /// No option has such a name, or nothing is said of its value.
  case unknownName(String)
  /// The value does not fit.
  case badValue(String, name: String, expected: String)
  /// The part does not have the option.
  case notOnThisPart(name: String)
  /// The part does not have the sector.
  case noSuchSector(Int)

  /// The error in a sentence, with the choices where there are some.
  public var text: String {
    switch self {
    case .unknownName(let text): "\"\(text)\" is no option with its value; there are \(OptionSetting.names)"
    case .badValue(let value, let name, let expected): "\"\(value)\" does not fit \(name), which takes \(expected)"
    case .notOnThisPart(let name): "the chip has no \(name)"
    case .noSuchSector(let number): "the chip has no sector \(number)"
    }
  }
}

extension Chip {
  /// Gives a chip that never had power other option bytes than those of the factory.
  func set(_ settings: [OptionSetting]) throws(OptionSettingError) {
    for setting in settings { try setting.apply(to: &flash.storedOptions, of: model.variant) }
    flash.loadOptions()
  }
}
