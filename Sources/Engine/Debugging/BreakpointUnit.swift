import Basics

/// The instruction comparators of the FPB as a debugger uses them (ARMv7-M, C1.11; version 1 of the unit).
///
/// A comparator marks one halfword or both of a word in the code area below 0x2000_0000.
struct BreakpointUnit {
  /// What the unit can mark.
  static let range: Range<UInt32> = 0..<0x2000_0000
  private static let base: UInt32 = 0xE000_2008
  private static let on = BreakpointControl(rawValue: 3)

  private let access: any DebugAccess
  /// FP_CTRL as it was found, and how many comparators it tells of; nil before it was asked.
  private var found: BreakpointControl?
  /// What the chip's comparators hold; nil where that is not known.
  private var written: [UInt32]?
  private var isOn = false

  init(_ access: any DebugAccess) { self.access = access }

  /// How many words can be marked at once: FP_CTRL.NUM_CODE, six on every Cortex-M3 and M4.
  mutating func size() throws(DebugError) -> Int {
    let control: BreakpointControl
    if let found { control = found } else { control = try access.read(BreakpointControl.self) }
    found = control
    return Int(control.rawValue >> 12 & 7) << 4 | Int(control.rawValue >> 4 & 15)
  }

  /// The chip may hold something else than what was written.
  mutating func forget() {
    written = nil
    isOn = false
  }

  /// The words that are needed to mark so many places.
  static func words(_ places: some Sequence<UInt32>) -> Set<UInt32> { Set(places.map { $0 & ~3 }) }

  /// Has the chip stop at these places and at no other; there must be room for them.
  mutating func apply(_ places: some Sequence<UInt32>) throws(DebugError) {
    var marks: [UInt32: UInt32] = [:]
    // REPLACE: 1 the lower halfword, 2 the upper, 3 both.
    for place in places { marks[place & ~3, default: 0] |= place & 2 == 0 ? 1 : 2 }
    if marks.isEmpty, written?.allSatisfy({ $0 == 0 }) ?? false { return }
    let size = try size()
    let held = written ?? [UInt32](repeating: .max, count: size)
    var wanted = [UInt32?](repeating: nil, count: size)
    var values = Set(marks.map { $0.key & 0x1FFF_FFFC | $0.value << 30 | 1 })
    // What is there already stays where it is.
    for index in 0..<size where values.remove(held[index]) != nil { wanted[index] = held[index] }
    var rest = values.sorted()
    for index in 0..<size where wanted[index] == nil { wanted[index] = rest.popLast() ?? 0 }
    written = nil
    for (index, value) in wanted.enumerated() {
      let value = value ?? 0
      if held[index] != value { try access.writeWord(value, at: BreakpointUnit.base + 4 * UInt32(index)) }
    }
    written = wanted.map { $0 ?? 0 }
    if !isOn, !marks.isEmpty {
      try access.write(BreakpointUnit.on)
      isOn = true
    }
  }

  /// Takes the comparator out that marks a word, so that an instruction there can be executed.
  mutating func lift(_ place: UInt32) throws(DebugError) {
    guard BreakpointUnit.range.contains(place) else { return }
    guard let held = written else { return try apply([]) }
    let word = place & 0x1FFF_FFFC
    for (index, value) in held.enumerated() where value & 1 != 0 && value & 0x1FFF_FFFC == word {
      try access.writeWord(0, at: BreakpointUnit.base + 4 * UInt32(index))
      written?[index] = 0
    }
  }

  /// Takes everything out; the unit is on or off as it was found.
  mutating func leave() throws(DebugError) {
    try apply([])
    guard let found else { return }
    if isOn, !found[.enable] { try access.write(BreakpointControl.off) }
    isOn = false
  }
}
