import Basics

/// The option bytes of a chip, as its option registers hold them: every field that the chip has, by its name.
///
/// Bits that are no field of the chip are kept as they were read, and do not count in comparisons.
public struct OptionBytes: Sendable {
  /// RDP of level 0.
  static let level0: UInt32 = 0xAA
  /// RDP of level 2.
  static let level2: UInt32 = 0xCC
  /// RDP that is written for level 1; any byte but the other two would do (RM0090, 3.7.3).
  static let usualLevel1: UInt32 = 0x55

  /// Which fields there are.
  public let layout: OptionLayout
  private var control: UInt32
  private var control1: UInt32

  /// Takes the registers' values.
  init(_ layout: OptionLayout, control: FlashOptionControl, control1: FlashOptionControl1?) {
    self.layout = layout
    self.control = control.rawValue
    self.control1 = control1?.rawValue ?? 0
  }

  /// FLASH_OPTCR as it was read, lock and start bits included.
  public var optionControl: FlashOptionControl { FlashOptionControl(rawValue: control) }
  /// FLASH_OPTCR1; nil on dies without it.
  public var optionControl1: FlashOptionControl1? {
    layout.die.hasSecondBank ? FlashOptionControl1(rawValue: control1) : nil
  }

  /// A register's bits.
  subscript(register: OptionField.Register) -> UInt32 {
    get { register == .control ? control : control1 }
    set { if register == .control { control = newValue } else { control1 = newValue } }
  }

  /// What a field holds, shifted down to bit 0.
  public subscript(field: OptionField) -> UInt32 {
    get { (self[field.register] & field.mask) >> field.bits.lowerBound }
    set {
      self[field.register] = self[field.register] & ~field.mask | newValue << field.bits.lowerBound & field.mask
    }
  }

  /// What a field holds; nil on a chip that does not have it, where setting it does nothing.
  public subscript(role: OptionField.Role) -> UInt32? {
    get { layout.field(role).map { self[$0] } }
    set { if let newValue, let field = layout.field(role) { self[field] = newValue } }
  }

  /// The fields that two states of one chip hold different values in.
  public func fields(differingFrom other: OptionBytes) -> [OptionField] {
    layout.fields.filter { self[$0] != other[$0] }
  }

  /// What the factory stores: nothing protected, no brown-out level, the watchdog started by software.
  public var factory: OptionBytes {
    var bytes = self
    for field in layout.fields {
      switch field.role {
      case .readProtection: bytes[field] = OptionBytes.level0
      case .startsFromBank2, .dualBank, .codeProtection: bytes[field] = 0
      default: bytes[field] = .max
      }
    }
    return bytes
  }
}

extension OptionBytes: Equatable {
  /// Whether all fields of one layout hold the same.
  public static func == (left: OptionBytes, right: OptionBytes) -> Bool {
    left.layout == right.layout && left.fields(differingFrom: right).isEmpty
  }
}

extension OptionBytes: CustomStringConvertible {
  /// Every field with its word, sectors last: "RDP=level0 BOR_LEV=off WDG_SW=software WRP=none".
  public var description: String {
    let fields = layout.fields.filter { if case .sectorProtection = $0.role { false } else { true } }
    let words = fields.map { "\($0.name)=\(word(for: $0))" }
    return (words + ["\(isCodeProtection ? "PCROP" : "WRP")=\(markedSectors.list)"]).joined(separator: " ")
  }
}

extension OptionBytes {
  /// The registers with their bits, and every field by name: how a failure shows them.
  var evidence: String {
    let second = optionControl1.map { ", FLASH_OPTCR1 \($0.rawValue.hexadecimal)" } ?? ""
    return "FLASH_OPTCR \(optionControl.rawValue.hexadecimal)\(second) [\(description)]"
  }
}

// What the fields say.
extension OptionBytes {
  /// The level of read protection.
  public var readProtection: ProtectionState.ReadProtection {
    switch self[.readProtection] {
    case OptionBytes.level0: .level0
    case OptionBytes.level2: .level2
    case let other: .level1(stored: UInt8(truncatingIfNeeded: other ?? 0))
    }
  }

  /// How the flash is cut under these option bytes; nil for a size that cannot be cut like that.
  public var sectorMap: SectorMap? {
    DeviceIdentification.sectorMap(
      of: layout.die, byteCount: layout.flashByteCount, isSplit: self[.dualBank] == 1)
  }

  /// Whether the flash has two banks: always with 2 MiB, by DB1M with 1 MiB (RM0090, 3.9.10).
  var hasTwoBanks: Bool { sectorMap?.bankCount == 2 }

  /// Whether the nWRP bits mean PCROP (SPRMOD).
  public var isCodeProtection: Bool { self[.codeProtection] == 1 }

  /// The sectors that can be neither erased nor programmed; with SPRMOD those that their own code alone can read.
  ///
  /// A bit of 0 protects; with SPRMOD the meaning turns around (RM0090, 3.7.5).
  public var markedSectors: [Sector] {
    (sectorMap?.sectors ?? []).filter { bit(of: $0) == (isCodeProtection ? 1 : 0) }
  }

  /// The nWRP bit of a sector; nil where the die has none for it.
  func bit(of sector: Sector) -> UInt32? {
    guard let field = layout.field(.sectorProtection(bank: sector.bank)), sector.protectionBit < field.bits.count
    else { return nil }
    return self[field] >> UInt32(sector.protectionBit) & 1
  }

  /// Marks these sectors and no others, the bits without a sector included.
  mutating func mark(only sectors: [Sector]) {
    for field in layout.fields {
      guard case .sectorProtection(let bank) = field.role else { continue }
      let bits = sectors.filter { $0.bank == bank }.reduce(0 as UInt32) { $0 | 1 << UInt32($1.protectionBit) }
      self[field] = isCodeProtection ? bits : ~bits
    }
  }

  /// The word for what a field holds: "level1", "2.4V", "software", "2, 5-7", "none".
  public func word(for field: OptionField) -> String {
    guard case .sectorProtection(let bank) = field.role else {
      return OptionWords.word(for: self[field], of: field.role) ?? field.bitText(self[field])
    }
    return markedSectors.filter { $0.bank == bank }.list
  }

  /// What a field does, in a sentence.
  public func meaning(of field: OptionField) -> String {
    if field.role == .dualBank, !layout.hasChoiceOfBanks {
      return "means nothing with \(layout.flashByteCount.byteSize) of flash"
    }
    guard case .sectorProtection(let bank) = field.role else { return OptionWords.meaning(of: self[field], field.role) }
    let sectors = markedSectors.filter { $0.bank == bank }
    if sectors.isEmpty { return isCodeProtection ? "no sector has PCROP" : "no sector is write-protected" }
    let names = (sectors.count == 1 ? "sector " : "sectors ") + sectors.list
    return isCodeProtection
      ? "PCROP: \(names) can be read by their own code only, and not written"
      : "\(names) cannot be erased or programmed"
  }
}

extension [Sector] {
  /// The numbers with ranges put together: "0-3,7"; "none" where there are none.
  public var list: String {
    if isEmpty { return "none" }
    var runs: [ClosedRange<Int>] = []
    for number in map(\.number).sorted() {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? String($0.lowerBound) : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }
}
