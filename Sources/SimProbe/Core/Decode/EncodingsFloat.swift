/// The encodings of the single-precision floating-point extension (FPv4-SP), ARMv7-M manual, chapter A6.
extension Encoding {
  static let float: [Encoding] = [
    // A6.5 Floating-point data processing
    Encoding("VMLA T2", "11101110 0 D 00 nnnn dddd 1010 N 0 M 0 mmmm", .floatMultiplyAdd, requires: .floatingPoint),
    Encoding(
      "VMLS T2", "11101110 0 D 00 nnnn dddd 1010 N 1 M 0 mmmm", .floatMultiplySubtract, requires: .floatingPoint),
    Encoding(
      "VNMLS T2", "11101110 0 D 01 nnnn dddd 1010 N 0 M 0 mmmm", .floatNegateMultiplySubtract, requires: .floatingPoint),
    Encoding(
      "VNMLA T2", "11101110 0 D 01 nnnn dddd 1010 N 1 M 0 mmmm", .floatNegateMultiplyAdd, requires: .floatingPoint),
    Encoding("VMUL T2", "11101110 0 D 10 nnnn dddd 1010 N 0 M 0 mmmm", .floatMultiply, requires: .floatingPoint),
    Encoding("VNMUL T2", "11101110 0 D 10 nnnn dddd 1010 N 1 M 0 mmmm", .floatNegateMultiply, requires: .floatingPoint),
    Encoding("VADD T2", "11101110 0 D 11 nnnn dddd 1010 N 0 M 0 mmmm", .floatAdd, requires: .floatingPoint),
    Encoding("VSUB T2", "11101110 0 D 11 nnnn dddd 1010 N 1 M 0 mmmm", .floatSubtract, requires: .floatingPoint),
    Encoding("VDIV T2", "11101110 1 D 00 nnnn dddd 1010 N 0 M 0 mmmm", .floatDivide, requires: .floatingPoint),
    Encoding(
      "VFNMS T2", "11101110 1 D 01 nnnn dddd 1010 N 0 M 0 mmmm", .floatFusedNegateSubtract, requires: .floatingPoint),
    Encoding("VFNMA T2", "11101110 1 D 01 nnnn dddd 1010 N 1 M 0 mmmm", .floatFusedNegateAdd, requires: .floatingPoint),
    Encoding("VFMA T2", "11101110 1 D 10 nnnn dddd 1010 N 0 M 0 mmmm", .floatFusedAdd, requires: .floatingPoint),
    Encoding("VFMS T2", "11101110 1 D 10 nnnn dddd 1010 N 1 M 0 mmmm", .floatFusedSubtract, requires: .floatingPoint),
    Encoding(
      "VMOV (immediate) T1", "11101110 1 D 11 iiii dddd 1010 0 0 0 0 iiii", .floatMoveImmediate, immediate: .float,
      requires: .floatingPoint),
    Encoding("VMOV (register) T2", "11101110 1 D 11 0000 dddd 1010 0 1 M 0 mmmm", .floatMove, requires: .floatingPoint),
    Encoding("VABS T2", "11101110 1 D 11 0000 dddd 1010 1 1 M 0 mmmm", .floatAbsolute, requires: .floatingPoint),
    Encoding("VNEG T2", "11101110 1 D 11 0001 dddd 1010 0 1 M 0 mmmm", .floatNegate, requires: .floatingPoint),
    Encoding("VSQRT T2", "11101110 1 D 11 0001 dddd 1010 1 1 M 0 mmmm", .floatSquareRoot, requires: .floatingPoint),
    Encoding(
      "VCVTB, VCVTT from half T1", "11101110 1 D 11 0010 dddd 1010 i 1 M 0 mmmm", .floatFromHalf,
      requires: .floatingPoint),
    Encoding(
      "VCVTB, VCVTT to half T1", "11101110 1 D 11 0011 dddd 1010 i 1 M 0 mmmm", .floatToHalf, requires: .floatingPoint),
    Encoding("VCMP, VCMPE T1", "11101110 1 D 11 0100 dddd 1010 i 1 M 0 mmmm", .floatCompare, requires: .floatingPoint),
    Encoding(
      "VCMP, VCMPE with zero T2", "11101110 1 D 11 0101 dddd 1010 i 1 0 0 0000", .floatCompareZero,
      requires: .floatingPoint),
    Encoding(
      "VCVT from integer T1", "11101110 1 D 11 1000 dddd 1010 i 1 M 0 mmmm", .floatFromInteger, requires: .floatingPoint
    ),
    Encoding(
      "VCVT, VCVTR to unsigned integer T1", "11101110 1 D 11 1100 dddd 1010 i 1 M 0 mmmm", .floatToInteger,
      requires: .floatingPoint),
    Encoding(
      "VCVT, VCVTR to signed integer T1", "11101110 1 D 11 1101 dddd 1010 i 1 M 0 mmmm", .floatToInteger, .variant,
      requires: .floatingPoint),
    Encoding(
      "VCVT from fixed point T1", "11101110 1 D 11 101 j dddd 1010 j 1 i 0 iiii", .floatFromFixed,
      requires: .floatingPoint),
    Encoding(
      "VCVT to fixed point T1", "11101110 1 D 11 111 j dddd 1010 j 1 i 0 iiii", .floatToFixed, requires: .floatingPoint),

    // A6.6 Extension register load and store
    Encoding("VSTM T2 (IA)", "111011001 D w 0 nnnn dddd 1010 iiiiiiii", .floatStoreMultiple, requires: .floatingPoint),
    Encoding(
      "VSTM T2 (DB), VPUSH T2", "111011010 D 10 nnnn dddd 1010 iiiiiiii", .floatStoreMultiple, [.indexed, .writesBack],
      requires: .floatingPoint),
    Encoding(
      "VSTM T1 (IA)", "111011001 0 w 0 nnnn vvvv 1011 iiiiiiii", .floatStoreMultiple, immediate: .doubleList,
      requires: .floatingPoint),
    Encoding(
      "VSTM T1 (DB), VPUSH T1", "111011010 0 10 nnnn vvvv 1011 iiiiiiii", .floatStoreMultiple, immediate: .doubleList,
      [.indexed, .writesBack], requires: .floatingPoint),
    Encoding(
      "VSTR T2", "11101101 U D 00 nnnn dddd 1010 iiiiiiii", .floatStore, immediate: .scaled(by: 2),
      requires: .floatingPoint),
    Encoding(
      "VSTR T1", "11101101 U 0 00 nnnn vvvv 1011 iiiiiiii", .floatStoreDouble, immediate: .scaled(by: 2),
      requires: .floatingPoint),
    Encoding(
      "VLDM T2 (IA), VPOP T2", "111011001 D w 1 nnnn dddd 1010 iiiiiiii", .floatLoadMultiple, requires: .floatingPoint),
    Encoding(
      "VLDM T2 (DB)", "111011010 D 11 nnnn dddd 1010 iiiiiiii", .floatLoadMultiple, [.indexed, .writesBack],
      requires: .floatingPoint),
    Encoding(
      "VLDM T1 (IA), VPOP T1", "111011001 0 w 1 nnnn vvvv 1011 iiiiiiii", .floatLoadMultiple, immediate: .doubleList,
      requires: .floatingPoint),
    Encoding(
      "VLDM T1 (DB)", "111011010 0 11 nnnn vvvv 1011 iiiiiiii", .floatLoadMultiple, immediate: .doubleList,
      [.indexed, .writesBack], requires: .floatingPoint),
    Encoding(
      "VLDR T2", "11101101 U D 01 nnnn dddd 1010 iiiiiiii", .floatLoad, immediate: .scaled(by: 2),
      requires: .floatingPoint),
    Encoding(
      "VLDR T1", "11101101 U 0 01 nnnn vvvv 1011 iiiiiiii", .floatLoadDouble, immediate: .scaled(by: 2),
      requires: .floatingPoint),

    // A6.7 Transfers between core and extension registers
    Encoding(
      "VMOV (core to single) T1", "111011100000 nnnn tttt 1010 N 0010000", .floatFromCore, requires: .floatingPoint),
    Encoding(
      "VMOV (single to core) T1", "111011100001 nnnn tttt 1010 N 0010000", .floatToCore, requires: .floatingPoint),
    Encoding(
      "VMOV (core to half of double) T1", "1110111000 N 0 nnnn tttt 1011 0 0010000", .floatFromCore,
      requires: .floatingPoint),
    Encoding(
      "VMOV (half of double to core) T1", "1110111000 N 1 nnnn tttt 1011 0 0010000", .floatToCore,
      requires: .floatingPoint),
    Encoding("VMSR T1", "111011101110 0001 tttt 1010 0 0010000", .floatStatusWrite, requires: .floatingPoint),
    Encoding("VMRS T1", "111011101111 0001 tttt 1010 0 0010000", .floatStatusRead, requires: .floatingPoint),
    Encoding(
      "VMOV (two core to two singles) T1", "111011000100 uuuu tttt 1010 00 M 1 mmmm", .floatPairFromCore,
      requires: .floatingPoint),
    Encoding(
      "VMOV (two singles to two core) T1", "111011000101 uuuu tttt 1010 00 M 1 mmmm", .floatPairToCore,
      requires: .floatingPoint),
    Encoding(
      "VMOV (two core to double) T1", "111011000100 uuuu tttt 1011 00 0 1 zzzz", .floatPairFromCore,
      requires: .floatingPoint),
    Encoding(
      "VMOV (double to two core) T1", "111011000101 uuuu tttt 1011 00 0 1 zzzz", .floatPairToCore,
      requires: .floatingPoint),
  ]
}
