/// An access of which a simulated chip makes less than a real one: a test or a user can see that a result may not be the
/// hardware's.
///
/// The first access of its kind and the number of them are kept.
public struct UnmodelledAccess: Sendable, Equatable {
  /// What is not as on silicon, or what the program may not expect.
  public enum Reason: String, Sendable {
    /// The register exists and is not modelled: it reads zero and ignores writes.
    case noModel
    /// The peripheral had no clock: a register reads zero and ignores writes on silicon too.
    case noClock
    /// The peripheral's registers keep what is written, and it does nothing; counted once for the whole peripheral.
    case noFunction
    /// Memory outside of the chip does not answer: it is not there, its pins or its initialisation are missing.
    case notReady
    /// There is neither memory nor a peripheral: the access ends in a bus fault on silicon too.
    case nothingThere
  }

  /// The peripheral block's name in the reference manual; nil where there is none.
  public let peripheral: String?
  /// The address of the first byte.
  public let address: UInt32
  /// The width of the access in bytes: 1, 2 or 4.
  public let byteCount: Int
  /// The value of the first write; nil for reads.
  public let value: UInt32?
  /// What is not as on silicon.
  public let reason: Reason
  /// The address of the instruction that made the first access; nil for a debugger.
  public let programCounter: UInt32?
  /// How often this address has been accessed in this direction.
  public internal(set) var count: Int
}
