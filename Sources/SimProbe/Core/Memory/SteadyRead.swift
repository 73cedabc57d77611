/// The answer to the core's last read of a register word, while it would be the same again: what polling loops read.
struct SteadyRead {
  /// What was read.
  var address: UInt32 = 0
  /// What came back.
  var value: UInt32 = 0
  /// What the access cost beyond the first bus cycle.
  var extraCycles: UInt64 = 0
  /// The first cycle at which the answer may be another; 0 for no promise.
  var end: UInt64 = 0
}
