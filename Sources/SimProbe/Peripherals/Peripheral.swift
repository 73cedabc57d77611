/// A peripheral that the simulator models: registers, and what they do.
protocol Peripheral: AnyObject {
  /// The name in the reference manual.
  var name: String { get }
  /// The registers.
  var registers: RegisterFile { get set }

  /// Software is about to read a register: brings status bits up to date.
  func prepareRead(_ offset: UInt32, now: UInt64)

  /// Software has written a register: `written` holds the bits of the access in their lanes, `old` what the register
  /// held before.
  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64)

  /// Whether the register in the word at an offset takes an access of this width; what it does with another is not
  /// documented and counts as unmodelled.
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool

  /// A system reset.
  func reset(now: UInt64)
}

extension Peripheral {
  func prepareRead(_ offset: UInt32, now: UInt64) {}
  func didWrite(_ offset: UInt32, written: UInt32, old: UInt32, now: UInt64) {}
  func takes(_ width: BusWidth, at offset: UInt32) -> Bool { true }
  func reset(now: UInt64) { registers.reset() }

  /// Reads; nil where there is no modelled register.
  func read(_ offset: UInt32, _ width: BusWidth, now: UInt64) -> UInt32? {
    let word = offset & ~0b11
    guard registers.contains(word), takes(width, at: word) else { return nil }
    prepareRead(word, now: now)
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
