/// An operation where the core keeps it, so that executing it reads only the fields that its kind needs, and the registers
/// that these name.
struct DecodedOperation {
  private var pointer: UnsafeMutablePointer<Operation>
  private let registers: CoreRegisterFile

  /// The operation at a place that does not change while it executes.
  @inline(__always)
  init(_ pointer: UnsafeMutablePointer<Operation>, _ registers: CoreRegisterFile) {
    self.pointer = pointer
    self.registers = registers
  }

  /// The whole operation.
  var operation: Operation { pointer.pointee }

  // MARK: Fields

  var programCounter: UInt32 { @inline(__always) get { pointer.pointee.programCounter } }
  var immediate: UInt32 { @inline(__always) get { pointer.pointee.immediate } }
  var kind: OperationKind { @inline(__always) get { pointer.pointee.kind } }
  var destination: UInt8 { @inline(__always) get { pointer.pointee.destination } }
  var first: UInt8 { @inline(__always) get { pointer.pointee.first } }
  var second: UInt8 { @inline(__always) get { pointer.pointee.second } }
  var third: UInt8 { @inline(__always) get { pointer.pointee.third } }
  var shift: ShiftType { @inline(__always) get { pointer.pointee.shift } }
  var options: OperationOptions { @inline(__always) get { pointer.pointee.options } }
  var cycles: UInt8 { @inline(__always) get { pointer.pointee.cycles } }
  /// Whether the operation's condition is the opposite of what its kind says.
  var invertsCondition: Bool { @inline(__always) get { pointer.pointee.third & 1 != 0 } }

  // MARK: Registers

  /// What the destination register holds.
  var destinationValue: UInt32 {
    @inline(__always) get { registers[destination] }
    @inline(__always) nonmutating set { registers[destination] = newValue }
  }
  /// What the first register holds.
  var firstValue: UInt32 {
    @inline(__always) get { registers[first] }
    @inline(__always) nonmutating set { registers[first] = newValue }
  }
  /// What the second register holds.
  var secondValue: UInt32 { @inline(__always) get { registers[second] } }
  /// What the third register holds.
  var thirdValue: UInt32 {
    @inline(__always) get { registers[third] }
    @inline(__always) nonmutating set { registers[third] = newValue }
  }

  // MARK: Blocks

  /// Goes on to the next operation of a block.
  @inline(__always)
  mutating func advance() { pointer += 1 }

  /// Goes past the next operations of a block.
  @inline(__always)
  mutating func skip(_ count: UInt32) { pointer += Int(count) }

  /// Makes the next operation of a block write a register.
  @inline(__always)
  func redirectNext(to destination: UInt8) { pointer[1].destination = destination }
}
