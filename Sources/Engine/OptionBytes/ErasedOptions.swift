import Failures

// Option bytes that a cut has left erased: the controller erases the whole option sector before it programs it anew, and a
// chip that loses its power in between starts with what an erase leaves (RM0090, 3.7.2). Every bit is 1: read protection
// level 1, and on dies with PCROP SPRMOD with every sector marked.
extension FlashOptionControl {
  /// Whether the register holds what an erased option sector loads: RDP 0xFF and nothing but ones beside it.
  ///
  /// On dies without PCROP somebody may have chosen that as read protection level 1.
  var looksErased: Bool {
    // BOR_LEV, WDG_SW, nRST_STOP, nRST_STDBY, RDP, and the nWRP bits that every die has.
    let ones: UInt32 = 0x001F_FFEC
    return rawValue & ones == ones
  }

  /// What is behind such a register, likeliest first: only dies with PCROP show that nobody has chosen it.
  var erasedCauses: [FailureCause] {
    self[.codeProtection] ? [.optionsErased, .readProtected] : [.readProtected, .optionsErased]
  }
}

extension OptionBytes {
  /// Whether every field is as an erase leaves it.
  public var looksErased: Bool { optionControl.looksErased }

  /// The same with nothing protected; erased option bytes, which say nothing of what was stored, become the factory's.
  var unprotected: OptionBytes {
    if looksErased { return factory }
    var bytes = self
    bytes[.readProtection] = OptionBytes.level0
    bytes[.codeProtection] = 0
    bytes.mark(only: [])
    return bytes
  }

  /// What to tell of option bytes that look erased; nil where they do not.
  var erasedWarning: String? {
    guard looksErased else { return nil }
    let reading =
      isCodeProtection
      ? "as a power cut while they were programmed leaves them: read protection level 1, and PCROP on every sector"
      : "as a power cut while they were programmed leaves them, or somebody who has set read protection level 1 by 0xFF"
    return "the option bytes are erased, \(reading)"
  }
}
