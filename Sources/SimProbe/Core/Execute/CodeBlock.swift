/// Instructions that follow each other, decoded together and executed without looking at anything in between.
///
/// A block holds what begins within 16 bytes of code and, but for a first instruction that reaches into the next one,
/// within one line of the flash's read buffer; it ends after a branch and before every instruction that changes more
/// than registers and memory. It remembers the bytes that it was decoded from: whoever executes it compares them with
/// the memory first, so that code may change at any time and nothing has to be invalidated.
struct CodeBlock {
  /// The address of the first instruction, and in bits 39:32 the IT state in which it begins.
  var key = CodeBlock.unused
  /// The bytes from the address on.
  var code: (UInt64, UInt64) = (0, 0)
  /// Which of them belong to the block.
  var codeMask: (UInt64, UInt64) = (0, 0)
  /// The operations, in order.
  let operations: UnsafeMutablePointer<Operation>
  /// How many there are; an instruction of an IT block is two, the test of its condition and itself.
  var operationCount = 0
  /// The address behind the last instruction.
  var end: UInt32 = 0
  /// The IT state behind the last instruction.
  var ifThenState: UInt32 = 0
  /// Whether the first instruction reaches into the next line.
  var straddles = false
  /// Whether the block is a branch to itself.
  var isEndlessLoop = false
  /// How many instructions there are.
  var instructionCount: UInt64 = 0
  /// The cycles that the instructions take at least.
  var cycles: UInt64 = 0
  /// The cycles that they take at most while they do not leave fast memory; a block that must not be executed as one
  /// has `CodeBlock.never` here.
  var longest = CodeBlock.never

  /// How many bytes of code a block can hold.
  static let byteCount: UInt32 = 16
  /// How many operations a block can hold: eight 16-bit instructions under conditions.
  static let capacity = 16
  /// The key of a block that holds nothing.
  static let unused: UInt64 = .max
  /// More cycles than there can be until anything is due.
  static let never: UInt64 = 1 << 62

  /// An empty block.
  init() {
    operations = .allocate(capacity: CodeBlock.capacity)
    operations.initialize(repeating: Operation(), count: CodeBlock.capacity)
  }

  /// Frees the operations.
  func deallocate() {
    operations.deallocate()
  }

  /// The key of a block that begins at an address in an IT state.
  @inline(__always)
  static func key(_ address: UInt32, _ ifThenState: UInt32) -> UInt64 {
    UInt64(ifThenState) << 32 | UInt64(address)
  }

  /// The address of the first instruction.
  var address: UInt32 { UInt32(truncatingIfNeeded: key) }
  /// The IT state in which it begins.
  var initialIfThenState: UInt32 { UInt32(truncatingIfNeeded: key >> 32) }
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
