/// The lock of a flash register that two key words in sequence open (RM0090, 3.6.1 and 3.6.2).
///
/// FLASH_CR and FLASH_OPTCR have one each, independent of each other. A wrong word answers with a bus error and shuts
/// the lock until the next system reset.
struct KeyLock: Equatable {
  /// Where the sequence stands.
  enum State: Equatable {
    /// Waiting for the first key.
    case locked
    /// The first key has been written.
    case firstKeySeen
    /// Open.
    case unlocked
    /// Shut until the next system reset.
    case blocked
  }

  /// The two key words.
  struct Keys: Equatable, Sendable {
    let first: UInt32
    let second: UInt32

    init(_ first: UInt32, _ second: UInt32) {
      self.first = first
      self.second = second
    }
  }

  /// What opens the lock.
  let keys: Keys
  private(set) var state = State.locked

  /// A lock that is shut.
  init(_ keys: Keys) {
    self.keys = keys
  }

  /// Whether the register takes writes.
  var isUnlocked: Bool { state == .unlocked }

  /// Takes a write to the key register.
  ///
  /// - Returns: whether the bus accepts the write; false is a bus error. Writes to an open lock and to a blocked one
  ///   are accepted and change nothing: vendor loaders write both keys without looking first.
  mutating func write(_ word: UInt32) -> Bool {
    switch state {
    case .locked where word == keys.first: state = .firstKeySeen
    case .firstKeySeen where word == keys.second: state = .unlocked
    case .locked, .firstKeySeen:
      state = .blocked
      return false
    case .unlocked, .blocked: break
    }
    return true
  }

  /// The register's lock bit has been set by software.
  mutating func lock() {
    if state != .blocked { state = .locked }
  }

  /// A system reset: locked, and no longer blocked.
  mutating func reset() {
    state = .locked
  }
}
