/// An operation where the core keeps it, so that executing it reads only the fields that its kind needs.
struct DecodedOperation {
  private var pointer: UnsafePointer<Operation>

  /// The operation at a place that does not change while it executes.
  @inline(__always)
  init(_ pointer: UnsafeMutablePointer<Operation>) {
    self.pointer = UnsafePointer(pointer)
  }

  /// The whole operation.
  var operation: Operation { pointer.pointee }

  /// Where it is kept, as a number that grows from operation to operation of a block.
  var place: UInt { @inline(__always) get { UInt(bitPattern: pointer) } }

  /// The same number for any place.
  @inline(__always)
  static func place(_ pointer: UnsafeMutablePointer<Operation>) -> UInt { UInt(bitPattern: pointer) }

  /// Goes on to the next operation of a block.
  @inline(__always)
  mutating func advance() { pointer += 1 }

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
}
