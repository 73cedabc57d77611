/// One step of unpacking.
enum PackingToken: Equatable {
  /// A byte as it is.
  case literal(UInt8)
  /// Bytes that stand at a distance of 1 to 8192 before.
  case match(distance: Int, length: Int)
}
