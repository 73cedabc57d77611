import Basics

/// A 32-bit register of the target with named fields.
///
/// Fields are typed by their register, so that a field of another register does not compile. Bits without a name
/// survive a change of the others.
public protocol Register32: RawRepresentable<UInt32>, Sendable, Hashable, CustomStringConvertible {
  /// The manual's name.
  static var name: String { get }
  /// Where the register is.
  static var address: UInt32 { get }
  /// Every named field, lowest first; they do not overlap.
  static var fields: [FieldInfo] { get }

  /// The register's bits.
  var rawValue: UInt32 { get set }

  /// Makes a value from the register's bits.
  init(rawValue: UInt32)
}

/// A field of a register: its name in the manual and its bits.
public struct FieldInfo: Sendable, Hashable {
  /// The manual's name.
  public let name: String
  /// The lowest and the highest bit.
  public let bits: ClosedRange<UInt32>
  /// The names of values that have one.
  public var values: [UInt32: String] = [:]
  /// The bits of the register of which one has to be set for zero to be worth telling; nil where it always is.
  public var relevance: UInt32? = 0

  /// The same with names for values; `relevance` says when zero means something.
  func naming(_ values: [UInt32: String], relevance: UInt32? = 0) -> FieldInfo {
    var field = self
    field.values = values
    field.relevance = relevance
    return field
  }

  /// What the field holds.
  public func value(in word: UInt32) -> UInt32 { (word & mask) >> bits.lowerBound }

  /// What the field says: "SER", "SNB=2", "PSIZE=x32", "nWRP=0xFFF"; nil where it holds a zero that says nothing.
  public func text(in word: UInt32) -> String? {
    let value = value(in: word)
    if value == 0, let relevance, word & relevance == 0 { return nil }
    if let name = values[value] { return "\(self.name)=\(name)" }
    if bits.count == 1 { return name }
    return "\(name)=\(bits.count > 8 ? "0x" + String(value, radix: 16, uppercase: true) : String(value))"
  }

  /// The field's bits in place.
  public var mask: UInt32 {
    let width = bits.upperBound - bits.lowerBound + 1
    return (width == 32 ? .max : (1 << width) - 1) << bits.lowerBound
  }
}

/// A value that a field holds.
public protocol FieldValue {
  /// Makes the value from the field's bits, shifted down to bit 0.
  init(bits: UInt32)
  /// The field's bits, shifted down to bit 0.
  var bits: UInt32 { get }
}

extension Bool: FieldValue {
  /// Set where any bit is.
  public init(bits: UInt32) { self = bits != 0 }
  /// 1 or 0.
  public var bits: UInt32 { self ? 1 : 0 }
}

extension UInt32: FieldValue {
  /// The number as it is.
  public init(bits: UInt32) { self = bits }
  /// The number as it is.
  public var bits: UInt32 { self }
}

/// A field of one register with the type of what it holds.
public struct Field<Register: Register32, Value: FieldValue>: Sendable {
  /// Name and bits.
  public let info: FieldInfo

  /// Makes a field of one bit.
  init(_ name: String, _ bit: UInt32) {
    info = FieldInfo(name: name, bits: bit...bit)
  }

  /// Makes a field of several bits.
  init(_ name: String, _ bits: ClosedRange<UInt32>) {
    info = FieldInfo(name: name, bits: bits)
  }

  /// Makes a field of several bits whose values have names, zero too.
  init(_ name: String, _ bits: ClosedRange<UInt32>, naming values: [UInt32: String]) {
    info = FieldInfo(name: name, bits: bits).naming(values, relevance: nil)
  }
}

extension Register32 {
  /// What a field holds.
  public subscript<Value>(field: Field<Self, Value>) -> Value {
    get { Value(bits: field.info.value(in: rawValue)) }
    set {
      let bits = newValue.bits << field.info.bits.lowerBound & field.info.mask
      rawValue = rawValue & ~field.info.mask | bits
    }
  }

  /// Name, bits, and every field that says something: "DHCSR 0x0003_0003 [C_DEBUGEN C_HALT S_REGRDY S_HALT]".
  public var description: String {
    let parts = Self.fields.compactMap { $0.text(in: rawValue) }
    return "\(Self.name) \(Hexadecimal.word(rawValue)) [\(parts.joined(separator: " "))]"
  }
}

extension DebugAccess {
  /// Reads a register.
  public func read<Register: Register32>(_: Register.Type) throws(DebugError) -> Register {
    Register(rawValue: try readWord(at: Register.address))
  }

  /// Writes a register.
  public func write<Register: Register32>(_ register: Register) throws(DebugError) {
    try writeWord(register.rawValue, at: Register.address)
  }
}
