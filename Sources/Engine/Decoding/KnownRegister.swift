/// A register of the target as a decoded session names it.
struct KnownRegister: Sendable, Equatable {
  /// A field: its name in the manual, its bits, and the names of values that have one.
  struct Field: Sendable, Equatable {
    /// The manual's name.
    var name: String
    /// The lowest and the highest bit.
    var bits: ClosedRange<UInt32>
    /// The names of some values.
    var values: [UInt32: String] = [:]
    /// The bits of the register of which one has to be set for zero to mean anything.
    var relevance: UInt32 = 0

    func value(in word: UInt32) -> UInt32 {
      word >> bits.lowerBound & (bits.count == 32 ? .max : (1 << UInt32(bits.count)) - 1)
    }
  }

  /// The manual's name.
  var name: String
  /// Where the register is.
  var address: UInt32
  /// The fields that we know, lowest first.
  var fields: [Field]
  /// The names of whole values, such as those of keys.
  var values: [UInt32: String] = [:]
  /// The bits that hold a key when the register is written, and mean something else when it is read.
  var keyBits: UInt32 = 0

  /// The name of the value, and every field that is not zero: "SER", "SNB=2", "PSIZE=x32".
  func parts(of word: UInt32, isWrite: Bool = false) -> [String] {
    if let name = values[word] { return [name] }
    let word = isWrite ? word & ~keyBits : word
    return fields.compactMap { field in
      let value = field.value(in: word)
      if value == 0 && word & field.relevance == 0 { return nil }
      if let name = field.values[value] { return "\(field.name)=\(name)" }
      if field.bits.count == 1 { return field.name }
      let isLong = field.bits.count > 8
      return "\(field.name)=\(isLong ? "0x" + String(value, radix: 16, uppercase: true) : String(value))"
    }
  }

  /// The register at an address; nil where we know none.
  static func at(_ address: UInt32) -> KnownRegister? { byAddress[address] }

  /// Every register that we know.
  static let all: [KnownRegister] = engineRegisters + table

  private static let byAddress = Dictionary(all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })

  /// Takes over a register that the engine works with.
  private init<Register: Register32>(
    _: Register.Type, naming values: [String: [UInt32: String]] = [:], relevance: UInt32 = 0, keyBits: UInt32 = 0
  ) {
    let fields = Register.fields.map { info in
      let names = values[info.name] ?? [:]
      return Field(name: info.name, bits: info.bits, values: names, relevance: names.isEmpty ? 0 : relevance)
    }
    self.init(
      name: Register.name, address: Register.address,
      fields: fields.sorted { $0.bits.lowerBound < $1.bits.lowerBound }, keyBits: keyBits)
  }

  private init(
    name: String, address: UInt32, fields: [Field], values: [UInt32: String] = [:], keyBits: UInt32 = 0
  ) {
    self.name = name
    self.address = address
    self.fields = fields
    self.values = values
    self.keyBits = keyBits
  }

  /// Reads a row: NAME ADDRESS, then FIELD:BIT, FIELD:LOW-HIGH and *VALUE=NAME as often as wanted; nil for another form.
  init?(row: some StringProtocol) {
    var words = row.split(separator: " ")[...]
    guard let name = words.popFirst(), let address = words.popFirst().flatMap({ UInt32($0, radix: 16) }) else {
      return nil
    }
    self.init(name: String(name), address: address, fields: [])
    for word in words {
      if word.hasPrefix("*") {
        let parts = word.dropFirst().split(separator: "=")
        guard parts.count == 2, let value = UInt32(parts[0], radix: 16) else { return nil }
        values[value] = String(parts[1])
      } else {
        let parts = word.split(separator: ":")
        let ends = parts.count == 2 ? parts[1].split(separator: "-").compactMap { UInt32($0) } : []
        guard let low = ends.first, let high = ends.last, low <= high, high < 32 else { return nil }
        fields.append(Field(name: String(parts[0]), bits: low...high))
      }
    }
  }

  /// The registers that the engine itself works with.
  private static let engineRegisters: [KnownRegister] = [
    // The width counts while something is to be programmed or erased: PG, SER, MER, MER1.
    KnownRegister(
      FlashControl.self, naming: ["PSIZE": [0: "x8", 1: "x16", 2: "x32", 3: "x64"]], relevance: 0x8007),
    KnownRegister(FlashStatus.self),
    KnownRegister(FlashAccessControl.self),
    KnownRegister(FlashOptionControl.self, naming: ["RDP": [0xAA: "level0", 0xCC: "level2"]]),
    KnownRegister(FlashOptionControl1.self),
    KnownRegister(DHCSR.self, keyBits: 0xFFFF_0000),
    KnownRegister(DEMCR.self),
    KnownRegister(DFSR.self),
    KnownRegister(AIRCR.self, keyBits: 0xFFFF_0000),
    KnownRegister(CPUID.self),
    KnownRegister(DBGMCUControl.self),
    KnownRegister(DBGMCUAPB1Freeze.self),
  ]
}
