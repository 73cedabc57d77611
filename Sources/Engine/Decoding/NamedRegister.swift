/// A register of the target by its name, with the fields that the engine knows of it.
public struct NamedRegister: Sendable, Equatable {
  private let register: KnownRegister

  /// The manual's name.
  public var name: String { register.name }
  /// Where the register is.
  public var address: UInt32 { register.address }
  /// The fields, lowest first; none where only the register itself is known.
  public var fields: [FieldInfo] { register.fields }

  /// The register at an address; nil where none is known.
  public init?(at address: UInt32) {
    guard let register = KnownRegister.at(address) else { return nil }
    self.register = register
  }

  /// The register with a name, upper or lower case: FLASH_SR, DBGMCU_IDCODE; nil where none is known.
  public init?(name: String) {
    guard let register = KnownRegister.all.first(where: { $0.name == name.uppercased() }) else { return nil }
    self.register = register
  }

  /// Every name.
  public static var names: [String] { KnownRegister.all.map(\.name) }

  /// What a value says: every field that is not zero, or the name of the whole value.
  public func texts(of value: UInt32) -> [String] { register.parts(of: value) }
}
