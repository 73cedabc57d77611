/// One line of the encoding table: a bit pattern and how its letters become an operation.
///
/// A pattern has 16 or 32 places (blanks do not count) from bit 15 of the first halfword to bit 0 of the last. `0` and
/// `1` are fixed, `x` is free, equal letters are one field, its bits in the order in which they appear:
///
/// | Letter | Field |
/// |---|---|
/// | `d`, `t` | destination: Rd, Rt, RdLo, Vd |
/// | `n` | first operand: Rn, Vn |
/// | `b` | first operand as the base of an address; 1111 does not match |
/// | `m` | second operand: Rm, Vm |
/// | `a`, `u`, `c`, `j` | third: Ra, Rt2 or RdHi, a condition, a second immediate |
/// | `e` | destination and first operand at once (Rdn) |
/// | `f` | destination and second operand at once (Rdm) |
/// | `i` | immediate |
/// | `r` | a list of registers; its bits keep their places |
/// | `s` | sets the flags |
/// | `w` | writes the base back |
/// | `U` | the offset is added |
/// | `y` | shift type; alone: 0 left, 1 arithmetic right |
/// | `v`, `z` | destination, second operand: a double-precision register |
/// | `D`, `N`, `M` | lowest bit of a single-precision register number whose other bits are `d`, `n`, `m` |
struct Encoding: Sendable {
  /// How the bits of the immediate field become the operand.
  enum Immediate: Sendable {
    /// A number, shifted left; it is negative where the pattern's U bit is 0.
    case scaled(by: UInt32)
    /// A number below zero.
    case negative
    /// A constant that the pattern implies.
    case constant(UInt32)
    /// A modified immediate (A5.3.2).
    case expanded
    /// MOVW and MOVT: i, imm4, imm3, imm8 as they appear.
    case moveWide
    /// The amount of an immediate shift (A7.4.2).
    case shiftAmount
    /// A signed branch distance in halfwords of this many bits.
    case branch(bits: UInt32)
    /// The distance of a 32-bit conditional branch: S, imm6, J1, J2, imm11 as they appear.
    case branchConditionalWide
    /// The distance of a 32-bit branch: S, imm10, J1, J2, imm11 as they appear.
    case branchWide
    /// A list whose bit 8 stands for R14.
    case listWithLink
    /// A list whose bit 8 stands for R15.
    case listWithProgramCounter
    /// A floating-point constant (A6.4.1).
    case float
    /// Twice an even number of words: a list of double-precision registers.
    case doubleList
  }

  /// What the processor must have.
  enum Requirement: Sendable {
    case none
    case dsp
    case floatingPoint
  }

  let name: String
  let pattern: String
  let kind: OperationKind
  let immediate: Immediate
  let options: OperationOptions
  let shift: ShiftType
  /// The base register of an encoding that implies one.
  let base: UInt8?
  /// The destination of an encoding that implies one.
  let destination: UInt8?
  /// What the processor must have.
  private(set) var requirement = Requirement.none
  /// The fixed bits, as they stand in a 32-bit word whose high half is the first halfword; a 16-bit pattern uses the
  /// low half only.
  let mask: UInt32
  /// Their values.
  let value: UInt32
  /// Where `b` stands in the pattern; these bits must not all be set.
  let baseMask: UInt32
  /// Where each letter stands, by its ASCII code.
  private let fieldMasks: [UInt32]
  /// How many places the pattern has.
  private let length: Int

  init(
    _ name: String, _ pattern: String, _ kind: OperationKind, as immediate: Immediate = .scaled(by: 0),
    _ options: OperationOptions = [], shift: ShiftType = .left, base: UInt8? = nil,
    destination: UInt8? = nil
  ) {
    self.name = name
    self.pattern = pattern
    self.kind = kind
    self.immediate = immediate
    self.options = options
    self.shift = shift
    self.base = base
    self.destination = destination
    let places = pattern.utf8.filter { $0 != UInt8(ascii: " ") }
    length = places.count
    var masks = [UInt32](repeating: 0, count: 128)
    for (index, place) in places.enumerated() { masks[Int(place)] |= 1 << UInt32(places.count - 1 - index) }
    fieldMasks = masks
    value = masks[Int(UInt8(ascii: "1"))]
    mask = masks[Int(UInt8(ascii: "0"))] | value
    baseMask = masks[Int(UInt8(ascii: "b"))]
  }

  /// The same encoding for processors that have something.
  func requiring(_ requirement: Requirement) -> Encoding {
    var copy = self
    copy.requirement = requirement
    return copy
  }

  /// Whether the pattern has 32 places.
  var isWide: Bool { length == 32 }

  /// Where a letter stands in the pattern.
  func places(of letter: UInt8) -> UInt32 { fieldMasks[Int(letter)] }

  /// Whether an instruction of this pattern's length matches.
  func matches(_ word: UInt32) -> Bool {
    word & mask == value && (baseMask == 0 || word & baseMask != baseMask)
  }

  /// The bits of a field in the order in which they appear, and how many there are.
  func field(_ letter: UInt8, of word: UInt32) -> (bits: UInt32, width: UInt32) {
    var rest = fieldMasks[Int(letter)]
    var (bits, width): (UInt32, UInt32) = (0, 0)
    while rest != 0 {
      let lowest = rest.trailingZeroBitCount
      bits |= (word >> UInt32(lowest) & 1) << width
      width += 1
      rest &= rest - 1
    }
    return (bits, width)
  }
}
