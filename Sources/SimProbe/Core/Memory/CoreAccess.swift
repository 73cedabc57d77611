/// One aligned access of the core on its way to the bus.
struct CoreAccess: Equatable {
  /// The address, aligned to the width.
  var address: UInt32
  /// The width.
  var width: BusWidth
  /// Whether it has the rights of privileged code.
  var isPrivileged: Bool
  /// Whether it fetches an instruction.
  var isFetch = false
  /// The value to write; nil for a read.
  var written: UInt32?
}
