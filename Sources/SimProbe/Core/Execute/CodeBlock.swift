/// Instructions that follow each other, decoded together and executed without looking at anything in between.
///
/// A block holds what lies within 32 bytes of code and, where fetches may wait, within one line of the flash's read
/// buffer but for a first instruction that reaches into the next one; it ends after a branch, unless that is a
/// conditional one forwards, and before every instruction that changes more than registers and memory. It remembers the
/// bytes that it was decoded from, and whoever executes it compares them with the memory first if that may have changed
/// since: code may change at any time and nothing has to be invalidated.
struct CodeBlock {
  /// The address of the first instruction, and in bits 39:32 the IT state in which it begins.
  var key = CodeBlock.unused
  /// The bytes from the address on.
  var code = SIMD4<UInt64>.zero
  /// Which of them belong to the block.
  var codeMask = SIMD4<UInt64>.zero
  /// The core's `codeGeneration` when memory last was seen to hold the block's code; 0 for never.
  var generation: UInt64 = 0
  /// Whether fetching it may wait.
  var isDelayed = false
  /// The operations, in order.
  let operations: UnsafeMutablePointer<Operation>
  /// What is to be known about the instruction that begins at each halfword, to stop behind it.
  let marks: UnsafeMutablePointer<CodeMark>
  /// The address behind the last instruction.
  var end: UInt32 = 0
  /// What R15 reads as while the last instruction executes.
  var lastProgramCounter: UInt32 = 0
  /// The IT state behind the last instruction.
  var ifThenState: UInt32 = 0
  /// Whether the first instruction reaches into the next line.
  var straddles = false
  /// How many instructions there are.
  var instructionCount: UInt64 = 0
  /// The cycles that the instructions take at least.
  var cycles: UInt64 = 0
  /// The cycles that they take at most while they do not leave fast memory; a block that must not be executed as one
  /// has `CodeBlock.never` here.
  var longest = CodeBlock.never

  /// How many bytes of code a block can hold.
  static let byteCount: UInt32 = 32
  /// How many instructions a block can hold.
  static let instructionCapacity = 16
  /// How many operations: before each instruction two that prepare it, and the end.
  static let operationCapacity = 3 * instructionCapacity + 1
  /// The key of a block that holds nothing.
  static let unused: UInt64 = .max
  /// More cycles than there can be until anything is due.
  static let never: UInt64 = 1 << 62

  /// An empty block.
  init() {
    operations = .allocate(capacity: CodeBlock.operationCapacity)
    operations.initialize(repeating: Operation(), count: CodeBlock.operationCapacity)
    marks = .allocate(capacity: CodeBlock.instructionCapacity)
    marks.initialize(repeating: CodeMark(), count: CodeBlock.instructionCapacity)
  }

  /// Frees what it points to.
  func deallocate() {
    operations.deallocate()
    marks.deallocate()
  }

  /// The key of a block that begins at an address in an IT state.
  @inline(__always)
  static func key(_ address: UInt32, _ ifThenState: UInt32) -> UInt64 {
    UInt64(ifThenState) << 32 | UInt64(address)
  }

  /// Whether the memory at a place still holds the block's code.
  @inline(__always)
  func matches(_ bytes: UnsafeRawPointer) -> Bool {
    (bytes.loadUnaligned(as: SIMD4<UInt64>.self) ^ code) & codeMask == .zero
  }

  /// The address of the first instruction.
  var address: UInt32 { UInt32(truncatingIfNeeded: key) }
}

/// Where a core stands behind one instruction of a block.
struct CodeMark {
  /// The cycles of the block up to the instruction's end.
  var cycles: UInt16 = 0
  /// How many of the block's instructions have been executed then.
  var instructionCount: UInt8 = 0
  /// How many bytes the instruction has.
  var byteCount: UInt8 = 0
  /// The IT state in which it begins.
  var ifThenStateBefore: UInt8 = 0
  /// The IT state behind it.
  var ifThenStateAfter: UInt8 = 0
}

/// The blocks of a core, found by their addresses.
///
/// Blocks are made when code is first executed and replaced by others whose addresses share their place. The owner frees
/// them with `deallocate()`.
struct CodeBlockTable {
  private let places: UnsafeMutablePointer<UnsafeMutablePointer<CodeBlock>>
  /// What places hold that were never used.
  private let empty: UnsafeMutablePointer<CodeBlock>

  private static let bits: UInt32 = 13

  /// A table without blocks.
  init() {
    empty = .allocate(capacity: 1)
    empty.initialize(to: CodeBlock())
    places = .allocate(capacity: 1 << Int(Self.bits))
    places.initialize(repeating: empty, count: 1 << Int(Self.bits))
  }

  /// The place of an address.
  @inline(__always)
  private func place(_ address: UInt32) -> Int { Int(address >> 1 & (1 << Self.bits - 1)) }

  /// The block at the place of an address, which may belong to another address.
  @inline(__always)
  subscript(address: UInt32) -> UnsafeMutablePointer<CodeBlock> { places[place(address)] }

  /// The block at the place of an address, to be filled anew.
  func replace(at address: UInt32) -> UnsafeMutablePointer<CodeBlock> {
    let block = places[place(address)]
    guard block == empty else { return block }
    let made = UnsafeMutablePointer<CodeBlock>.allocate(capacity: 1)
    made.initialize(to: CodeBlock())
    places[place(address)] = made
    return made
  }

  /// Frees the blocks.
  func deallocate() {
    for index in 0..<1 << Int(Self.bits) where places[index] != empty {
      places[index].pointee.deallocate()
      places[index].deallocate()
    }
    empty.pointee.deallocate()
    empty.deallocate()
    places.deallocate()
  }
}
