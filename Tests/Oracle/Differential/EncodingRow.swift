import SimProbe

/// An encoding pattern as the generator uses it.
struct EncodingRow {
  let name: String
  let isWide: Bool
  let isFloat: Bool
  /// Whether the processor has it.
  let isAvailable: Bool
  /// The fixed bits and their values.
  let mask: UInt32
  let value: UInt32
  /// The letters of the pattern, free places (`x`) among them.
  let letters: [UInt8]
  /// Rows whose instructions are exceptions of this one's.
  private(set) var moreSpecific: [Int] = []
  private let masks: [UInt8: UInt32]

  private init(_ pattern: InstructionBench.Pattern) {
    name = pattern.name
    isFloat = pattern.isFloat
    isAvailable = pattern.isAvailable
    isWide = pattern.places.count == 32
    var masks: [UInt8: UInt32] = [:]
    for (index, place) in pattern.places.enumerated() {
      masks[place, default: 0] |= 1 << UInt32(pattern.places.count - 1 - index)
    }
    value = masks.removeValue(forKey: UInt8(ascii: "1")) ?? 0
    mask = value | (masks.removeValue(forKey: UInt8(ascii: "0")) ?? 0)
    letters = masks.keys.sorted()
    self.masks = masks
  }

  /// The rows of an instruction set.
  static func table(_ patterns: [InstructionBench.Pattern]) -> [EncodingRow] {
    var rows = patterns.map(EncodingRow.init)
    for index in rows.indices {
      let row = rows[index]
      rows[index].moreSpecific = rows.indices.filter {
        let other = rows[$0]
        return other.isWide == row.isWide && $0 != index && other.mask & row.mask == row.mask
          && other.value & row.mask == row.value && other.mask != row.mask
      }
    }
    return rows
  }

  /// How many places a letter has.
  func width(_ letter: UInt8) -> UInt32 { UInt32((masks[letter] ?? 0).nonzeroBitCount) }

  /// A field's bits in their places.
  func place(_ letter: UInt8, _ bits: UInt32) -> UInt32 {
    var (rest, bits, word) = (masks[letter] ?? 0, bits, UInt32(0))
    while rest != 0 {
      word |= (bits & 1) << UInt32(rest.trailingZeroBitCount)
      bits >>= 1
      rest &= rest - 1
    }
    return word
  }

  /// A field of an instruction; nil when the pattern does not have the letter.
  func field(_ letter: UInt8, of word: UInt32) -> UInt32? {
    guard var rest = masks[letter] else { return nil }
    var (bits, position) = (UInt32(0), UInt32(0))
    while rest != 0 {
      bits |= (word >> UInt32(rest.trailingZeroBitCount) & 1) << position
      position += 1
      rest &= rest - 1
    }
    return bits
  }

  /// An instruction's bytes in memory.
  func bytes(_ word: UInt32) -> [UInt8] {
    let halfwords = isWide ? [word >> 16, word & 0xFFFF] : [word]
    return halfwords.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  /// Whether the name begins with one of some words.
  func begins(_ prefixes: String...) -> Bool { prefixes.contains { name.hasPrefix($0) } }

  // MARK: Classes of instructions

  /// Why the encoding is not compared; nil when it is.
  var exclusion: String? {
    if !isAvailable { return "the Cortex-M4 only" }
    if begins("Undefined", "UDF") { return "undefined: both fault, and Unicorn stops" }
    if begins("SVC", "BKPT") { return "enters an exception, which Unicorn leaves to its user" }
    if begins("WF") { return "sleeps" }
    if begins("CPS") { return "changes masks, which vectors do not hold" }
    if begins("Coprocessor") { return "no such coprocessor: both fault, and Unicorn stops" }
    if begins("IT ") { return "covered as the prefix of every eighth instruction" }
    return nil
  }

  var branches: Bool {
    begins("B ", "BL", "BX", "CBZ", "CBNZ", "TB") || name.contains("to PC")
  }
  var accessesMemory: Bool { begins("LDR", "STR", "LDM", "STM", "TB", "VLDR", "VSTR", "VLDM", "VSTM") }
  var takesAnyAddress: Bool {
    begins("LDR", "STR") && !begins("LDRD", "STRD", "LDREX", "STREX")
  }
  /// Whether a branch adds its register to PC.
  var isRelative: Bool { begins("TB", "ADD") }
  var isPrefix: Bool { begins("IT ") }
  var isSpecialRegister: Bool { begins("MRS", "MSR") }
  var repeatsSource: Bool { isWide && begins("REV", "RBIT", "CLZ") }

  /// A special register that user code shares with both emulators: APSR, xPSR, MSP, PRIMASK, BASEPRI, FAULTMASK.
  func specialRegister(_ choice: UInt32) -> UInt32 {
    let readable: [UInt32] = [0, 3, 8, 16, 17, 19]
    let writable: [UInt32] = [0, 8]
    return begins("MRS") ? readable[Int(choice) % readable.count] : writable[Int(choice) % writable.count]
  }
}
