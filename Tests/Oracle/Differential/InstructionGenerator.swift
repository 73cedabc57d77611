import SimProbe

/// Draws random instructions of every encoding, with registers and flags that make them do something.
///
/// Operands that the architecture calls unpredictable are kept out: two emulators need not agree on them.
struct InstructionGenerator {
  /// One case for both emulators.
  struct Case {
    var encoding: Int
    var program: [UInt8]
    /// How many instructions the program has.
    var count: Int
    var branches: Bool
    var state: InstructionBench.State
  }

  let rows: [EncodingRow]
  private var random: RandomNumbers
  private let hasDSP: Bool

  private static let edges: [UInt32] = [
    0, 1, 2, 31, 32, 33, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
  ]
  private static let floatEdges: [UInt32] = [
    0x0000_0000, 0x8000_0000, 0x3F80_0000, 0xBF80_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000, 0x7FA0_0000,
    0x0000_0001, 0x007F_FFFF, 0x0080_0000, 0x7F7F_FFFF, 0x4F00_0000, 0xCF00_0000, 0x3F00_0000,
  ]
  /// Where addresses point: the middle of the RAM.
  private static let window: UInt32 = InstructionBench.ramBase + 0x400

  init(_ patterns: [InstructionBench.Pattern], seed: UInt64, isCortexM4: Bool) {
    rows = EncodingRow.table(patterns)
    random = RandomNumbers(seed: seed)
    hasDSP = isCortexM4
  }

  /// A case of an encoding at an address; nil when the drawn operands are unpredictable, or another encoding's.
  mutating func draw(_ index: Int, at address: UInt32) -> Case? {
    let row = rows[index]
    guard let (word, fields) = fill(row) else { return nil }
    var registers = (0..<15).map { _ in value() }
    if row.accessesMemory { aim(&registers, row, fields) }
    if row.branches, let target = fields["m"], target < 13 {
      // Within the code, and in Thumb state.
      registers[Int(target)] =
        row.isRelative ? random.below(0x800) * 2 : InstructionBench.codeBase + 0x2000 + random.below(0x1000) * 2 | 1
    }
    registers[13] = Self.window + random.below(0x200) * 4
    var program = row.bytes(word)
    var count = 1
    if let prefix = exclusivePrefix(row, word) {
      program = prefix + program
      count = 2
    } else if !row.branches, !row.isPrefix, random.below(8) == 0 {
      // One in eight runs under a condition, where 16-bit instructions leave the flags alone.
      let ifThen = UInt16(0xBF08 | random.below(14) << 4)
      program = [UInt8(truncatingIfNeeded: ifThen), UInt8(ifThen >> 8)] + program
      count = 2
    }
    var flags = random.below(32) << 27
    if hasDSP { flags |= random.below(16) << 16 }
    var floats: [UInt32] = []
    if row.isFloat {
      floats = (0..<32).map { _ in floatValue() } + [floatStatus(row)]
    }
    return Case(
      encoding: index, program: program, count: count, branches: row.branches,
      state: .init(registers: registers, flags: flags, programCounter: address, floats: floats))
  }

  /// A random instruction of an encoding.
  private mutating func fill(_ row: EncodingRow) -> (word: UInt32, fields: EncodingFields)? {
    var word = row.value
    for letter in row.letters {
      let width = row.width(letter)
      var bits = UInt32(truncatingIfNeeded: random.next()) & (width == 32 ? .max : 1 << width - 1)
      // Mostly plain registers.
      if width == 4, "dtnmaub".utf8.contains(letter), random.below(10) != 0 { bits = random.below(13) }
      if letter == UInt8(ascii: "i"), row.name.hasPrefix("VLDM") || row.name.hasPrefix("VSTM") {
        bits = (1 + random.below(8)) * (row.name.contains("T1") ? 2 : 1)
      }
      if letter == UInt8(ascii: "i"), row.isSpecialRegister { bits = row.specialRegister(random.below(16)) }
      word |= row.place(letter, bits)
    }
    // Instructions that name one register twice.
    if row.repeatsSource { word = word & ~0xF_0000 | (word & 0xF) << 16 }
    guard !row.moreSpecific.contains(where: { word & rows[$0].mask == rows[$0].value }) else { return nil }
    let fields = EncodingFields(row, word)
    return fields.arePredictable ? (word, fields) : nil
  }

  /// Points the base register into the RAM and makes an index small.
  private mutating func aim(_ registers: inout [UInt32], _ row: EncodingRow, _ fields: EncodingFields) {
    let base = Int(fields["b"] ?? fields["n"] ?? 13)
    if base != 13, base != 15 {
      // Single loads and stores may be unaligned; pairs, lists and exclusives must not.
      let step: UInt32 = row.takesAnyAddress ? 1 : 4
      registers[base] = Self.window + random.below(0x800 / step) * step
    }
    if let index = fields["m"], index < 13, index != UInt32(base), !row.name.hasPrefix("V") {
      registers[Int(index)] = random.below(256)
    }
  }

  /// Exclusive stores follow the load that lets them succeed, or one in two CLREX.
  private mutating func exclusivePrefix(_ row: EncodingRow, _ word: UInt32) -> [UInt8]? {
    guard row.name.hasPrefix("STREX") else { return nil }
    if random.below(2) == 0 { return [0xBF, 0xF3, 0x2F, 0x8F] }
    // The load of the same width and offset, into a register that the store does not use.
    let used = [word >> 12 & 0xF, word & 0xF, word >> 8 & 0xF, word >> 16 & 0xF]
    let target = [12, 11, 10, 9].first { !used.contains($0) } ?? 8
    let load =
      row.name.hasPrefix("STREX T1")
      ? word & 0x000F_00FF | 0xE850_0F00 | target << 12 : word & 0x000F_00F0 | 0xE8D0_0F0F | target << 12
    return row.bytes(load)
  }

  private mutating func value() -> UInt32 {
    switch random.below(100) {
    case 0..<45: return Self.window + random.below(0x200) * 4
    case 45..<65: return random.below(64)
    case 65..<80: return Self.edges[Int(random.below(UInt32(Self.edges.count)))]
    default: return UInt32(truncatingIfNeeded: random.next())
    }
  }

  private mutating func floatValue() -> UInt32 {
    switch random.below(100) {
    case 0..<35: return Self.floatEdges[Int(random.below(UInt32(Self.floatEdges.count)))]
    case 35..<70: return (Float(Int32(bitPattern: random.below(2_000_000))) / 1000 - 1000).bitPattern
    default: return UInt32(truncatingIfNeeded: random.next())
    }
  }

  private mutating func floatStatus(_ row: EncodingRow) -> UInt32 {
    let modes: [UInt32] = [0, 0, 0, 1, 2, 3, 4, 8, 12]
    var mode = modes[Int(random.below(9))]
    // It rounds to nearest whatever FPSCR says (DDI 0403, A7.7.228); Unicorn follows FPSCR.
    if row.name == "VCVT from fixed point T1" { mode &= ~3 }
    return random.below(16) << 28 | mode << 22
  }
}

/// SplitMix64.
struct RandomNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number below a bound.
  mutating func below(_ bound: UInt32) -> UInt32 { UInt32(next() >> 32) % bound }
}
