/// The fields of one instruction, and whether the architecture says what it does.
struct EncodingFields {
  private let row: EncodingRow
  private let word: UInt32

  init(_ row: EncodingRow, _ word: UInt32) {
    self.row = row
    self.word = word
  }

  subscript(letter: Unicode.Scalar) -> UInt32? { row.field(UInt8(ascii: letter), of: word) }

  private func isPointer(_ letter: Unicode.Scalar) -> Bool {
    row.width(UInt8(ascii: letter)) == 4 && [13, 15].contains(self[letter])
  }

  /// Whether none of the operands makes it unpredictable.
  var arePredictable: Bool {
    guard self["b"] != 15, hasGoodRegisters, hasGoodRanges else { return false }
    if row.begins("LDM", "STM", "PUSH", "POP") { return hasGoodList }
    if row.begins("VLDM", "VSTM") { return hasGoodFloatList }
    if row.begins("VMOV"), self["u"] != nil { return hasGoodPair }
    if row.begins("VMOV", "VMRS", "VMSR") { return !isPointer("t") }
    if row.name.contains("fixed") {
      let bits = (self["i"] ?? 0) & 0xF
      return bits << 1 | (self["i"] ?? 0) >> 4 <= ((self["j"] ?? 0) & 1 != 0 ? 32 : 16)
    }
    if row.begins("CMP (register) T2") {
      return self["n"] != 15 && self["m"] != 15 && !((self["n"] ?? 0) < 8 && (self["m"] ?? 0) < 8)
    }
    return true
  }

  private var hasGoodRegisters: Bool {
    guard row.isWide else { return self["d"] != 13 && self["e"] != 13 }
    if !row.begins("V"), ["d", "t", "u", "m"].contains(where: { isPointer($0) }) { return false }
    if [13, 15].contains(self["a"]) { return false }
    if self["n"] == 15 { return false }
    let takesStackPointer = row.begins("ADD", "SUB", "CMP", "CMN", "LDR", "STR", "LDM", "STM", "V")
    return self["n"] != 13 || takesStackPointer && !row.begins("LDREX", "STREX")
  }

  private var hasGoodRanges: Bool {
    // YIELD returns to Unicorn's user.
    if row.begins("NOP"), word & 0xFF == (row.isWide ? 0x01 : 0x10) { return false }
    let (i, j, t, u) = (self["i"] ?? 0, self["j"] ?? 0, self["t"], self["u"])
    let base = self["b"] ?? self["n"]
    if row.begins("SBFX", "UBFX") { return i + j <= 31 }
    if row.begins("BFI", "BFC") { return j >= i }
    if row.begins("LDRD"), t == u { return false }
    if row.begins("LDRD", "STRD"), self["n"] != nil, self["n"] == t || self["n"] == u { return false }
    if row.begins("STREX") { return u != t && u != base && u != 15 }
    if row.begins("MSR") { return j == 2 }
    if row.name.contains("indexed") {
      if base == 13, i % 4 != 0, !row.name.contains("RD ") { return false }
      if base == t { return false }
    }
    if ["MULL", "MLAL", "UMAAL", "SMLSLD", "SMLALD"].contains(where: { row.name.contains($0) }) { return t != u }
    return true
  }

  private var hasGoodList: Bool {
    let listed = row.isWide ? word & 0xFFFF : word & 0xFF
    let extra = !row.isWide && row.begins("P") ? word >> 8 & 1 : 0
    guard UInt32(listed.nonzeroBitCount) + extra >= (row.isWide ? 2 : 1) else { return false }
    let base = self["n"] ?? 13
    if listed >> base & 1 != 0, row.isWide || row.begins("STM") { return false }
    return !(row.isWide && listed & 0x8000 != 0) && !(row.begins("POP") && extra != 0)
  }

  private var hasGoodFloatList: Bool {
    let isDouble = row.name.contains("T1")
    let (i, base) = (self["i"] ?? 0, self["n"])
    let count = i >> (isDouble ? 1 : 0)
    let first = self["v"] ?? ((self["d"] ?? 0) * 2 + (self["D"] ?? 0))
    return count > 0 && count <= 16 && first + count <= (isDouble ? 16 : 32) && !(isDouble && i & 1 != 0) && base != 15
  }

  private var hasGoodPair: Bool {
    guard !isPointer("t"), !isPointer("u") else { return false }
    guard (self["M"] ?? 0) + (self["m"] ?? 0) * 2 < 31 else { return false }
    return !(row.name.contains("to two") && self["t"] == self["u"])
  }
}
