/// A fault that a simulated chip's program is in: its handler executes, or the core has locked up.
public struct SimulatedProgramFault: Sendable, Equatable {
  /// The exception whose handler executes: "HardFault"; nil in lockup outside of every handler.
  public let handler: String?
  /// CFSR.
  public let configurableStatus: UInt32
  /// HFSR.
  public let hardStatus: UInt32
  /// What MMFAR or BFAR holds, where it is valid.
  public let address: UInt32?
  /// The program counter that was stacked when the handler was entered; in lockup, where the core has locked up.
  public let programCounter: UInt32

  /// The flags that are set in CFSR and HFSR, by their names.
  public var flags: [String] {
    Self.configurableFlags.filter { configurableStatus & 1 << $0.bit != 0 }.map(\.name)
      + Self.hardFlags.filter { hardStatus & 1 << $0.bit != 0 }.map(\.name)
  }

  /// ARMv7-M, B3.2.15.
  private static let configurableFlags: [(name: String, bit: UInt32)] = [
    ("IACCVIOL", 0), ("DACCVIOL", 1), ("MUNSTKERR", 3), ("MSTKERR", 4), ("MLSPERR", 5), ("IBUSERR", 8),
    ("PRECISERR", 9), ("IMPRECISERR", 10), ("UNSTKERR", 11), ("STKERR", 12), ("LSPERR", 13), ("UNDEFINSTR", 16),
    ("INVSTATE", 17), ("INVPC", 18), ("NOCP", 19), ("UNALIGNED", 24), ("DIVBYZERO", 25),
  ]
  /// ARMv7-M, B3.2.16.
  private static let hardFlags: [(name: String, bit: UInt32)] = [("VECTTBL", 1), ("FORCED", 30), ("DEBUGEVT", 31)]
}

extension CortexCore {
  /// The fault that the program is in; nil while it is in none.
  var fault: SimulatedProgramFault? {
    let handler = ExceptionNumber.faultNames[exceptionNumber]
    guard handler != nil || state == .lockedUp else { return nil }
    let address: UInt32? =
      if system.faultStatus.contains(.busAddressValid) {
        system.busFaultAddress
      } else {
        system.faultStatus.contains(.memoryAddressValid) ? system.memoryFaultAddress : nil
      }
    return SimulatedProgramFault(
      handler: handler, configurableStatus: system.faultStatus.rawValue, hardStatus: system.hardFaultStatus.rawValue,
      address: address, programCounter: faultProgramCounter)
  }
}
