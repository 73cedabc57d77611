@testable import SimProbe

/// A core on a bench: flash at 0 and at 0x0800_0000, SRAM at 0x2000_0000, and nothing else.
final class CoreBench: SystemBus {
  let clock = VirtualClock()
  private(set) var flash = [UInt8](repeating: 0xFF, count: 0x10000)
  private(set) var sram = [UInt8](repeating: 0, count: 0x10000)
  private(set) lazy var core = CortexCore(profile: profile, bus: self, clock: clock)
  private let profile: CoreProfile

  /// An address whose accesses the bus holds until a time.
  var stall: (address: UInt32, until: UInt64)?

  static let sramBase: UInt32 = 0x2000_0000

  init(_ profile: CoreProfile = .cortexM4r0p1()) {
    self.profile = profile
  }

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    if let stall, stall.address == address, core.localNanoseconds < stall.until { return .stalled(until: stall.until) }
    let bytes: ArraySlice<UInt8>
    if let range = range(address, width, from: 0) ?? range(address, width, from: 0x0800_0000) {
      bytes = flash[range]
    } else if let range = range(address, width, from: Self.sramBase) {
      bytes = sram[range]
    } else {
      return .fault
    }
    return .done(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }, cycles: 0)
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let range = range(address, width, from: Self.sramBase) else { return .fault }
    for (index, offset) in range.enumerated() { sram[offset] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    return .done(0, cycles: 0)
  }

  private func range(_ address: UInt32, _ width: BusWidth, from base: UInt32) -> Range<Int>? {
    guard address >= base, Int(address - base) + Int(width.rawValue) <= 0x10000 else { return nil }
    return Int(address - base)..<Int(address - base) + Int(width.rawValue)
  }

  /// Puts instructions into flash.
  func programCode(_ halfwords: [UInt16], at offset: Int) {
    for (index, halfword) in halfwords.enumerated() {
      flash[offset + index * 2] = UInt8(truncatingIfNeeded: halfword)
      flash[offset + index * 2 + 1] = UInt8(truncatingIfNeeded: halfword >> 8)
    }
  }

  /// Puts words into flash.
  func programFlash(_ words: [UInt32], at offset: Int = 0) {
    for (index, word) in words.enumerated() {
      for byte in 0..<4 { flash[offset + index * 4 + byte] = UInt8(truncatingIfNeeded: word >> UInt32(8 * byte)) }
    }
  }

  /// Reads a private peripheral's word as the debugger; nil when it faults.
  func peek(_ address: UInt32, _ width: BusWidth = .word) -> UInt32? {
    guard case .done(let value, _) = core.readPrivatePeripheral(address, width, by: .debugger) else { return nil }
    return value
  }

  /// Writes a private peripheral's word as the debugger.
  func poke(_ address: UInt32, _ value: UInt32, _ width: BusWidth = .word) {
    _ = core.writePrivatePeripheral(address, value, width, by: .debugger)
  }

  /// Reads a core register through DCRSR.
  func transfer(_ selector: UInt32) -> UInt32? {
    poke(Register.dcrsr, selector)
    return peek(Register.dcrdr)
  }

  /// Powers the core up and releases it, halted before its first instruction.
  func startHalted() {
    core.powerOnReset()
    poke(Register.dhcsr, 0xA05F_0001)
    poke(Register.demcr, 0x0100_0001)
    core.releaseReset()
  }
}

/// Addresses of system registers, transcribed from the reference for the tests.
enum Register {
  static let aircr: UInt32 = 0xE000_ED0C
  static let dfsr: UInt32 = 0xE000_ED30
  static let dhcsr: UInt32 = 0xE000_EDF0
  static let dcrsr: UInt32 = 0xE000_EDF4
  static let dcrdr: UInt32 = 0xE000_EDF8
  static let demcr: UInt32 = 0xE000_EDFC
}
