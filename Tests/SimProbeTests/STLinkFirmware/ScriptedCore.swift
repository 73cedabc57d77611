/// The scripted target's core: DHCSR, DCRSR, DCRDR, DEMCR, DFSR and AIRCR as a debugger meets them (ARMv7-M, C1.6).
struct ScriptedCore {
  private static let haltingControl: UInt32 = 0xE000_EDF0
  private static let selector: UInt32 = 0xE000_EDF4
  private static let data: UInt32 = 0xE000_EDF8
  private static let monitorControl: UInt32 = 0xE000_EDFC
  private static let faultStatus: UInt32 = 0xE000_ED30
  private static let reset: UInt32 = 0xE000_ED0C

  /// The core registers by selector.
  var registers = [UInt32](repeating: 0, count: 128)
  private(set) var isHalted = false
  private var control: UInt32 = 0
  private var dcrdr: UInt32 = 0
  private var demcr: UInt32 = 0
  private var dfsr: UInt32 = 0
  private var resetSeen = true
  private var isHeld = false

  mutating func driveReset(low: Bool) {
    if isHeld, !low { takeReset() }
    isHeld = low
    if low { resetSeen = true }
  }

  private mutating func takeReset() {
    resetSeen = true
    let isCaught = control & 1 != 0 && demcr & 1 != 0
    isHalted = isCaught
    control &= isCaught ? ~0 : ~2
    if isCaught { dfsr |= 1 << 3 }
    registers[16] = 0x0100_0000
  }

  /// A read of one of the core's registers; nil for any other address.
  mutating func read(_ address: UInt32) -> UInt32? {
    switch address {
    case Self.haltingControl:
      defer { if !isHeld { resetSeen = false } }
      return control & 0xF | 1 << 16 | (isHalted ? 1 << 17 : 1 << 24) | (resetSeen ? 1 << 25 : 0)
    case Self.selector: return 0
    case Self.data: return dcrdr
    case Self.monitorControl: return demcr
    case Self.faultStatus: return dfsr
    case Self.reset: return 0xFA05_0000
    default: return nil
    }
  }

  /// A write to one of the core's registers; false for any other address.
  mutating func write(_ address: UInt32, _ value: UInt32) -> Bool {
    switch address {
    case Self.haltingControl:
      guard value >> 16 == 0xA05F else { return true }
      control = value & 0xF
      isHalted = control & 3 == 3 || (isHalted && control & 1 != 0 && control & 2 != 0)
    case Self.selector: selectRegister(value)
    case Self.data: dcrdr = value
    case Self.monitorControl: demcr = value
    case Self.faultStatus: dfsr &= ~value
    case Self.reset: if value >> 16 == 0x05FA, value & 5 != 0 { takeReset() }
    default: return false
    }
    return true
  }

  /// PC bit 0 does not stick.
  private mutating func selectRegister(_ value: UInt32) {
    let index = Int(value & 0x7F)
    if value & 1 << 16 != 0 {
      registers[index] = index == 15 ? dcrdr & ~1 : dcrdr
    } else {
      dcrdr = registers[index]
    }
  }
}
