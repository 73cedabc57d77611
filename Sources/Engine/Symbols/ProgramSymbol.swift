/// A name that a program has for an address.
public struct ProgramSymbol: Sendable, Hashable {
  /// What a symbol names.
  public enum Kind: Sendable, Hashable {
    /// Code: STT_FUNC.
    case function
    /// Data: STT_OBJECT.
    case object
    /// A place that assembly code or the linker script has named: STT_NOTYPE.
    case label
  }

  /// The name as the file has it: those of C++ and Rust stay mangled.
  public var name: String
  /// Its address, without the Thumb bit.
  public var address: UInt32
  /// Its size in bytes; 0 where the file says none, as for many labels.
  public var size: UInt32
  /// What it names.
  public var kind: Kind

  /// Makes a symbol.
  public init(name: String, address: UInt32, size: UInt32, kind: Kind) {
    self.name = name
    self.address = address
    self.size = size
    self.kind = kind
  }
}
