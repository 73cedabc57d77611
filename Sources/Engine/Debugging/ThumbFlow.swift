/// Where a Thumb instruction can lead, as far as its encoding tells (ARMv7-M, A5 and A7.7).
struct ThumbFlow: Sendable, Equatable {
  /// Its length in bytes: 2 or 4.
  var byteCount: UInt32
  /// Whether the next instruction can follow.
  var goesOn: Bool
  /// Where it branches to, where that is in the encoding.
  var target: UInt32?
  /// Whether it can lead somewhere that only registers or memory know, or into a function.
  var isOpen: Bool

  /// Looks at an instruction.
  ///
  /// - Parameters:
  ///   - first: its first halfword.
  ///   - second: the halfword after that, which 16-bit instructions do not have.
  init(_ first: UInt16, _ second: UInt16, at address: UInt32) {
    if first >> 11 >= 0b11101 {
      self = ThumbFlow.wide(UInt32(first), UInt32(second), at: address)
    } else {
      self = ThumbFlow.narrow(UInt32(first), at: address)
    }
  }

  private init(_ byteCount: UInt32, goesOn: Bool = true, target: UInt32? = nil, isOpen: Bool = false) {
    self.byteCount = byteCount
    self.goesOn = goesOn
    self.target = target
    self.isOpen = isOpen
  }

  /// Whether an instruction may write to memory, by its first halfword; of the wide ones those that load count, too.
  static func mayWrite(_ first: UInt16) -> Bool {
    switch first {
    // STR, STRH and STRB by registers; with an offset: STR, STRB, STRH, STR to the stack; PUSH; STM.
    case 0x5000...0x55FF, 0x6000...0x67FF, 0x7000...0x77FF, 0x8000...0x87FF, 0x9000...0x97FF, 0xB400...0xB5FF,
      0xC000...0xC7FF:
      true
    // SVC enters a handler, BKPT is a host's call; STM, STRD, STREX and their like; STR.W; the FPU's stores.
    case 0xDF00...0xDFFF, 0xBE00...0xBEFF, 0xE800...0xEDFF, 0xF800...0xF8FF: true
    default: false
    }
  }

  /// The register from which a store counts, by its first halfword; nil for what is none, or adds another register.
  static func storeBase(_ first: UInt16) -> Int? {
    switch first {
    case 0x6000...0x67FF, 0x7000...0x77FF, 0x8000...0x87FF: Int(first >> 3 & 7)
    // The stack: STR, PUSH, PUSH.W.
    case 0x9000...0x97FF, 0xB400...0xB5FF, 0xE92D: 13
    case 0xC000...0xC7FF: Int(first >> 8 & 7)
    // STRB.W, STRH.W and STR.W with an offset of 12 bits.
    case 0xF880...0xF88F, 0xF8A0...0xF8AF, 0xF8C0...0xF8CF: Int(first & 15)
    default: nil
    }
  }

  /// A branch's distance, from its bits and its sign bit.
  private static func target(_ address: UInt32, _ offset: UInt32, signBit: UInt32) -> UInt32 {
    let isNegative = offset & 1 << signBit != 0
    let distance = isNegative ? offset | ~((2 << signBit) - 1) : offset
    return address &+ 4 &+ distance
  }

  private static func narrow(_ code: UInt32, at address: UInt32) -> ThumbFlow {
    switch code {
    // B<c>; 14 is undefined, 15 is SVC, which comes back.
    case 0xD000...0xDDFF: ThumbFlow(2, target: target(address, (code & 0xFF) << 1, signBit: 8))
    case 0xE000...0xE7FF: ThumbFlow(2, goesOn: false, target: target(address, (code & 0x7FF) << 1, signBit: 11))
    // CBZ, CBNZ: forward only.
    case 0xB100...0xB1FF, 0xB300...0xB3FF, 0xB900...0xB9FF, 0xBB00...0xBBFF:
      ThumbFlow(2, target: address &+ 4 &+ (code >> 3 & 0x40 | code >> 2 & 0x3E))
    // BX, BLX, POP with PC; they may stand in an IT block, and then the next instruction can follow.
    case 0x4700...0x47FF, 0xBD00...0xBDFF: ThumbFlow(2, isOpen: true)
    // ADD and MOV to PC
    case 0x4400...0x44FF, 0x4600...0x46FF: ThumbFlow(2, isOpen: code & 0x87 == 0x87)
    default: ThumbFlow(2)
    }
  }

  private static func wide(_ first: UInt32, _ second: UInt32, at address: UInt32) -> ThumbFlow {
    if first >> 11 == 0b11110, second & 0x8000 != 0 {
      let sign = first >> 10 & 1
      let (j1, j2) = (second >> 13 & 1, second >> 11 & 1)
      let long =
        sign << 24 | (j1 ^ sign ^ 1) << 23 | (j2 ^ sign ^ 1) << 22 | (first & 0x3FF) << 12 | (second & 0x7FF) << 1
      switch second & 0x5000 {
      case 0x5000: return ThumbFlow(4, target: target(address, long, signBit: 24), isOpen: true)
      case 0x1000: return ThumbFlow(4, goesOn: false, target: target(address, long, signBit: 24))
      case 0x0000 where first >> 6 & 0xF < 14:
        let short = sign << 20 | j2 << 19 | j1 << 18 | (first & 0x3F) << 12 | (second & 0x7FF) << 1
        return ThumbFlow(4, target: target(address, short, signBit: 20))
      default: return ThumbFlow(4)
      }
    }
    let loadsCounter = second >> 15 == 1
    // TBB and TBH; LDM and LDMDB with PC; LDR to PC.
    if first & 0xFFF0 == 0xE8D0, second & 0xFFE0 == 0xF000 { return ThumbFlow(4, goesOn: false, isOpen: true) }
    if [0xE890, 0xE910].contains(first & 0xFFD0), loadsCounter { return ThumbFlow(4, isOpen: true) }
    if first & 0xFF70 == 0xF850, second >> 12 == 15 { return ThumbFlow(4, isOpen: true) }
    return ThumbFlow(4)
  }
}
