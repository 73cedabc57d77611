/// The encodings of the ARMv7E-M DSP extension in the order of the ARMv7-M manual, A5.3.
extension Encoding {
  static let dsp: [Encoding] = [
    // A5.3.11 Data processing (shifted register)
    Encoding("PKHBT, PKHTB T1", "111010101100 nnnn 0 iii dddd ii y 0 mmmm", .packHalfwords, as: .shiftAmount),

    // A5.3.3 Data processing (plain binary immediate)
    Encoding("SSAT16 T1", "111100110010 nnnn 0 000 dddd 00 00 jjjj", .signedSaturatePair),
    Encoding("USAT16 T1", "111100111010 nnnn 0 000 dddd 00 00 jjjj", .unsignedSaturatePair),

    // A5.3.12 Data processing (register)
    Encoding("SXTAH T1", "111110100 000 nnnn 1111 dddd 10 ii mmmm", .signExtendAddHalfword, as: .scaled(by: 3)),
    Encoding("UXTAH T1", "111110100 001 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddHalfword, as: .scaled(by: 3)),
    Encoding("SXTAB16 T1", "111110100 010 nnnn 1111 dddd 10 ii mmmm", .signExtendAddBytePair, as: .scaled(by: 3)),
    Encoding("SXTB16 T1", "111110100 010 1111 1111 dddd 10 ii mmmm", .signExtendBytePair, as: .scaled(by: 3)),
    Encoding("UXTAB16 T1", "111110100 011 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddBytePair, as: .scaled(by: 3)),
    Encoding("UXTB16 T1", "111110100 011 1111 1111 dddd 10 ii mmmm", .zeroExtendBytePair, as: .scaled(by: 3)),
    Encoding("SXTAB T1", "111110100 100 nnnn 1111 dddd 10 ii mmmm", .signExtendAddByte, as: .scaled(by: 3)),
    Encoding("UXTAB T1", "111110100 101 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddByte, as: .scaled(by: 3)),

    // A5.3.13, A5.3.14 Parallel addition and subtraction
    Encoding("SADD16 T1", "111110101 001 nnnn 1111 dddd 0 000 mmmm", .parallelAddHalfwords, as: .constant(0)),
    Encoding("SASX T1", "111110101 010 nnnn 1111 dddd 0 000 mmmm", .parallelAddExchange, as: .constant(0)),
    Encoding("SSAX T1", "111110101 110 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractExchange, as: .constant(0)),
    Encoding("SSUB16 T1", "111110101 101 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractHalfwords, as: .constant(0)),
    Encoding("SADD8 T1", "111110101 000 nnnn 1111 dddd 0 000 mmmm", .parallelAddBytes, as: .constant(0)),
    Encoding("SSUB8 T1", "111110101 100 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractBytes, as: .constant(0)),
    Encoding("QADD16 T1", "111110101 001 nnnn 1111 dddd 0 001 mmmm", .parallelAddHalfwords, as: .constant(1)),
    Encoding("QASX T1", "111110101 010 nnnn 1111 dddd 0 001 mmmm", .parallelAddExchange, as: .constant(1)),
    Encoding("QSAX T1", "111110101 110 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractExchange, as: .constant(1)),
    Encoding("QSUB16 T1", "111110101 101 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractHalfwords, as: .constant(1)),
    Encoding("QADD8 T1", "111110101 000 nnnn 1111 dddd 0 001 mmmm", .parallelAddBytes, as: .constant(1)),
    Encoding("QSUB8 T1", "111110101 100 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractBytes, as: .constant(1)),
    Encoding("SHADD16 T1", "111110101 001 nnnn 1111 dddd 0 010 mmmm", .parallelAddHalfwords, as: .constant(2)),
    Encoding("SHASX T1", "111110101 010 nnnn 1111 dddd 0 010 mmmm", .parallelAddExchange, as: .constant(2)),
    Encoding("SHSAX T1", "111110101 110 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractExchange, as: .constant(2)),
    Encoding("SHSUB16 T1", "111110101 101 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractHalfwords, as: .constant(2)),
    Encoding("SHADD8 T1", "111110101 000 nnnn 1111 dddd 0 010 mmmm", .parallelAddBytes, as: .constant(2)),
    Encoding("SHSUB8 T1", "111110101 100 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractBytes, as: .constant(2)),
    Encoding("UADD16 T1", "111110101 001 nnnn 1111 dddd 0 100 mmmm", .parallelAddHalfwords, as: .constant(4)),
    Encoding("UASX T1", "111110101 010 nnnn 1111 dddd 0 100 mmmm", .parallelAddExchange, as: .constant(4)),
    Encoding("USAX T1", "111110101 110 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractExchange, as: .constant(4)),
    Encoding("USUB16 T1", "111110101 101 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractHalfwords, as: .constant(4)),
    Encoding("UADD8 T1", "111110101 000 nnnn 1111 dddd 0 100 mmmm", .parallelAddBytes, as: .constant(4)),
    Encoding("USUB8 T1", "111110101 100 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractBytes, as: .constant(4)),
    Encoding("UQADD16 T1", "111110101 001 nnnn 1111 dddd 0 101 mmmm", .parallelAddHalfwords, as: .constant(5)),
    Encoding("UQASX T1", "111110101 010 nnnn 1111 dddd 0 101 mmmm", .parallelAddExchange, as: .constant(5)),
    Encoding("UQSAX T1", "111110101 110 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractExchange, as: .constant(5)),
    Encoding("UQSUB16 T1", "111110101 101 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractHalfwords, as: .constant(5)),
    Encoding("UQADD8 T1", "111110101 000 nnnn 1111 dddd 0 101 mmmm", .parallelAddBytes, as: .constant(5)),
    Encoding("UQSUB8 T1", "111110101 100 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractBytes, as: .constant(5)),
    Encoding("UHADD16 T1", "111110101 001 nnnn 1111 dddd 0 110 mmmm", .parallelAddHalfwords, as: .constant(6)),
    Encoding("UHASX T1", "111110101 010 nnnn 1111 dddd 0 110 mmmm", .parallelAddExchange, as: .constant(6)),
    Encoding("UHSAX T1", "111110101 110 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractExchange, as: .constant(6)),
    Encoding("UHSUB16 T1", "111110101 101 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractHalfwords, as: .constant(6)),
    Encoding("UHADD8 T1", "111110101 000 nnnn 1111 dddd 0 110 mmmm", .parallelAddBytes, as: .constant(6)),
    Encoding("UHSUB8 T1", "111110101 100 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractBytes, as: .constant(6)),

    // A5.3.15 Miscellaneous operations
    Encoding("QADD T1", "111110101000 nnnn 1111 dddd 1000 mmmm", .saturatingAdd),
    Encoding("QDADD T1", "111110101000 nnnn 1111 dddd 1001 mmmm", .saturatingDoubleAdd),
    Encoding("QSUB T1", "111110101000 nnnn 1111 dddd 1010 mmmm", .saturatingSubtract),
    Encoding("QDSUB T1", "111110101000 nnnn 1111 dddd 1011 mmmm", .saturatingDoubleSubtract),
    Encoding("SEL T1", "111110101010 nnnn 1111 dddd 1000 mmmm", .selectBytes),

    // A5.3.16 Multiply, multiply accumulate, absolute difference
    Encoding("SMLABB and others T1", "111110110 001 nnnn aaaa dddd 00 ii mmmm", .multiplyAddHalves),
    Encoding("SMULBB and others T1", "111110110 001 nnnn 1111 dddd 00 ii mmmm", .multiplyHalves),
    Encoding("SMLAD T1", "111110110 010 nnnn aaaa dddd 000 i mmmm", .dualMultiplyAddAccumulate),
    Encoding("SMUAD T1", "111110110 010 nnnn 1111 dddd 000 i mmmm", .dualMultiplyAdd),
    Encoding("SMLAWB, SMLAWT T1", "111110110 011 nnnn aaaa dddd 000 i mmmm", .multiplyAddWordHalf),
    Encoding("SMULWB, SMULWT T1", "111110110 011 nnnn 1111 dddd 000 i mmmm", .multiplyWordHalf),
    Encoding("SMLSD T1", "111110110 100 nnnn aaaa dddd 000 i mmmm", .dualMultiplySubtractAccumulate),
    Encoding("SMUSD T1", "111110110 100 nnnn 1111 dddd 000 i mmmm", .dualMultiplySubtract),
    Encoding("SMMLA T1", "111110110 101 nnnn aaaa dddd 000 i mmmm", .multiplyAddMostSignificant),
    Encoding("SMMUL T1", "111110110 101 nnnn 1111 dddd 000 i mmmm", .multiplyMostSignificant),
    Encoding("SMMLS T1", "111110110 110 nnnn aaaa dddd 000 i mmmm", .multiplySubtractMostSignificant),
    Encoding("USADA8 T1", "111110110 111 nnnn aaaa dddd 0000 mmmm", .sumOfDifferencesAccumulate),
    Encoding("USAD8 T1", "111110110 111 nnnn 1111 dddd 0000 mmmm", .sumOfDifferences),

    // A5.3.17 Long multiply, long multiply accumulate, divide
    Encoding("SMLALBB and others T1", "111110111100 nnnn tttt uuuu 10 ii mmmm", .multiplyAddLongHalves),
    Encoding("SMLALD T1", "111110111100 nnnn tttt uuuu 110 i mmmm", .dualMultiplyAddLong),
    Encoding("SMLSLD T1", "111110111101 nnnn tttt uuuu 110 i mmmm", .dualMultiplySubtractLong),
    Encoding("UMAAL T1", "111110111110 nnnn tttt uuuu 0110 mmmm", .unsignedMultiplyAccumulateAccumulateLong),
  ].map { $0.requiring(.dsp) }
}
