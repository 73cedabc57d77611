/// How to find the caller's registers from a function's at one address: a row of the table that DW_CFA instructions make.
///
/// Source: DWARF 5, 6.4.1. Registers 0 to 15 are R0 to R15 (DWARF for the Arm Architecture, IHI 0040, 4.1); those of the
/// FPU are passed over, because no address is found with them.
struct UnwindRules: Sendable {
  /// Where a caller's register is.
  enum Rule: Sendable, Hashable {
    /// It has not been changed; by the procedure call standard, what is not mentioned is not changed either (R4 to R11),
    /// or nobody keeps it (R0 to R3, R12).
    case unspecified
    /// It is the same as in this frame.
    case same
    /// It cannot be found again.
    case undefined
    /// It is in memory, so far from the canonical frame address.
    case stored(Int32)
    /// It is the canonical frame address plus so much.
    case frameAddress(Int32)
    /// It is in another register.
    case register(Int)
    /// An expression gives the address where it is, or itself.
    case expression(Range<Int>, isAddress: Bool)
  }

  /// How the canonical frame address is computed: the caller's stack pointer.
  enum FrameAddress: Sendable, Hashable {
    case unknown
    /// A register plus so much.
    case register(Int, Int32)
    case expression(Range<Int>)
  }

  /// The registers that rules are kept for.
  static let registerCount = 16

  var frameAddress = FrameAddress.unknown
  private var rules = [Rule](repeating: .unspecified, count: registerCount)

  /// The rule of a register; setting one of a register that is not kept does nothing.
  subscript(_ register: Int) -> Rule {
    get { rules.indices.contains(register) ? rules[register] : .unspecified }
    set { if rules.indices.contains(register) { rules[register] = newValue } }
  }
}
