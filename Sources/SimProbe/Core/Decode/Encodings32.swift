/// The 32-bit Thumb encodings in the order of the ARMv7-M manual, A5.3, without floating point.
extension Encoding {
  static let wide: [Encoding] = [
    // A5.3.5 Load and store multiple (POP T2 and PUSH T2 are LDM and STMDB with R13)
    Encoding("STM T2", "1110100010 w 0 nnnn 0r0rrrrrrrrrrrrr", .storeMultiple),
    Encoding("LDM T2", "1110100010 w 1 nnnn rr0rrrrrrrrrrrrr", .loadMultiple),
    Encoding("STMDB T1", "1110100100 w 0 nnnn 0r0rrrrrrrrrrrrr", .storeMultipleBefore),
    Encoding("LDMDB T1", "1110100100 w 1 nnnn rr0rrrrrrrrrrrrr", .loadMultipleBefore),

    // A5.3.6 Load and store dual or exclusive, table branch
    Encoding("STREX T1", "111010000100 nnnn tttt uuuu iiiiiiii", .storeExclusive, immediate: .scaled(by: 2)),
    Encoding("LDREX T1", "111010000101 nnnn tttt 1111 iiiiiiii", .loadExclusive, immediate: .scaled(by: 2)),
    Encoding(
      "STRD (immediate) T1 post-indexed", "11101000 U 110 nnnn tttt uuuu iiiiiiii", .storeDual,
      immediate: .scaled(by: 2), .writesBack),
    Encoding(
      "STRD (immediate) T1", "11101001 U 1 w 0 nnnn tttt uuuu iiiiiiii", .storeDual, immediate: .scaled(by: 2), .indexed
    ),
    Encoding(
      "LDRD (immediate) T1 post-indexed", "11101000 U 111 nnnn tttt uuuu iiiiiiii", .loadDual,
      immediate: .scaled(by: 2), .writesBack),
    Encoding(
      "LDRD (immediate) T1", "11101001 U 1 w 1 nnnn tttt uuuu iiiiiiii", .loadDual, immediate: .scaled(by: 2), .indexed),
    Encoding(
      "LDRD (literal) T1", "11101001 U 101 1111 tttt uuuu iiiiiiii", .loadDualLiteral, immediate: .scaled(by: 2)),
    Encoding("STREXB T1", "111010001100 nnnn tttt 1111 0100 uuuu", .storeExclusiveByte),
    Encoding("STREXH T1", "111010001100 nnnn tttt 1111 0101 uuuu", .storeExclusiveHalfword),
    Encoding("TBB T1", "111010001101 nnnn 11110000 0000 mmmm", .tableBranchByte),
    Encoding("TBH T1", "111010001101 nnnn 11110000 0001 mmmm", .tableBranchHalfword),
    Encoding("LDREXB T1", "111010001101 nnnn tttt 1111 0100 1111", .loadExclusiveByte),
    Encoding("LDREXH T1", "111010001101 nnnn tttt 1111 0101 1111", .loadExclusiveHalfword),

    // A5.3.11 Data processing (shifted register)
    Encoding("AND (register) wide", "1110101 0000 s nnnn 0 iii dddd ii yy mmmm", .andShifted, immediate: .shiftAmount),
    Encoding(
      "TST (register) wide", "1110101 0000 1 nnnn 0 iii 1111 ii yy mmmm", .testShifted, immediate: .shiftAmount,
      .setsFlags),
    Encoding(
      "BIC (register) wide", "1110101 0001 s nnnn 0 iii dddd ii yy mmmm", .bitClearShifted, immediate: .shiftAmount),
    Encoding("ORR (register) wide", "1110101 0010 s nnnn 0 iii dddd ii yy mmmm", .orShifted, immediate: .shiftAmount),
    Encoding(
      "MOV (register) and shifts (immediate) wide", "1110101 0010 s 1111 0 iii dddd ii yy mmmm", .moveShifted,
      immediate: .shiftAmount),
    Encoding(
      "ORN (register) wide", "1110101 0011 s nnnn 0 iii dddd ii yy mmmm", .orNotShifted, immediate: .shiftAmount),
    Encoding(
      "MVN (register) and shifts (immediate) wide", "1110101 0011 s 1111 0 iii dddd ii yy mmmm", .moveNotShifted,
      immediate: .shiftAmount),
    Encoding(
      "EOR (register) wide", "1110101 0100 s nnnn 0 iii dddd ii yy mmmm", .exclusiveOrShifted, immediate: .shiftAmount),
    Encoding(
      "TEQ (register) wide", "1110101 0100 1 nnnn 0 iii 1111 ii yy mmmm", .testEqualShifted, immediate: .shiftAmount,
      .setsFlags),
    Encoding(
      "PKHBT, PKHTB T1", "111010101100 nnnn 0 iii dddd ii y 0 mmmm", .packHalfwords, immediate: .shiftAmount,
      requires: .dsp),
    Encoding("ADD (register) wide", "1110101 1000 s nnnn 0 iii dddd ii yy mmmm", .addShifted, immediate: .shiftAmount),
    Encoding(
      "CMN (register) wide", "1110101 1000 1 nnnn 0 iii 1111 ii yy mmmm", .compareNegativeShifted,
      immediate: .shiftAmount, .setsFlags),
    Encoding(
      "ADC (register) wide", "1110101 1010 s nnnn 0 iii dddd ii yy mmmm", .addCarryShifted, immediate: .shiftAmount),
    Encoding(
      "SBC (register) wide", "1110101 1011 s nnnn 0 iii dddd ii yy mmmm", .subtractCarryShifted, immediate: .shiftAmount
    ),
    Encoding(
      "SUB (register) wide", "1110101 1101 s nnnn 0 iii dddd ii yy mmmm", .subtractShifted, immediate: .shiftAmount),
    Encoding(
      "CMP (register) wide", "1110101 1101 1 nnnn 0 iii 1111 ii yy mmmm", .compareShifted, immediate: .shiftAmount,
      .setsFlags),
    Encoding(
      "RSB (register) wide", "1110101 1110 s nnnn 0 iii dddd ii yy mmmm", .reverseSubtractShifted,
      immediate: .shiftAmount),

    // A5.3.1 Data processing (modified immediate)
    Encoding("AND (immediate) wide", "11110 i 0 0000 s nnnn 0 iii dddd iiiiiiii", .andImmediate, immediate: .expanded),
    Encoding(
      "TST (immediate) wide", "11110 i 0 0000 1 nnnn 0 iii 1111 iiiiiiii", .testImmediate, immediate: .expanded,
      .setsFlags),
    Encoding(
      "BIC (immediate) wide", "11110 i 0 0001 s nnnn 0 iii dddd iiiiiiii", .bitClearImmediate, immediate: .expanded),
    Encoding("ORR (immediate) wide", "11110 i 0 0010 s nnnn 0 iii dddd iiiiiiii", .orImmediate, immediate: .expanded),
    Encoding("MOV (immediate) wide", "11110 i 0 0010 s 1111 0 iii dddd iiiiiiii", .moveImmediate, immediate: .expanded),
    Encoding(
      "ORN (immediate) wide", "11110 i 0 0011 s nnnn 0 iii dddd iiiiiiii", .orNotImmediate, immediate: .expanded),
    Encoding(
      "MVN (immediate) wide", "11110 i 0 0011 s 1111 0 iii dddd iiiiiiii", .moveNotImmediate, immediate: .expanded),
    Encoding(
      "EOR (immediate) wide", "11110 i 0 0100 s nnnn 0 iii dddd iiiiiiii", .exclusiveOrImmediate, immediate: .expanded),
    Encoding(
      "TEQ (immediate) wide", "11110 i 0 0100 1 nnnn 0 iii 1111 iiiiiiii", .testEqualImmediate, immediate: .expanded,
      .setsFlags),
    Encoding("ADD (immediate) wide", "11110 i 0 1000 s nnnn 0 iii dddd iiiiiiii", .addImmediate, immediate: .expanded),
    Encoding(
      "CMN (immediate) wide", "11110 i 0 1000 1 nnnn 0 iii 1111 iiiiiiii", .compareNegativeImmediate,
      immediate: .expanded, .setsFlags),
    Encoding(
      "ADC (immediate) wide", "11110 i 0 1010 s nnnn 0 iii dddd iiiiiiii", .addCarryImmediate, immediate: .expanded),
    Encoding(
      "SBC (immediate) wide", "11110 i 0 1011 s nnnn 0 iii dddd iiiiiiii", .subtractCarryImmediate, immediate: .expanded
    ),
    Encoding(
      "SUB (immediate) wide", "11110 i 0 1101 s nnnn 0 iii dddd iiiiiiii", .subtractImmediate, immediate: .expanded),
    Encoding(
      "CMP (immediate) wide", "11110 i 0 1101 1 nnnn 0 iii 1111 iiiiiiii", .compareImmediate, immediate: .expanded,
      .setsFlags),
    Encoding(
      "RSB (immediate) wide", "11110 i 0 1110 s nnnn 0 iii dddd iiiiiiii", .reverseSubtractImmediate,
      immediate: .expanded),

    // A5.3.3 Data processing (plain binary immediate)
    Encoding("ADD (immediate) T4", "11110 i 100000 nnnn 0 iii dddd iiiiiiii", .addImmediate),
    Encoding("ADR T3", "11110 i 100000 1111 0 iii dddd iiiiiiii", .addressRelative),
    Encoding("MOV (immediate) T3", "11110 i 100100 iiii 0 iii dddd iiiiiiii", .moveImmediate, immediate: .moveWide),
    Encoding("SUB (immediate) T4", "11110 i 101010 nnnn 0 iii dddd iiiiiiii", .subtractImmediate),
    Encoding("ADR T2", "11110 i 101010 1111 0 iii dddd iiiiiiii", .addressRelative, immediate: .negative),
    Encoding("MOVT T1", "11110 i 101100 iiii 0 iii dddd iiiiiiii", .moveTop, immediate: .moveWide),
    Encoding("SSAT T1", "1111001100 y 0 nnnn 0 iii dddd ii 0 jjjjj", .signedSaturate, immediate: .shiftAmount),
    Encoding("SSAT16 T1", "111100110010 nnnn 0 000 dddd 00 00 jjjj", .signedSaturatePair, requires: .dsp),
    Encoding("Undefined (SSAT, ASR by 0)", "111100110010 xxxx 0 000 xxxx 00 01 xxxx", .undefined),
    Encoding("SBFX T1", "111100110100 nnnn 0 iii dddd ii 0 jjjjj", .signedBitField),
    Encoding("BFI T1", "111100110110 nnnn 0 iii dddd ii 0 jjjjj", .bitFieldInsert),
    Encoding("BFC T1", "111100110110 1111 0 iii dddd ii 0 jjjjj", .bitFieldClear),
    Encoding("USAT T1", "1111001110 y 0 nnnn 0 iii dddd ii 0 jjjjj", .unsignedSaturate, immediate: .shiftAmount),
    Encoding("USAT16 T1", "111100111010 nnnn 0 000 dddd 00 00 jjjj", .unsignedSaturatePair, requires: .dsp),
    Encoding("Undefined (USAT, ASR by 0)", "111100111010 xxxx 0 000 xxxx 00 01 xxxx", .undefined),
    Encoding("UBFX T1", "111100111100 nnnn 0 iii dddd ii 0 jjjjj", .unsignedBitField),

    // A5.3.4 Branches and miscellaneous control
    Encoding("B T3", "11110 i cccc iiiiii 10 i 0 i iiiiiiiiiii", .branchConditional, immediate: .branchConditionalWide),
    Encoding("Undefined (B T3 with condition 111x)", "11110 x 111x xxxxxx 10 x 0 x xxxxxxxxxxx", .undefined),
    Encoding("MSR T1", "111100111000 nnnn 10 0 0 jj00 iiiiiiii", .writeSpecialRegister),
    Encoding("NOP.W and unallocated hints", "111100111010 1111 10 0 0 0000 xxxxxxxx", .noOperation),
    Encoding("WFE T2", "111100111010 1111 10 0 0 0000 00000010", .waitForEvent),
    Encoding("WFI T2", "111100111010 1111 10 0 0 0000 00000011", .waitForInterrupt),
    Encoding("SEV T2", "111100111010 1111 10 0 0 0000 00000100", .sendEvent),
    Encoding("CLREX T1", "111100111011 1111 10 0 0 1111 0010 1111", .clearExclusive),
    Encoding("DSB T1", "111100111011 1111 10 0 0 1111 0100 iiii", .barrier),
    Encoding("DMB T1", "111100111011 1111 10 0 0 1111 0101 iiii", .barrier),
    Encoding("ISB T1", "111100111011 1111 10 0 0 1111 0110 iiii", .barrier),
    Encoding("MRS T1", "111100111110 1111 10 0 0 dddd iiiiiiii", .readSpecialRegister),
    Encoding("B T4", "11110 iiiiiiiiiii 10 i 1 i iiiiiiiiiii", .branch, immediate: .branchWide),
    Encoding("BL T1", "11110 iiiiiiiiiii 11 i 1 i iiiiiiiiiii", .branchWithLink, immediate: .branchWide),

    // A5.3.10 Store single data item
    Encoding("STRB (register) T2", "111110000000 bbbb tttt 000000 ii mmmm", .storeByteRegister),
    Encoding(
      "STRB (immediate) imm8 negative", "111110000000 bbbb tttt 1 100 iiiiiiii", .storeByteImmediate,
      immediate: .negative),
    Encoding("STRBT T1", "111110000000 bbbb tttt 1 110 iiiiiiii", .storeByteUnprivileged),
    Encoding(
      "STRB (immediate) imm8 post-indexed", "111110000000 bbbb tttt 1 0 U 1 iiiiiiii", .storeByteIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "STRB (immediate) imm8 pre-indexed", "111110000000 bbbb tttt 1 1 U 1 iiiiiiii", .storeByteIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("STRB (immediate) imm12", "111110001000 bbbb tttt iiiiiiiiiiii", .storeByteImmediate),
    Encoding("STRH (register) T2", "111110000010 bbbb tttt 000000 ii mmmm", .storeHalfwordRegister),
    Encoding(
      "STRH (immediate) imm8 negative", "111110000010 bbbb tttt 1 100 iiiiiiii", .storeHalfwordImmediate,
      immediate: .negative),
    Encoding("STRHT T1", "111110000010 bbbb tttt 1 110 iiiiiiii", .storeHalfwordUnprivileged),
    Encoding(
      "STRH (immediate) imm8 post-indexed", "111110000010 bbbb tttt 1 0 U 1 iiiiiiii", .storeHalfwordIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "STRH (immediate) imm8 pre-indexed", "111110000010 bbbb tttt 1 1 U 1 iiiiiiii", .storeHalfwordIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("STRH (immediate) imm12", "111110001010 bbbb tttt iiiiiiiiiiii", .storeHalfwordImmediate),
    Encoding("STR (register) T2", "111110000100 bbbb tttt 000000 ii mmmm", .storeWordRegister),
    Encoding(
      "STR (immediate) imm8 negative", "111110000100 bbbb tttt 1 100 iiiiiiii", .storeWordImmediate,
      immediate: .negative),
    Encoding("STRT T1", "111110000100 bbbb tttt 1 110 iiiiiiii", .storeWordUnprivileged),
    Encoding(
      "STR (immediate) imm8 post-indexed", "111110000100 bbbb tttt 1 0 U 1 iiiiiiii", .storeWordIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "STR (immediate) imm8 pre-indexed", "111110000100 bbbb tttt 1 1 U 1 iiiiiiii", .storeWordIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("STR (immediate) imm12", "111110001100 bbbb tttt iiiiiiiiiiii", .storeWordImmediate),

    // A5.3.9 Load byte, memory hints
    Encoding("LDRB (register) T2", "111110000001 bbbb tttt 000000 ii mmmm", .loadByteRegister),
    Encoding(
      "LDRB (immediate) imm8 negative", "111110000001 bbbb tttt 1 100 iiiiiiii", .loadByteImmediate,
      immediate: .negative),
    Encoding("LDRBT T1", "111110000001 bbbb tttt 1 110 iiiiiiii", .loadByteUnprivileged),
    Encoding(
      "LDRB (immediate) imm8 post-indexed", "111110000001 bbbb tttt 1 0 U 1 iiiiiiii", .loadByteIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "LDRB (immediate) imm8 pre-indexed", "111110000001 bbbb tttt 1 1 U 1 iiiiiiii", .loadByteIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("LDRB (immediate) imm12", "111110001001 bbbb tttt iiiiiiiiiiii", .loadByteImmediate),
    Encoding("LDRB (literal)", "11111000 U 001 1111 tttt iiiiiiiiiiii", .loadByteLiteral, immediate: .scaled(by: 0)),
    Encoding("PLD (register)", "111110000001 bbbb 1111 000000 xx xxxx", .noOperation),
    Encoding("PLD (immediate) imm8 negative", "111110000001 bbbb 1111 1 100 xxxxxxxx", .noOperation),
    Encoding("PLD (immediate) imm12", "111110001001 bbbb 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("PLD (literal)", "11111000 x 001 1111 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("LDRSB (register) T2", "111110010001 bbbb tttt 000000 ii mmmm", .loadSignedByteRegister),
    Encoding(
      "LDRSB (immediate) imm8 negative", "111110010001 bbbb tttt 1 100 iiiiiiii", .loadSignedByteImmediate,
      immediate: .negative),
    Encoding("LDRSBT T1", "111110010001 bbbb tttt 1 110 iiiiiiii", .loadSignedByteUnprivileged),
    Encoding(
      "LDRSB (immediate) imm8 post-indexed", "111110010001 bbbb tttt 1 0 U 1 iiiiiiii", .loadSignedByteIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "LDRSB (immediate) imm8 pre-indexed", "111110010001 bbbb tttt 1 1 U 1 iiiiiiii", .loadSignedByteIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("LDRSB (immediate) imm12", "111110011001 bbbb tttt iiiiiiiiiiii", .loadSignedByteImmediate),
    Encoding(
      "LDRSB (literal)", "11111001 U 001 1111 tttt iiiiiiiiiiii", .loadSignedByteLiteral, immediate: .scaled(by: 0)),
    Encoding("PLI (register)", "111110010001 bbbb 1111 000000 xx xxxx", .noOperation),
    Encoding("PLI (immediate) imm8 negative", "111110010001 bbbb 1111 1 100 xxxxxxxx", .noOperation),
    Encoding("PLI (immediate) imm12", "111110011001 bbbb 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("PLI (literal)", "11111001 x 001 1111 1111 xxxxxxxxxxxx", .noOperation),

    // A5.3.8 Load halfword, unallocated memory hints
    Encoding("LDRH (register) T2", "111110000011 bbbb tttt 000000 ii mmmm", .loadHalfwordRegister),
    Encoding(
      "LDRH (immediate) imm8 negative", "111110000011 bbbb tttt 1 100 iiiiiiii", .loadHalfwordImmediate,
      immediate: .negative),
    Encoding("LDRHT T1", "111110000011 bbbb tttt 1 110 iiiiiiii", .loadHalfwordUnprivileged),
    Encoding(
      "LDRH (immediate) imm8 post-indexed", "111110000011 bbbb tttt 1 0 U 1 iiiiiiii", .loadHalfwordIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "LDRH (immediate) imm8 pre-indexed", "111110000011 bbbb tttt 1 1 U 1 iiiiiiii", .loadHalfwordIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("LDRH (immediate) imm12", "111110001011 bbbb tttt iiiiiiiiiiii", .loadHalfwordImmediate),
    Encoding(
      "LDRH (literal)", "11111000 U 011 1111 tttt iiiiiiiiiiii", .loadHalfwordLiteral, immediate: .scaled(by: 0)),
    Encoding("Unallocated hint 1 (register)", "111110000011 bbbb 1111 000000 xx xxxx", .noOperation),
    Encoding("Unallocated hint 1 (immediate) imm8 negative", "111110000011 bbbb 1111 1 100 xxxxxxxx", .noOperation),
    Encoding("Unallocated hint 1 (immediate) imm12", "111110001011 bbbb 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("Unallocated hint 1 (literal)", "11111000 x 011 1111 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("LDRSH (register) T2", "111110010011 bbbb tttt 000000 ii mmmm", .loadSignedHalfwordRegister),
    Encoding(
      "LDRSH (immediate) imm8 negative", "111110010011 bbbb tttt 1 100 iiiiiiii", .loadSignedHalfwordImmediate,
      immediate: .negative),
    Encoding("LDRSHT T1", "111110010011 bbbb tttt 1 110 iiiiiiii", .loadSignedHalfwordUnprivileged),
    Encoding(
      "LDRSH (immediate) imm8 post-indexed", "111110010011 bbbb tttt 1 0 U 1 iiiiiiii", .loadSignedHalfwordIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "LDRSH (immediate) imm8 pre-indexed", "111110010011 bbbb tttt 1 1 U 1 iiiiiiii", .loadSignedHalfwordIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("LDRSH (immediate) imm12", "111110011011 bbbb tttt iiiiiiiiiiii", .loadSignedHalfwordImmediate),
    Encoding(
      "LDRSH (literal)", "11111001 U 011 1111 tttt iiiiiiiiiiii", .loadSignedHalfwordLiteral, immediate: .scaled(by: 0)),
    Encoding("Unallocated hint 2 (register)", "111110010011 bbbb 1111 000000 xx xxxx", .noOperation),
    Encoding("Unallocated hint 2 (immediate) imm8 negative", "111110010011 bbbb 1111 1 100 xxxxxxxx", .noOperation),
    Encoding("Unallocated hint 2 (immediate) imm12", "111110011011 bbbb 1111 xxxxxxxxxxxx", .noOperation),
    Encoding("Unallocated hint 2 (literal)", "11111001 x 011 1111 1111 xxxxxxxxxxxx", .noOperation),

    // A5.3.7 Load word
    Encoding("LDR (register) T2", "111110000101 bbbb tttt 000000 ii mmmm", .loadWordRegister),
    Encoding(
      "LDR (immediate) imm8 negative", "111110000101 bbbb tttt 1 100 iiiiiiii", .loadWordImmediate, immediate: .negative
    ),
    Encoding("LDRT T1", "111110000101 bbbb tttt 1 110 iiiiiiii", .loadWordUnprivileged),
    Encoding(
      "LDR (immediate) imm8 post-indexed", "111110000101 bbbb tttt 1 0 U 1 iiiiiiii", .loadWordIndexed,
      immediate: .scaled(by: 0), .writesBack),
    Encoding(
      "LDR (immediate) imm8 pre-indexed", "111110000101 bbbb tttt 1 1 U 1 iiiiiiii", .loadWordIndexed,
      immediate: .scaled(by: 0), [.indexed, .writesBack]),
    Encoding("LDR (immediate) imm12", "111110001101 bbbb tttt iiiiiiiiiiii", .loadWordImmediate),
    Encoding("LDR (literal)", "11111000 U 101 1111 tttt iiiiiiiiiiii", .loadWordLiteral, immediate: .scaled(by: 0)),

    // A5.3.12 Data processing (register)
    Encoding("LSL (register) T2", "11111010 000 s nnnn 1111 dddd 0000 mmmm", .shiftByRegister, shift: .left),
    Encoding("LSR (register) T2", "11111010 001 s nnnn 1111 dddd 0000 mmmm", .shiftByRegister, shift: .right),
    Encoding("ASR (register) T2", "11111010 010 s nnnn 1111 dddd 0000 mmmm", .shiftByRegister, shift: .arithmeticRight),
    Encoding("ROR (register) T2", "11111010 011 s nnnn 1111 dddd 0000 mmmm", .shiftByRegister, shift: .rotate),
    Encoding(
      "SXTAH T1", "111110100 000 nnnn 1111 dddd 10 ii mmmm", .signExtendAddHalfword, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding("SXTH T2", "111110100 000 1111 1111 dddd 10 ii mmmm", .signExtendHalfword, immediate: .scaled(by: 3)),
    Encoding(
      "UXTAH T1", "111110100 001 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddHalfword, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding("UXTH T2", "111110100 001 1111 1111 dddd 10 ii mmmm", .zeroExtendHalfword, immediate: .scaled(by: 3)),
    Encoding(
      "SXTAB16 T1", "111110100 010 nnnn 1111 dddd 10 ii mmmm", .signExtendAddBytePair, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding(
      "SXTB16 T1", "111110100 010 1111 1111 dddd 10 ii mmmm", .signExtendBytePair, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding(
      "UXTAB16 T1", "111110100 011 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddBytePair, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding(
      "UXTB16 T1", "111110100 011 1111 1111 dddd 10 ii mmmm", .zeroExtendBytePair, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding(
      "SXTAB T1", "111110100 100 nnnn 1111 dddd 10 ii mmmm", .signExtendAddByte, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding("SXTB T2", "111110100 100 1111 1111 dddd 10 ii mmmm", .signExtendByte, immediate: .scaled(by: 3)),
    Encoding(
      "UXTAB T1", "111110100 101 nnnn 1111 dddd 10 ii mmmm", .zeroExtendAddByte, immediate: .scaled(by: 3),
      requires: .dsp),
    Encoding("UXTB T2", "111110100 101 1111 1111 dddd 10 ii mmmm", .zeroExtendByte, immediate: .scaled(by: 3)),

    // A5.3.13, A5.3.14 Parallel addition and subtraction
    Encoding(
      "SADD16 T1", "111110101 001 nnnn 1111 dddd 0 000 mmmm", .parallelAddHalfwords, immediate: .constant(0),
      requires: .dsp),
    Encoding(
      "SASX T1", "111110101 010 nnnn 1111 dddd 0 000 mmmm", .parallelAddExchange, immediate: .constant(0),
      requires: .dsp),
    Encoding(
      "SSAX T1", "111110101 110 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractExchange, immediate: .constant(0),
      requires: .dsp),
    Encoding(
      "SSUB16 T1", "111110101 101 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractHalfwords, immediate: .constant(0),
      requires: .dsp),
    Encoding(
      "SADD8 T1", "111110101 000 nnnn 1111 dddd 0 000 mmmm", .parallelAddBytes, immediate: .constant(0), requires: .dsp),
    Encoding(
      "SSUB8 T1", "111110101 100 nnnn 1111 dddd 0 000 mmmm", .parallelSubtractBytes, immediate: .constant(0),
      requires: .dsp),
    Encoding(
      "QADD16 T1", "111110101 001 nnnn 1111 dddd 0 001 mmmm", .parallelAddHalfwords, immediate: .constant(1),
      requires: .dsp),
    Encoding(
      "QASX T1", "111110101 010 nnnn 1111 dddd 0 001 mmmm", .parallelAddExchange, immediate: .constant(1),
      requires: .dsp),
    Encoding(
      "QSAX T1", "111110101 110 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractExchange, immediate: .constant(1),
      requires: .dsp),
    Encoding(
      "QSUB16 T1", "111110101 101 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractHalfwords, immediate: .constant(1),
      requires: .dsp),
    Encoding(
      "QADD8 T1", "111110101 000 nnnn 1111 dddd 0 001 mmmm", .parallelAddBytes, immediate: .constant(1), requires: .dsp),
    Encoding(
      "QSUB8 T1", "111110101 100 nnnn 1111 dddd 0 001 mmmm", .parallelSubtractBytes, immediate: .constant(1),
      requires: .dsp),
    Encoding(
      "SHADD16 T1", "111110101 001 nnnn 1111 dddd 0 010 mmmm", .parallelAddHalfwords, immediate: .constant(2),
      requires: .dsp),
    Encoding(
      "SHASX T1", "111110101 010 nnnn 1111 dddd 0 010 mmmm", .parallelAddExchange, immediate: .constant(2),
      requires: .dsp),
    Encoding(
      "SHSAX T1", "111110101 110 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractExchange, immediate: .constant(2),
      requires: .dsp),
    Encoding(
      "SHSUB16 T1", "111110101 101 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractHalfwords, immediate: .constant(2),
      requires: .dsp),
    Encoding(
      "SHADD8 T1", "111110101 000 nnnn 1111 dddd 0 010 mmmm", .parallelAddBytes, immediate: .constant(2), requires: .dsp
    ),
    Encoding(
      "SHSUB8 T1", "111110101 100 nnnn 1111 dddd 0 010 mmmm", .parallelSubtractBytes, immediate: .constant(2),
      requires: .dsp),
    Encoding(
      "UADD16 T1", "111110101 001 nnnn 1111 dddd 0 100 mmmm", .parallelAddHalfwords, immediate: .constant(4),
      requires: .dsp),
    Encoding(
      "UASX T1", "111110101 010 nnnn 1111 dddd 0 100 mmmm", .parallelAddExchange, immediate: .constant(4),
      requires: .dsp),
    Encoding(
      "USAX T1", "111110101 110 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractExchange, immediate: .constant(4),
      requires: .dsp),
    Encoding(
      "USUB16 T1", "111110101 101 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractHalfwords, immediate: .constant(4),
      requires: .dsp),
    Encoding(
      "UADD8 T1", "111110101 000 nnnn 1111 dddd 0 100 mmmm", .parallelAddBytes, immediate: .constant(4), requires: .dsp),
    Encoding(
      "USUB8 T1", "111110101 100 nnnn 1111 dddd 0 100 mmmm", .parallelSubtractBytes, immediate: .constant(4),
      requires: .dsp),
    Encoding(
      "UQADD16 T1", "111110101 001 nnnn 1111 dddd 0 101 mmmm", .parallelAddHalfwords, immediate: .constant(5),
      requires: .dsp),
    Encoding(
      "UQASX T1", "111110101 010 nnnn 1111 dddd 0 101 mmmm", .parallelAddExchange, immediate: .constant(5),
      requires: .dsp),
    Encoding(
      "UQSAX T1", "111110101 110 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractExchange, immediate: .constant(5),
      requires: .dsp),
    Encoding(
      "UQSUB16 T1", "111110101 101 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractHalfwords, immediate: .constant(5),
      requires: .dsp),
    Encoding(
      "UQADD8 T1", "111110101 000 nnnn 1111 dddd 0 101 mmmm", .parallelAddBytes, immediate: .constant(5), requires: .dsp
    ),
    Encoding(
      "UQSUB8 T1", "111110101 100 nnnn 1111 dddd 0 101 mmmm", .parallelSubtractBytes, immediate: .constant(5),
      requires: .dsp),
    Encoding(
      "UHADD16 T1", "111110101 001 nnnn 1111 dddd 0 110 mmmm", .parallelAddHalfwords, immediate: .constant(6),
      requires: .dsp),
    Encoding(
      "UHASX T1", "111110101 010 nnnn 1111 dddd 0 110 mmmm", .parallelAddExchange, immediate: .constant(6),
      requires: .dsp),
    Encoding(
      "UHSAX T1", "111110101 110 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractExchange, immediate: .constant(6),
      requires: .dsp),
    Encoding(
      "UHSUB16 T1", "111110101 101 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractHalfwords, immediate: .constant(6),
      requires: .dsp),
    Encoding(
      "UHADD8 T1", "111110101 000 nnnn 1111 dddd 0 110 mmmm", .parallelAddBytes, immediate: .constant(6), requires: .dsp
    ),
    Encoding(
      "UHSUB8 T1", "111110101 100 nnnn 1111 dddd 0 110 mmmm", .parallelSubtractBytes, immediate: .constant(6),
      requires: .dsp),

    // A5.3.15 Miscellaneous operations
    Encoding("QADD T1", "111110101000 nnnn 1111 dddd 1000 mmmm", .saturatingAdd, requires: .dsp),
    Encoding("QDADD T1", "111110101000 nnnn 1111 dddd 1001 mmmm", .saturatingDoubleAdd, requires: .dsp),
    Encoding("QSUB T1", "111110101000 nnnn 1111 dddd 1010 mmmm", .saturatingSubtract, requires: .dsp),
    Encoding("QDSUB T1", "111110101000 nnnn 1111 dddd 1011 mmmm", .saturatingDoubleSubtract, requires: .dsp),
    Encoding("REV T2", "111110101001 xxxx 1111 dddd 1000 mmmm", .reverseBytes),
    Encoding("REV16 T2", "111110101001 xxxx 1111 dddd 1001 mmmm", .reverseHalfwordBytes),
    Encoding("RBIT T1", "111110101001 xxxx 1111 dddd 1010 mmmm", .reverseBits),
    Encoding("REVSH T2", "111110101001 xxxx 1111 dddd 1011 mmmm", .reverseSignedHalfword),
    Encoding("SEL T1", "111110101010 nnnn 1111 dddd 1000 mmmm", .selectBytes, requires: .dsp),
    Encoding("CLZ T1", "111110101011 xxxx 1111 dddd 1000 mmmm", .countLeadingZeros),

    // A5.3.16 Multiply, multiply accumulate, absolute difference
    Encoding("MLA T1", "111110110000 nnnn aaaa dddd 0000 mmmm", .multiplyAdd),
    Encoding("MUL T2", "111110110000 nnnn 1111 dddd 0000 mmmm", .multiply),
    Encoding("MLS T1", "111110110000 nnnn aaaa dddd 0001 mmmm", .multiplySubtract),
    Encoding("SMLABB and others T1", "111110110 001 nnnn aaaa dddd 00 ii mmmm", .multiplyAddHalves, requires: .dsp),
    Encoding("SMULBB and others T1", "111110110 001 nnnn 1111 dddd 00 ii mmmm", .multiplyHalves, requires: .dsp),
    Encoding("SMLAD T1", "111110110 010 nnnn aaaa dddd 000 i mmmm", .dualMultiplyAddAccumulate, requires: .dsp),
    Encoding("SMUAD T1", "111110110 010 nnnn 1111 dddd 000 i mmmm", .dualMultiplyAdd, requires: .dsp),
    Encoding("SMLAWB, SMLAWT T1", "111110110 011 nnnn aaaa dddd 000 i mmmm", .multiplyAddWordHalf, requires: .dsp),
    Encoding("SMULWB, SMULWT T1", "111110110 011 nnnn 1111 dddd 000 i mmmm", .multiplyWordHalf, requires: .dsp),
    Encoding("SMLSD T1", "111110110 100 nnnn aaaa dddd 000 i mmmm", .dualMultiplySubtractAccumulate, requires: .dsp),
    Encoding("SMUSD T1", "111110110 100 nnnn 1111 dddd 000 i mmmm", .dualMultiplySubtract, requires: .dsp),
    Encoding("SMMLA T1", "111110110 101 nnnn aaaa dddd 000 i mmmm", .multiplyAddMostSignificant, requires: .dsp),
    Encoding("SMMUL T1", "111110110 101 nnnn 1111 dddd 000 i mmmm", .multiplyMostSignificant, requires: .dsp),
    Encoding("SMMLS T1", "111110110 110 nnnn aaaa dddd 000 i mmmm", .multiplySubtractMostSignificant, requires: .dsp),
    Encoding("USADA8 T1", "111110110 111 nnnn aaaa dddd 0000 mmmm", .sumOfDifferencesAccumulate, requires: .dsp),
    Encoding("USAD8 T1", "111110110 111 nnnn 1111 dddd 0000 mmmm", .sumOfDifferences, requires: .dsp),

    // A5.3.17 Long multiply, long multiply accumulate, divide
    Encoding("SMULL T1", "111110111000 nnnn tttt uuuu 0000 mmmm", .signedMultiplyLong),
    Encoding("SDIV T1", "111110111001 nnnn 1111 dddd 1111 mmmm", .signedDivide),
    Encoding("UMULL T1", "111110111010 nnnn tttt uuuu 0000 mmmm", .unsignedMultiplyLong),
    Encoding("UDIV T1", "111110111011 nnnn 1111 dddd 1111 mmmm", .unsignedDivide),
    Encoding("SMLAL T1", "111110111100 nnnn tttt uuuu 0000 mmmm", .signedMultiplyAddLong),
    Encoding("SMLALBB and others T1", "111110111100 nnnn tttt uuuu 10 ii mmmm", .multiplyAddLongHalves, requires: .dsp),
    Encoding("SMLALD T1", "111110111100 nnnn tttt uuuu 110 i mmmm", .dualMultiplyAddLong, requires: .dsp),
    Encoding("SMLSLD T1", "111110111101 nnnn tttt uuuu 110 i mmmm", .dualMultiplySubtractLong, requires: .dsp),
    Encoding("UMLAL T1", "111110111110 nnnn tttt uuuu 0000 mmmm", .unsignedMultiplyAddLong),
    Encoding(
      "UMAAL T1", "111110111110 nnnn tttt uuuu 0110 mmmm", .unsignedMultiplyAccumulateAccumulateLong, requires: .dsp),

    // A5.3.18 Coprocessor instructions
    Encoding("Coprocessor", "1110 11 xxxxxxxxxx xxxxxxxxxxxxxxxx", .coprocessor),
    Encoding("Coprocessor 2", "1111 11 xxxxxxxxxx xxxxxxxxxxxxxxxx", .coprocessor),
    Encoding("Undefined (coprocessor)", "1110 1100000 x xxxx xxxxxxxxxxxxxxxx", .undefined),
    Encoding("Undefined (coprocessor 2)", "1111 1100000 x xxxx xxxxxxxxxxxxxxxx", .undefined),
  ]
}
