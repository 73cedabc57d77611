/// A peripheral that the simulator models: registers, and what they do.
protocol Peripheral: AnyObject {
  /// The name in the reference manual.
  var name: String { get }
  /// The registers.
  var registers: RegisterFile { get }

  /// When something happens here by itself that others can see; nil while nothing will.
  var nextEvent: UInt64? { get }

  /// Lets time pass: everything that happens by itself until `now` has happened. A time in the past changes nothing.
  func advance(to now: UInt64)

  /// The clock that the peripheral runs on has changed to so many hertz; `advance(to:)` has been called.
  func clockChanged(to hertz: UInt64, now: UInt64)

  /// The chip's clocks have stood still for so many nanoseconds: what was to happen happens so much later.
  func postpone(by nanoseconds: UInt64)

  /// The core has stopped in debug state, and the debug unit keeps the peripheral still for that time; or it goes on.
  func freeze(_ isFrozen: Bool, now: UInt64)

  /// Software is about to read a register: brings status bits up to date.
  func prepareRead(_ offset: UInt32, now: UInt64)

  /// Software has read a register.
  func didRead(_ offset: UInt32, now: UInt64)

  /// Software has written a register: `written` holds the bits of the access in their lanes, `old` what the register
  /// held before.
  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64)

  /// Whether the register in the word at an offset takes an access of this width; what it does with another is not
  /// documented and counts as unmodelled.
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool

  /// What a write to the register at an offset costs beyond the first bus cycle.
  func cycles(ofWriteTo offset: UInt32) -> UInt32

  /// Whether it does more than keep and acknowledge what is written.
  var hasFunction: Bool { get }

  /// Whether reading the register at an offset changes nothing, and gives the same until the next event or write.
  func isSteady(_ offset: UInt32) -> Bool

  /// Whether writing a value to the register at an offset would change nothing now, however often.
  func absorbs(_ value: UInt32, at offset: UInt32) -> Bool

  /// A system reset.
  func reset(now: UInt64)
}

extension Peripheral {
  var hasFunction: Bool { true }
  var nextEvent: UInt64? { nil }
  func advance(to now: UInt64) {}
  func clockChanged(to hertz: UInt64, now: UInt64) {}
  func postpone(by nanoseconds: UInt64) {}
  func freeze(_ isFrozen: Bool, now: UInt64) {}
  func prepareRead(_ offset: UInt32, now: UInt64) {}
  func didRead(_ offset: UInt32, now: UInt64) {}
  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {}
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool { true }
  func cycles(ofWriteTo offset: UInt32) -> UInt32 { 1 }
  func isSteady(_ offset: UInt32) -> Bool { false }
  func absorbs(_ value: UInt32, at offset: UInt32) -> Bool { false }
  func reset(now: UInt64) { registers.reset() }

  /// Reads; nil where there is no modelled register.
  func read(_ offset: UInt32, _ width: BusWidth, now: UInt64) -> UInt32? {
    let word = offset & ~0b11
    guard registers.contains(word), takes(width, at: word) else { return nil }
    prepareRead(word, now: now)
    defer { didRead(word, now: now) }
    return registers.read(word).map { ByteLanes(offset, width).extract(from: $0) }
  }

  /// Writes.
  ///
  /// - Returns: whether there is a modelled register.
  func write(_ offset: UInt32, _ value: UInt32, _ width: BusWidth, now: UInt64) -> Bool {
    let word = offset & ~0b11
    guard registers.contains(word), takes(width, at: word) else { return false }
    let lanes = ByteLanes(offset, width)
    let old = registers[word]
    registers.write(word, value, lanes)
    didWrite(word, written: lanes.place(value), old: old, now: now)
    return true
  }
}
