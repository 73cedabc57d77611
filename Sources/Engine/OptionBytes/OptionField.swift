/// One field of the option bytes: its name in the manuals and where it is.
public struct OptionField: Sendable, Hashable {
  /// The register that holds a field.
  public enum Register: String, Sendable, Hashable, CaseIterable {
    /// FLASH_OPTCR.
    case control = "OPTCR"
    /// FLASH_OPTCR1, on dies with a second bank.
    case control1 = "OPTCR1"
  }

  /// What a field is for; every die has at most one field of each.
  public enum Role: Sendable, Hashable {
    /// RDP.
    case readProtection
    /// BOR_LEV.
    case brownOutLevel
    /// WDG_SW.
    case softwareWatchdog
    /// nRST_STOP.
    case keepsRunningInStop
    /// nRST_STDBY.
    case keepsRunningInStandby
    /// BFB2.
    case startsFromBank2
    /// DB1M.
    case dualBank
    /// SPRMOD.
    case codeProtection
    /// nWRP of a bank's sectors.
    case sectorProtection(bank: Int)
  }

  /// The manuals' name; the bits for sectors have the range of their numbers in it: "nWRP0-11".
  public let name: String
  /// What it is for.
  public let role: Role
  /// The register that holds it.
  public let register: Register
  /// The lowest and the highest bit in that register.
  public let bits: ClosedRange<UInt32>

  /// The field's bits in place.
  var mask: UInt32 { FieldInfo(name: name, bits: bits).mask }

  /// Whether the field is one bit wide, so that 0 and 1 can mean nothing else.
  var isSingleBit: Bool { bits.count == 1 }

  /// A value's bits as the manuals write them: 0b01, 0xAA, 0xFFF; a single bit is 0 or 1.
  public func bitText(_ value: UInt32) -> String {
    if isSingleBit { return String(value) }
    let isShort = bits.count <= 4
    let digits = String(value, radix: isShort ? 2 : 16, uppercase: true)
    let width = isShort ? bits.count : (bits.count + 3) / 4
    return (isShort ? "0b" : "0x") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

/// Which option bytes a chip has: its die's fields, and the size of flash that their sectors belong to.
public struct OptionLayout: Sendable, Equatable {
  /// The die.
  public let die: Die
  /// The size of the main flash in bytes.
  public let flashByteCount: Int

  /// Every field, in the order in which it is shown: what protects and resets first, then the sectors.
  public let fields: [OptionField]

  /// Makes the layout of a die with so much flash.
  public init(die: Die, flashByteCount: Int) {
    self.die = die
    self.flashByteCount = flashByteCount
    fields = OptionLayout.fields(of: die)
  }

  /// The layout of a chip.
  init(_ device: Device) {
    self.init(die: device.die, flashByteCount: device.flashByteCount)
  }

  /// The field for something; nil where the die has none.
  public func field(_ role: OptionField.Role) -> OptionField? { fields.first { $0.role == role } }

  /// Whether DB1M decides how the flash is cut: on chips with 1 MiB only (RM0090, 3.9.10).
  var hasChoiceOfBanks: Bool { die.hasSecondBank && flashByteCount == FlashSize.k1024.byteCount }

  /// The bits of a register that hold fields.
  func mask(of register: OptionField.Register) -> UInt32 {
    fields.filter { $0.register == register }.reduce(0) { $0 | $1.mask }
  }

  /// RM0033, 3.6.6; RM0090, 3.9.10 and 3.9.11; RM0430, 3.8.5: which die has which.
  private static func fields(of die: Die) -> [OptionField] {
    let numbers: [(OptionField.Role, Field<FlashOptionControl, UInt32>)] = [
      (.readProtection, .readProtection), (.brownOutLevel, .brownOutLevel),
    ]
    var flags: [(OptionField.Role, Field<FlashOptionControl, Bool>)] = [
      (.softwareWatchdog, .softwareWatchdog), (.keepsRunningInStop, .keepsRunningInStop),
      (.keepsRunningInStandby, .keepsRunningInStandby),
    ]
    if die.hasSecondBank { flags += [(.startsFromBank2, .startsFromBank2), (.dualBank, .dualBank)] }
    if die.hasCodeReadProtection { flags.append((.codeProtection, .codeProtection)) }
    let named =
      numbers.map { OptionField(name: $1.info.name, role: $0, register: .control, bits: $1.info.bits) }
      + flags.map { OptionField(name: $1.info.name, role: $0, register: .control, bits: $1.info.bits) }
    let lowest = Field<FlashOptionControl, UInt32>.writeProtection.info.bits.lowerBound
    let first = OptionField(
      name: "nWRP0-\(die.writeProtectionBits - 1)", role: .sectorProtection(bank: 1), register: .control,
      bits: lowest...lowest + UInt32(die.writeProtectionBits) - 1)
    guard die.hasSecondBank else { return named + [first] }
    let count = Field<FlashOptionControl1, UInt32>.writeProtection.info.bits.count
    let second = OptionField(
      name: "nWRP\(die.family.sectors.firstNumberOfBank2)-\(die.family.sectors.firstNumberOfBank2 + count - 1)",
      role: .sectorProtection(bank: 2), register: .control1,
      bits: Field<FlashOptionControl1, UInt32>.writeProtection.info.bits)
    return named + [first, second]
  }
}
