/// Why bytes cannot be taken as the state of a chip.
enum StateError: Error, Equatable {
  /// They do not begin as a state file does.
  case notAState
  /// A newer version of the program wrote them.
  case newerVersion(found: UInt32, supported: UInt32)
  /// They are damaged: what is wrong, and at which byte.
  case corrupt(String, offset: Int)
  /// They belong to another chip.
  case otherChip(found: String, expected: String)
}
