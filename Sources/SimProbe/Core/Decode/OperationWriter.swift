/// Writes a block's operations: each instruction in the form in which it executes fastest there.
struct OperationWriter {
  private var next: UnsafeMutablePointer<Operation>
  /// The test that covers what was written last, while more instructions with its condition may follow.
  private var openTest: UnsafeMutablePointer<Operation>?
  /// The condition of that test.
  private var openCondition: UInt8 = 0
  /// Whether nothing has been written.
  private var isFirst = true
  /// Whether what was written last stands in an IT block.
  private var isInIfThen = false

  /// Writes from a place on.
  init(_ operations: UnsafeMutablePointer<Operation>) {
    next = operations
  }

  /// Appends an instruction that executes in an IT state.
  mutating func append(_ original: Operation, ifThenState: UInt32) {
    var operation = original
    isInIfThen = ifThenState != 0
    // IT itself does nothing: the instructions behind it are written with their conditions.
    guard operation.kind != .ifThen else { return isFirst = false }
    let condition = UInt8(truncatingIfNeeded: ifThenState >> 4)
    if ifThenState != 0, operation.options.contains(.onlyOutsideIfThen) { operation.options.remove(.setsFlags) }
    if ifThenState == 0 || condition >= 14 {
      openTest = nil
    } else if operation.canBeRedirected {
      select(condition, operation)
    } else {
      test(condition, operation)
    }
    if operation.readsProgramCounter {
      var preparation = Operation()
      preparation.kind = .showProgramCounter
      preparation.programCounter = operation.programCounter
      push(preparation)
    }
    if isFirst, ifThenState == 0, operation.isBranchToItself { operation.kind = .endlessLoop }
    if operation.kind == .branchConditional, operation.third < 14 {
      operation.kind = OperationKind(.branchIfEqual, condition: operation.third)
    }
    push(operation)
    isFirst = false
    if operation.changesFlags { openTest = nil }
  }

  /// Appends the end.
  mutating func end() {
    var operation = Operation()
    operation.kind = .endOfBlock
    next.pointee = operation
  }

  /// Lets the block go on behind the branch that was written last, if it is a conditional one forwards: one that is
  /// taken less often than not.
  ///
  /// - Returns: whether the block goes on.
  mutating func continueBehindBranch(_ cycles: UInt64, _ instructionCount: UInt64) -> Bool {
    let branch = next - 1
    guard branch.pointee.isConditionalBranchForwards, !isInIfThen, cycles <= UInt64(UInt8.max) else { return false }
    branch.pointee.options.insert(.variant)
    branch.pointee.cycles = UInt8(truncatingIfNeeded: cycles)
    branch.pointee.second = UInt8(truncatingIfNeeded: instructionCount)
    return true
  }

  /// Makes the next operation's result depend on a condition.
  private mutating func select(_ condition: UInt8, _ operation: Operation) {
    var selection = Operation()
    selection.kind = OperationKind(.selectIfEqual, condition: condition)
    selection.third = condition
    selection.immediate = UInt32(operation.destination) | UInt32(CoreRegisterFile.sink) << 8
    push(selection)
    openTest = nil
  }

  /// Makes the next operation depend on a condition: by the test of the one before if that has the same.
  private mutating func test(_ condition: UInt8, _ operation: Operation) {
    if openTest == nil || openCondition != condition {
      var test = Operation()
      test.kind = OperationKind(.skipUnlessEqual, condition: condition)
      test.third = condition
      test.cycles = 0
      push(test)
      openTest = next - 1
      openCondition = condition
    }
    // An instruction whose condition fails takes one cycle.
    openTest?.pointee.cycles += operation.cycles - 1
    openTest?.pointee.immediate += operation.readsProgramCounter ? 2 : 1
  }

  private mutating func push(_ operation: Operation) {
    next.pointee = operation
    next += 1
  }
}

extension OperationKind {
  /// A kind of a row in the order of the architecture's conditions, whose bit 0 inverts.
  fileprivate init(_ first: OperationKind, condition: UInt8) {
    self = OperationKind(rawValue: first.rawValue + condition / 2) ?? .undefined
  }
}

extension Operation {
  fileprivate var isConditionalBranchForwards: Bool {
    switch kind {
    case .branchIfEqual, .branchIfCarry, .branchIfNegative, .branchIfOverflow, .branchIfHigher, .branchIfNotLess,
      .branchIfGreater, .compareBranchZero, .compareBranchNonZero:
      return immediate < 1 << 31
    default: return false
    }
  }

  fileprivate var isBranchToItself: Bool { kind == .branch && immediate == 0 &- 4 }

  /// Whether it may read R15 as any register.
  fileprivate var readsProgramCounter: Bool {
    switch kind {
    case .loadWordLiteral, .loadHalfwordLiteral, .loadByteLiteral, .loadSignedHalfwordLiteral, .loadSignedByteLiteral,
      .branch, .branchConditional, .branchWithLink:
      return false
    default: return destination == 15 || first == 15 || second == 15 || third == 15
    }
  }

  /// Whether it does nothing but write its destination, in one cycle.
  fileprivate var canBeRedirected: Bool {
    guard !options.contains(.setsFlags), !readsProgramCounter, cycles == 1 else { return false }
    switch kind {
    case .andImmediate, .bitClearImmediate, .orImmediate, .orNotImmediate, .exclusiveOrImmediate, .moveImmediate,
      .moveNotImmediate, .addImmediate, .addCarryImmediate, .subtractImmediate, .subtractCarryImmediate,
      .reverseSubtractImmediate, .andRegister, .bitClearRegister, .orRegister, .exclusiveOrRegister, .moveRegister,
      .moveNotRegister, .addRegister, .addCarryRegister, .subtractRegister, .subtractCarryRegister, .andShifted,
      .bitClearShifted, .orShifted, .exclusiveOrShifted, .moveShifted, .moveShiftedLeft, .moveShiftedRight, .addShifted,
      .subtractShifted, .signExtendByte, .signExtendHalfword, .zeroExtendByte, .zeroExtendHalfword:
      return true
    default: return false
    }
  }

  /// Whether it may change the flags that conditions test.
  fileprivate var changesFlags: Bool {
    switch kind {
    case .testImmediate, .testEqualImmediate, .compareImmediate, .compareNegativeImmediate, .testRegister,
      .compareRegister, .compareNegativeRegister, .testShifted, .testEqualShifted, .compareShifted,
      .compareNegativeShifted, .floatStatusRead:
      return true
    default: return options.contains(.setsFlags)
    }
  }
}
