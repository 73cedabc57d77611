/// An operation where the core keeps it, so that executing it reads only the fields that its kind needs.
struct DecodedOperation {
  private let place: UnsafePointer<Operation>

  /// The operation at a place that does not change while it executes.
  @inline(__always)
  init(_ place: UnsafeMutablePointer<Operation>) {
    self.place = UnsafePointer(place)
  }

  /// The whole operation.
  var operation: Operation { place.pointee }

  var word: UInt32 { @inline(__always) get { place.pointee.word } }
  var immediate: UInt32 { @inline(__always) get { place.pointee.immediate } }
  var kind: OperationKind { @inline(__always) get { place.pointee.kind } }
  var destination: UInt8 { @inline(__always) get { place.pointee.destination } }
  var first: UInt8 { @inline(__always) get { place.pointee.first } }
  var second: UInt8 { @inline(__always) get { place.pointee.second } }
  var third: UInt8 { @inline(__always) get { place.pointee.third } }
  var shift: ShiftType { @inline(__always) get { place.pointee.shift } }
  var options: OperationOptions { @inline(__always) get { place.pointee.options } }
  var cycles: UInt8 { @inline(__always) get { place.pointee.cycles } }
}
