/// How many clock cycles instructions take, without wait states.
///
/// Source: "Processor instruction timings", Cortex-M3 TRM (DDI 0337) chapter 18 and Cortex-M4 TRM (DDI 0439) section
/// 3.3. What these give as a range is one typical value here; what depends on operands is added while executing.
enum InstructionTiming {
  /// P: refilling the pipeline after a taken branch takes 1 to 3 cycles.
  static let pipelineRefill: UInt64 = 2
  /// Entering an exception, from the interrupt to the first instruction of its handler.
  static let exceptionEntry: UInt64 = 12
  /// Returning from one.
  static let exceptionReturn: UInt64 = 10
  /// From one handler straight into another.
  static let tailChain: UInt64 = 6

  /// The cycles of an operation that does not branch.
  static func cycles(of operation: Operation, on processor: CoreProfile.Processor) -> UInt8 {
    let row = table[operation.kind, default: (1, 1)]
    let base = processor == .cortexM3 ? row.cortexM3 : row.cortexM4
    guard isMultiple(operation.kind) else { return base }
    let registers = operation.kind.isFloatMultiple ? operation.immediate : UInt32(operation.immediate.nonzeroBitCount)
    return base &+ UInt8(truncatingIfNeeded: registers)
  }

  private static func isMultiple(_ kind: OperationKind) -> Bool {
    switch kind {
    case .loadMultiple, .loadMultipleBefore, .storeMultiple, .storeMultipleBefore, .push, .pop: return true
    default: return kind.isFloatMultiple
    }
  }

  /// Kinds that take more than one cycle.
  private static let table: [OperationKind: (cortexM3: UInt8, cortexM4: UInt8)] = {
    var table: [OperationKind: (cortexM3: UInt8, cortexM4: UInt8)] = [
      .multiplyAdd: (2, 1), .multiplySubtract: (2, 1),
      .signedMultiplyLong: (4, 1), .unsignedMultiplyLong: (4, 1),
      .signedMultiplyAddLong: (6, 1), .unsignedMultiplyAddLong: (6, 1),
      .signedDivide: (2, 2), .unsignedDivide: (2, 2),
      .tableBranchByte: (2, 2), .tableBranchHalfword: (2, 2),
      .loadDual: (3, 3), .loadDualLiteral: (3, 3), .storeDual: (3, 3),
      .barrier: (2, 2), .changeProcessorState: (1, 1),
      .readSpecialRegister: (2, 2), .writeSpecialRegister: (2, 2),
      .floatDivide: (1, 14), .floatSquareRoot: (1, 14),
      .floatMultiplyAdd: (1, 3), .floatMultiplySubtract: (1, 3),
      .floatNegateMultiplyAdd: (1, 3), .floatNegateMultiplySubtract: (1, 3),
      .floatFusedAdd: (1, 3), .floatFusedSubtract: (1, 3),
      .floatFusedNegateAdd: (1, 3), .floatFusedNegateSubtract: (1, 3),
      .floatPairFromCore: (1, 2), .floatPairToCore: (1, 2),
      .floatLoad: (1, 2), .floatStore: (1, 2), .floatLoadDouble: (1, 3), .floatStoreDouble: (1, 3),
    ]
    for kind in singleLoads { table[kind] = (2, 2) }
    return table
  }()

  private static let singleLoads: [OperationKind] = [
    .loadWordImmediate, .loadHalfwordImmediate, .loadByteImmediate, .loadSignedHalfwordImmediate,
    .loadSignedByteImmediate, .loadWordLiteral, .loadHalfwordLiteral, .loadByteLiteral, .loadSignedHalfwordLiteral,
    .loadSignedByteLiteral, .loadWordRegister, .loadHalfwordRegister, .loadByteRegister, .loadSignedHalfwordRegister,
    .loadSignedByteRegister, .loadWordIndexed, .loadHalfwordIndexed, .loadByteIndexed, .loadSignedHalfwordIndexed,
    .loadSignedByteIndexed, .loadWordUnprivileged, .loadHalfwordUnprivileged, .loadByteUnprivileged,
    .loadSignedHalfwordUnprivileged, .loadSignedByteUnprivileged, .loadExclusive, .loadExclusiveByte,
    .loadExclusiveHalfword, .storeExclusive, .storeExclusiveByte, .storeExclusiveHalfword,
  ]
}

extension OperationKind {
  /// Whether the immediate counts floating-point registers.
  var isFloatMultiple: Bool { self == .floatLoadMultiple || self == .floatStoreMultiple }
}
