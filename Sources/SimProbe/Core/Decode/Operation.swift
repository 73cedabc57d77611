/// An instruction decoded into what executing it needs, in 16 bytes; but for `programCounter` a function of its bits.
///
/// Which field holds what depends on the kind; the comments on `OperationKind` say where it is not obvious.
struct Operation {
  /// What R15 reads as while it executes, its address plus 4; 0 outside blocks.
  var programCounter: UInt32 = 0
  /// The immediate operand, expanded: an offset with its sign, a mask of registers, a branch distance.
  var immediate: UInt32 = 0
  /// What to do.
  var kind = OperationKind.undefined
  /// Rd or Rt; a floating-point destination by number of its single-precision register.
  var destination: UInt8 = 0
  /// Rn.
  var first: UInt8 = 0
  /// Rm.
  var second: UInt8 = 0
  /// Ra, Rt2, RdHi, a condition, or a second immediate.
  var third: UInt8 = 0
  /// The shift of the second operand.
  var shift = ShiftType.left
  /// Switches that several kinds share.
  var options: OperationOptions = []
  /// The clock cycles that it takes at least.
  var cycles: UInt8 = 1
}

/// Switches of an operation.
struct OperationOptions: OptionSet {
  let rawValue: UInt8

  /// Sets the condition flags.
  static let setsFlags = OperationOptions(rawValue: 1 << 0)
  /// Sets them only outside an IT block (16-bit data processing).
  static let onlyOutsideIfThen = OperationOptions(rawValue: 1 << 1)
  /// The immediate was rotated, so that its top bit is the carry of a logical operation.
  static let carriesTopBit = OperationOptions(rawValue: 1 << 2)
  /// The offset is applied before the access (P); without it the access is post-indexed.
  static let indexed = OperationOptions(rawValue: 1 << 3)
  /// The base register is written back (W).
  static let writesBack = OperationOptions(rawValue: 1 << 4)
  /// A variant of the operation; the kind says which.
  static let variant = OperationOptions(rawValue: 1 << 5)
}

/// The shifts of ARMv7-M, A7.4.2, in the order of their two-bit code; rotation with extend is coded as rotation by 0.
enum ShiftType: UInt8 {
  case left
  case right
  case arithmeticRight
  case rotate
  case rotateWithExtend
  /// Not of the architecture: a rotation by `third`, after which the immediate masks bits; it leaves the carry alone.
  case rotateAndMask
}
