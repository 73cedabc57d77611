/// Turns instruction words into operations by the encoding tables.
struct Decoder {
  private let profile: CoreProfile
  /// The narrow encodings by the instruction's top six bits.
  private let narrow: [[Encoding]]
  /// The wide encodings by bits 28:20 of the instruction.
  private let wide: [[Encoding]]

  /// A decoder for a processor.
  init(_ profile: CoreProfile) {
    self.profile = profile
    narrow = Self.narrowIndex
    wide = Self.wideIndex
  }

  private static let narrowIndex = index(Encoding.narrow, keys: 1 << 6, shift: 10)
  private static let wideIndex = index(Encoding.wide + Encoding.dsp + Encoding.float, keys: 1 << 9, shift: 20)

  /// For every value of an instruction's leading bits the encodings that can match, the most specific first.
  private static func index(_ encodings: [Encoding], keys: UInt32, shift: UInt32) -> [[Encoding]] {
    let ordered = encodings.sorted { $0.mask.nonzeroBitCount > $1.mask.nonzeroBitCount }
    return (0..<keys).map { key in
      ordered.filter { ($0.value ^ key << shift) & $0.mask & ((keys - 1) << shift) == 0 }
    }
  }

  /// Whether a first halfword begins a 32-bit instruction (A5.1).
  @inline(__always)
  static func isWide(_ halfword: UInt32) -> Bool { halfword >= 0xE800 }

  /// The encoding that a 16-bit instruction, or a 32-bit one with its first halfword in the high half, matches.
  func encoding(of word: UInt32, isWide: Bool) -> Encoding? {
    let candidates = isWide ? wide[Int(word >> 20 & 0x1FF)] : narrow[Int(word >> 10)]
    return candidates.first {
      // Without a floating-point unit its encodings are plain coprocessor instructions.
      $0.matches(word) && ($0.requirement != .floatingPoint || profile.hasFloatingPoint)
    }
  }

  /// Decodes an instruction.
  func decode(_ word: UInt32, isWide: Bool) -> Operation {
    var operation = Operation()
    // Without the DSP extension its encodings are undefined.
    guard let encoding = encoding(of: word, isWide: isWide), encoding.requirement != .dsp || profile.hasDSP else {
      return operation
    }
    operation.kind = encoding.kind
    operation.shift = encoding.shift
    operation.options = encoding.options
    for letter in Self.letters {
      let (bits, width) = encoding.field(letter, of: word)
      if width > 0 { Self.assign(letter, bits, width, to: &operation) }
    }
    if let base = encoding.base { operation.first = base }
    if let destination = encoding.destination { operation.destination = destination }
    Self.expandImmediate(encoding, word, &operation)
    specialise(&operation)
    operation.cycles = InstructionTiming.cycles(of: operation, on: profile.processor)
    return operation
  }

  /// Gives the plain shifts that fill most programs kinds of their own.
  private func specialise(_ operation: inout Operation) {
    switch operation.kind {
    case .moveShifted where (1...31).contains(operation.immediate):
      if operation.shift == .left { operation.kind = .moveShiftedLeft }
      if operation.shift == .right { operation.kind = .moveShiftedRight }
    case .andShifted, .bitClearShifted, .orShifted, .orNotShifted, .exclusiveOrShifted, .moveNotShifted:
      if !operation.options.contains(.setsFlags) { Self.maskRotation(&operation) }
    case .addShifted, .addCarryShifted, .subtractShifted, .subtractCarryShifted, .reverseSubtractShifted,
      .compareShifted, .compareNegativeShifted:
      Self.maskRotation(&operation)
    default: break
    }
  }

  /// Makes one of the shifts that are a rotation and a mask, where their carry does not matter.
  private static func maskRotation(_ operation: inout Operation) {
    let amount = operation.immediate
    switch operation.shift {
    case .left: (operation.third, operation.immediate) = (UInt8((32 - amount) % 32), .max << amount)
    case .right: (operation.third, operation.immediate) = (UInt8(amount % 32), .max >> amount)
    case .rotate: (operation.third, operation.immediate) = (UInt8(amount), .max)
    case .arithmeticRight, .rotateWithExtend, .rotateAndMask: return
    }
    operation.shift = .rotateAndMask
  }

  /// The letters that `assign` knows, lower register-number bits after the higher ones.
  private static let letters = Array("dtnmbaucjefvzDNMswy".utf8)

  private static func assign(_ letter: UInt8, _ bits: UInt32, _ width: UInt32, to operation: inout Operation) {
    let number = UInt8(truncatingIfNeeded: bits)
    switch Character(Unicode.Scalar(letter)) {
    case "d", "t": operation.destination = number
    case "n", "b": operation.first = number
    case "m": operation.second = number
    case "a", "u", "c", "j": operation.third = number
    case "e": (operation.destination, operation.first) = (number, number)
    case "f": (operation.destination, operation.second) = (number, number)
    case "v": operation.destination = number * 2
    case "z": operation.second = number * 2
    case "D": operation.destination = operation.destination * 2 + number
    case "N": operation.first = operation.first * 2 + number
    case "M": operation.second = operation.second * 2 + number
    case "s": if bits != 0 { operation.options.insert(.setsFlags) }
    case "w": if bits != 0 { operation.options.insert(.writesBack) }
    case "y": operation.shift = ShiftType(rawValue: number << (width == 1 ? 1 : 0)) ?? .left
    default: preconditionFailure("no field for letter \(letter)")
    }
  }

  private static func expandImmediate(_ encoding: Encoding, _ word: UInt32, _ operation: inout Operation) {
    let (raw, _) = encoding.field(UInt8(ascii: "i"), of: word)
    switch encoding.immediate {
    case .scaled(let amount):
      let (up, width) = encoding.field(UInt8(ascii: "U"), of: word)
      operation.immediate = width > 0 && up == 0 ? 0 &- raw << amount : raw << amount
    case .negative: operation.immediate = 0 &- raw
    case .constant(let value): operation.immediate = value
    case .expanded:
      operation.immediate = ModifiedImmediate.expand(raw)
      if raw >> 10 != 0 { operation.options.insert(.carriesTopBit) }
    case .moveWide: operation.immediate = raw << 1 & 0xF000 | raw >> 4 & 0x800 | raw & 0x7FF
    case .shiftAmount: expandShift(raw, &operation)
    case .branch(let bits): operation.immediate = signExtend(raw, bits) << 1
    case .branchConditionalWide:
      // S, imm6, J1, J2, imm11 as they appear; the distance is S:J2:J1:imm6:imm11.
      let (sign, imm6, j1, j2, imm11) = (raw >> 19, raw >> 13 & 0x3F, raw >> 12 & 1, raw >> 11 & 1, raw & 0x7FF)
      operation.immediate = signExtend(sign << 19 | j2 << 18 | j1 << 17 | imm6 << 11 | imm11, 20) << 1
    case .branchWide:
      // S, imm10, J1, J2, imm11 as they appear; the distance is S:I1:I2:imm10:imm11.
      let (sign, imm10, j1, j2, imm11) = (raw >> 23, raw >> 13 & 0x3FF, raw >> 12 & 1, raw >> 11 & 1, raw & 0x7FF)
      let (i1, i2) = (~(j1 ^ sign) & 1, ~(j2 ^ sign) & 1)
      operation.immediate = signExtend(sign << 23 | i1 << 22 | i2 << 21 | imm10 << 11 | imm11, 24) << 1
    case .listWithLink, .listWithProgramCounter, .float, .doubleList: break
    }
    expandList(encoding, word, raw, &operation)
  }

  private static func expandList(
    _ encoding: Encoding, _ word: UInt32, _ raw: UInt32, _ operation: inout Operation
  ) {
    let listMask = encoding.places(of: UInt8(ascii: "r"))
    let list = word & listMask
    switch encoding.immediate {
    case .listWithLink: operation.immediate = list & 0xFF | (list & 0x100) << 6
    case .listWithProgramCounter: operation.immediate = list & 0xFF | (list & 0x100) << 7
    case .float: operation.immediate = ModifiedImmediate.expandFloat(raw)
    case .doubleList:
      operation.immediate = raw & ~1
      // The odd word of FLDMX and FSTMX counts for the address only.
      if raw & 1 != 0 { operation.options.insert(.variant) }
    default: if listMask != 0 { operation.immediate = list }
    }
  }

  /// DecodeImmShift (A7.4.2): right shifts by 0 mean 32, rotation by 0 is rotation with extend.
  private static func expandShift(_ amount: UInt32, _ operation: inout Operation) {
    operation.immediate = amount
    guard amount == 0 else { return }
    switch operation.shift {
    case .right, .arithmeticRight: operation.immediate = 32
    case .rotate:
      operation.shift = .rotateWithExtend
      operation.immediate = 1
    case .left, .rotateWithExtend, .rotateAndMask: break
    }
  }

  private static func signExtend(_ value: UInt32, _ bits: UInt32) -> UInt32 {
    UInt32(bitPattern: Int32(bitPattern: value << (32 - bits)) >> Int32(32 - bits))
  }
}
