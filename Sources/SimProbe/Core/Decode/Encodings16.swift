/// The 16-bit Thumb encodings in the order of the ARMv7-M manual, A5.2.
extension Encoding {
  static let narrow: [Encoding] = [
    // A5.2.1 Shift (immediate), add, subtract, move, compare
    Encoding("LSL T1", "00000 iiiii mmm ddd", .moveShifted, as: .shiftAmount, .outsideIfThen, shift: .left),
    Encoding("LSR T1", "00001 iiiii mmm ddd", .moveShifted, as: .shiftAmount, .outsideIfThen, shift: .right),
    Encoding("ASR T1", "00010 iiiii mmm ddd", .moveShifted, as: .shiftAmount, .outsideIfThen, shift: .arithmeticRight),
    Encoding("ADD (register) T1", "0001100 mmm nnn ddd", .addRegister, .outsideIfThen),
    Encoding("SUB (register) T1", "0001101 mmm nnn ddd", .subtractRegister, .outsideIfThen),
    Encoding("ADD (immediate) T1", "0001110 iii nnn ddd", .addImmediate, .outsideIfThen),
    Encoding("SUB (immediate) T1", "0001111 iii nnn ddd", .subtractImmediate, .outsideIfThen),
    Encoding("MOV (immediate) T1", "00100 ddd iiiiiiii", .moveImmediate, .outsideIfThen),
    Encoding("CMP (immediate) T1", "00101 nnn iiiiiiii", .compareImmediate),
    Encoding("ADD (immediate) T2", "00110 eee iiiiiiii", .addImmediate, .outsideIfThen),
    Encoding("SUB (immediate) T2", "00111 eee iiiiiiii", .subtractImmediate, .outsideIfThen),

    // A5.2.2 Data processing
    Encoding("AND (register) T1", "0100000000 mmm eee", .andRegister, .outsideIfThen),
    Encoding("EOR (register) T1", "0100000001 mmm eee", .exclusiveOrRegister, .outsideIfThen),
    Encoding("LSL (register) T1", "0100000010 mmm eee", .shiftByRegister, .outsideIfThen, shift: .left),
    Encoding("LSR (register) T1", "0100000011 mmm eee", .shiftByRegister, .outsideIfThen, shift: .right),
    Encoding("ASR (register) T1", "0100000100 mmm eee", .shiftByRegister, .outsideIfThen, shift: .arithmeticRight),
    Encoding("ADC (register) T1", "0100000101 mmm eee", .addCarryRegister, .outsideIfThen),
    Encoding("SBC (register) T1", "0100000110 mmm eee", .subtractCarryRegister, .outsideIfThen),
    Encoding("ROR (register) T1", "0100000111 mmm eee", .shiftByRegister, .outsideIfThen, shift: .rotate),
    Encoding("TST (register) T1", "0100001000 mmm nnn", .testRegister),
    Encoding("RSB (immediate) T1", "0100001001 nnn ddd", .reverseSubtractImmediate, .outsideIfThen),
    Encoding("CMP (register) T1", "0100001010 mmm nnn", .compareRegister),
    Encoding("CMN (register) T1", "0100001011 mmm nnn", .compareNegativeRegister),
    Encoding("ORR (register) T1", "0100001100 mmm eee", .orRegister, .outsideIfThen),
    Encoding("MUL T1", "0100001101 nnn fff", .multiply, .outsideIfThen),
    Encoding("BIC (register) T1", "0100001110 mmm eee", .bitClearRegister, .outsideIfThen),
    Encoding("MVN (register) T1", "0100001111 mmm ddd", .moveNotRegister, .outsideIfThen),

    // A5.2.3 Special data instructions and branch and exchange
    Encoding("ADD (register) T2", "01000100 e mmmm eee", .addRegister),
    Encoding("ADD (register) T2 to PC", "01000100 1 mmmm 111", .addToProgramCounter, base: 15),
    Encoding("CMP (register) T2", "01000101 n mmmm nnn", .compareRegister),
    Encoding("MOV (register) T1", "01000110 d mmmm ddd", .moveRegister),
    Encoding("MOV (register) T1 to PC", "01000110 1 mmmm 111", .moveToProgramCounter),
    Encoding("BX T1", "010001110 mmmm 000", .branchExchange),
    Encoding("BLX (register) T1", "010001111 mmmm 000", .branchLinkExchange),

    // A5.2.4 Load and store single data item
    Encoding("LDR (literal) T1", "01001 ttt iiiiiiii", .loadWordLiteral, as: .scaled(by: 2)),
    Encoding("STR (register) T1", "0101000 mmm nnn ttt", .storeWordRegister),
    Encoding("STRH (register) T1", "0101001 mmm nnn ttt", .storeHalfwordRegister),
    Encoding("STRB (register) T1", "0101010 mmm nnn ttt", .storeByteRegister),
    Encoding("LDRSB (register) T1", "0101011 mmm nnn ttt", .loadSignedByteRegister),
    Encoding("LDR (register) T1", "0101100 mmm nnn ttt", .loadWordRegister),
    Encoding("LDRH (register) T1", "0101101 mmm nnn ttt", .loadHalfwordRegister),
    Encoding("LDRB (register) T1", "0101110 mmm nnn ttt", .loadByteRegister),
    Encoding("LDRSH (register) T1", "0101111 mmm nnn ttt", .loadSignedHalfwordRegister),
    Encoding("STR (immediate) T1", "01100 iiiii nnn ttt", .storeWordImmediate, as: .scaled(by: 2)),
    Encoding("LDR (immediate) T1", "01101 iiiii nnn ttt", .loadWordImmediate, as: .scaled(by: 2)),
    Encoding("STRB (immediate) T1", "01110 iiiii nnn ttt", .storeByteImmediate),
    Encoding("LDRB (immediate) T1", "01111 iiiii nnn ttt", .loadByteImmediate),
    Encoding("STRH (immediate) T1", "10000 iiiii nnn ttt", .storeHalfwordImmediate, as: .scaled(by: 1)),
    Encoding("LDRH (immediate) T1", "10001 iiiii nnn ttt", .loadHalfwordImmediate, as: .scaled(by: 1)),
    Encoding("STR (immediate) T2", "10010 ttt iiiiiiii", .storeWordImmediate, as: .scaled(by: 2), base: 13),
    Encoding("LDR (immediate) T2", "10011 ttt iiiiiiii", .loadWordImmediate, as: .scaled(by: 2), base: 13),

    // A5.2 Address generation
    Encoding("ADR T1", "10100 ddd iiiiiiii", .addressRelative, as: .scaled(by: 2)),
    Encoding("ADD (SP) T1", "10101 ddd iiiiiiii", .addImmediate, as: .scaled(by: 2), base: 13),

    // A5.2.5 Miscellaneous
    Encoding("ADD (SP) T2", "101100000 iiiiiii", .addImmediate, as: .scaled(by: 2), base: 13, destination: 13),
    Encoding("SUB (SP) T1", "101100001 iiiiiii", .subtractImmediate, as: .scaled(by: 2), base: 13, destination: 13),
    Encoding("CBZ T1", "101100 i 1 iiiii nnn", .compareBranchZero, as: .scaled(by: 1)),
    Encoding("SXTH T1", "1011001000 mmm ddd", .signExtendHalfword),
    Encoding("SXTB T1", "1011001001 mmm ddd", .signExtendByte),
    Encoding("UXTH T1", "1011001010 mmm ddd", .zeroExtendHalfword),
    Encoding("UXTB T1", "1011001011 mmm ddd", .zeroExtendByte),
    Encoding("PUSH T1", "1011010 r rrrrrrrr", .push, as: .listWithLink),
    Encoding("CPS T1", "10110110011 j 00 ii", .changeProcessorState),
    Encoding("CBNZ T1", "101110 i 1 iiiii nnn", .compareBranchNonZero, as: .scaled(by: 1)),
    Encoding("REV T1", "1011101000 mmm ddd", .reverseBytes),
    Encoding("REV16 T1", "1011101001 mmm ddd", .reverseHalfwordBytes),
    Encoding("REVSH T1", "1011101011 mmm ddd", .reverseSignedHalfword),
    Encoding("POP T1", "1011110 r rrrrrrrr", .pop, as: .listWithProgramCounter),
    Encoding("BKPT T1", "10111110 iiiiiiii", .breakpoint),

    // A5.2.6 If-Then and hints
    Encoding("IT T1", "10111111 iiiiiiii", .ifThen),
    Encoding("NOP T1 and unallocated hints", "10111111 xxxx 0000", .noOperation),
    Encoding("WFE T1", "10111111 0010 0000", .waitForEvent),
    Encoding("WFI T1", "10111111 0011 0000", .waitForInterrupt),
    Encoding("SEV T1", "10111111 0100 0000", .sendEvent),

    // A5.2 Store and load multiple
    Encoding("STM T1", "11000 nnn rrrrrrrr", .storeMultiple, .writesBack),
    Encoding("LDM T1", "11001 nnn rrrrrrrr", .loadMultiple, .writesBack),

    // A5.2.7 Conditional branch and supervisor call, unconditional branch
    Encoding("B T1", "1101 cccc iiiiiiii", .branchConditional, as: .branch(bits: 8)),
    Encoding("UDF T1", "11011110 xxxxxxxx", .undefined),
    Encoding("SVC T1", "11011111 iiiiiiii", .supervisorCall),
    Encoding("B T2", "11100 iiiiiiiiiii", .branch, as: .branch(bits: 11)),
  ]
}

extension OperationOptions {
  /// 16-bit data processing: sets the flags unless an IT block covers it.
  static let outsideIfThen: OperationOptions = [.setsFlags, .onlyOutsideIfThen]
  /// The offset is applied before the access and the base is written back.
  static let preIndexed: OperationOptions = [.indexed, .writesBack]
}
