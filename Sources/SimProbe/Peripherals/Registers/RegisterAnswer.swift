/// What a register does by itself when software has set some of its bits: an acknowledgement that firmware waits for.
struct RegisterAnswer: Equatable, Sendable {
  /// What happens.
  enum Effect: Equatable, Sendable {
    /// The bits clear themselves.
    case clears
    /// A status bit in another register takes the value of the bit.
    case follows(register: UInt32, bit: UInt32)
    /// Bits in another register set.
    case raises(register: UInt32, bits: UInt32)
    /// Bits in another register clear where ones have been written.
    case lowers(register: UInt32)
  }

  /// The offset of the register that software writes.
  let register: UInt32
  /// Its bits.
  let bits: UInt32
  /// What happens.
  let effect: Effect
  /// How long that takes, in nanoseconds.
  let delay: UInt64

  /// An answer to some bits of a register.
  init(_ register: UInt32, _ bits: UInt32, _ effect: Effect, after delay: UInt64 = 0) {
    self.register = register
    self.bits = bits
    self.effect = effect
    self.delay = delay
  }
}
