/// The registers that keep exceptions off (ARMv7-M, B1.4.3).
struct ExceptionMask: Equatable {
  /// PRIMASK: everything of a configurable priority.
  var primask = false
  /// FAULTMASK: everything but NMI.
  var faultmask = false
  /// BASEPRI: this priority and lower ones; 0 for none.
  var basepri: UInt8 = 0
}
