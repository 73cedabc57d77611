/// A register of the target as a decoded session names it.
struct KnownRegister: Sendable, Equatable {
  /// The manual's name.
  var name: String
  /// Where the register is.
  var address: UInt32
  /// The fields that we know, lowest first.
  var fields: [FieldInfo]
  /// The names of whole values, such as those of keys.
  var values: [UInt32: String] = [:]
  /// The bits that hold a key when the register is written, and mean something else when it is read.
  var keyBits: UInt32 = 0

  /// The name of the value, and every field that is not zero: "SER", "SNB=2", "PSIZE=x32".
  func parts(of word: UInt32, isWrite: Bool = false) -> [String] {
    if let name = values[word] { return [name] }
    let word = isWrite ? word & ~keyBits : word
    return fields.compactMap { $0.text(in: word) }
  }

  /// The register at an address; nil where we know none.
  static func at(_ address: UInt32) -> KnownRegister? { byAddress[address] }

  /// Every register that we know.
  static let all: [KnownRegister] = engineRegisters + table

  private static let byAddress = Dictionary(all.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })

  /// Takes over a register that the engine works with.
  private init<Register: Register32>(_: Register.Type, keyBits: UInt32 = 0) {
    self.init(
      name: Register.name, address: Register.address,
      fields: Register.fields.sorted { $0.bits.lowerBound < $1.bits.lowerBound }, keyBits: keyBits)
  }

  private init(
    name: String, address: UInt32, fields: [FieldInfo], values: [UInt32: String] = [:], keyBits: UInt32 = 0
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
        fields.append(FieldInfo(name: String(parts[0]), bits: low...high))
      }
    }
  }

  /// The registers that the engine itself works with.
  private static let engineRegisters: [KnownRegister] = [
    KnownRegister(FlashControl.self),
    KnownRegister(FlashStatus.self),
    KnownRegister(FlashAccessControl.self),
    KnownRegister(FlashOptionControl.self),
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
