/// An access to a register that the simulator knows to exist but does not model, or whose peripheral has no clock.
///
/// Such a read answers with zero and such a write does nothing, but neither happens silently: the first access and
/// the number of them are kept, so that a test or a user can see that a result may not be the hardware's.
public struct UnmodelledAccess: Sendable, Equatable {
  /// The peripheral block's name in the reference manual.
  public let peripheral: String
  /// The address of the first byte.
  public let address: UInt32
  /// The width of the access in bytes: 1, 2 or 4.
  public let byteCount: Int
  /// The value of the first write; nil for reads.
  public let value: UInt32?
  /// Whether the peripheral had its clock: without it a register reads zero and ignores writes on silicon too.
  public let isClocked: Bool
  /// The address of the instruction that made the first access; nil for a debugger.
  public let programCounter: UInt32?
  /// How often this address has been accessed in this direction.
  public internal(set) var count: Int
}
