import TestSupport

/// A random program without end that does not fault: arithmetic, IT blocks, branches, loads and stores of every kind.
///
/// R8 is the RAM's base, R9 the device's, R10 the flash's; R0 to R7 and R12 are scratch.
struct RandomProgram {
  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// The program's halfwords; the last ones branch to the first.
  mutating func make() -> [UInt16] {
    let pieces = (0..<220).map { _ in piece() }
    var program = pieces.flatMap { $0 }
    // B.W to the start: S:I1:I2:imm10:imm11 of a negative distance.
    let distance = -(program.count * 2 + 4) / 2
    let low = UInt32(bitPattern: Int32(distance))
    program.append(UInt16(0xF400 | low >> 11 & 0x3FF))
    program.append(UInt16(0xB800 | low & 0x7FF))
    return program
  }

  /// A loop that waits: its turns mostly leave everything as it was; R11 is the base of the system control space.
  mutating func makeIdleLoop() -> [UInt16] {
    let count = number(1...24)
    var program = (0..<count).flatMap { _ in idlePiece() }
    let distance = -(program.count * 2 + 4) / 2
    program.append(0xE000 | UInt16(truncatingIfNeeded: distance) & 0x7FF)
    return program
  }

  private mutating func idlePiece() -> [UInt16] {
    switch number(0...63) {
    case 0: return [narrow()]
    case 1: return [0xF8D9, low() << 12]  // LDR from the device: the time
    case 2...9: return [0xF8D8, low() << 12 | number(0...255) << 2]  // LDR from RAM, the handler's counter included
    case 10...17: return [0xF8D9, low() << 12 | 8]  // LDR from the device's steady register
    case 18...22: return [0xF8DB, low() << 12 | 0x10]  // LDR from SYST_CSR
    case 23...26: return [0xF8DB, low() << 12 | 0xD04]  // LDR from ICSR
    case 27...31: return [0xF8DA, low() << 12 | number(0...1000)]  // LDR from flash
    case 32...36: return [0xF8C8, low() << 12 | number(1...4) << 2]  // STR to one of four words
    case 37...43: return [0x2000 | low() << 8 | number(0...255)]  // MOVS
    case 44...49: return [0x4280 | low() << 3 | low()]  // CMP
    case 50...55: return [0xD000 | number(0...13) << 8, 0x2000 | low() << 8, 0xBF00]  // B<c> over one
    case 56...59: return [0xB4FF, 0xBCFF]  // PUSH and POP of R0 to R7
    default: return [0xF000, 0xF801, 0xE000, 0x4770]  // BL to a BX LR, and over it
    }
  }

  private mutating func number(_ range: ClosedRange<UInt16>) -> UInt16 { UInt16.random(in: range, using: &random) }
  private mutating func low() -> UInt16 { number(0...7) }

  private mutating func piece() -> [UInt16] {
    switch number(0...15) {
    case 0...4: return [narrow()]
    case 5: return ifThen()
    case 6:
      return [0xEA00 | low() | number(0...3) << 5, low() << 8 | low() | number(0...7) << 12 | number(0...15) << 4]
    case 7: return [0xFBB0 | low(), 0xF0F0 | low() << 8 | low()]  // UDIV
    case 8: return [0xF8D8, low() << 12 | number(0...255) << 2]  // LDR from RAM
    case 9: return [0xF8C8, low() << 12 | number(1...255) << 2]  // STR to RAM
    // LDR from the device or from flash
    case 10: return number(0...3) == 0 ? [0xF8D9, low() << 12] : [0xF8DA, low() << 12 | number(0...1000)]
    // STR to the device, or PUSH and POP of R0 to R7
    case 11: return number(0...7) == 0 ? [0xF8C9, low() << 12 | 4] : [0xB4FF, 0xBCFF]
    case 12: return [0xD000 | number(0...13) << 8, narrow(), narrow()]  // B<c> over one
    case 13: return [0xB100 | number(0...1) << 11 | low(), narrow(), narrow()]  // CBZ, CBNZ over one
    case 14: return [0xE898, number(1...127) | number(1...127)]  // LDMIA R8
    default: return [0xF000, 0xF801, 0xE000, 0x4770]  // BL to a BX LR, and over it
    }
  }

  /// A 16-bit shift, addition, comparison, move or ALU operation.
  private mutating func narrow() -> UInt16 { number(0x0000...0x43FF) }

  private mutating func ifThen() -> [UInt16] {
    let condition = number(0...13)
    let mask = number(1...15)
    let count = 4 - UInt16(mask.trailingZeroBitCount)
    return [0xBF00 | condition << 4 | mask] + (0..<count).map { _ in narrow() }
  }
}
