/// A core register by its DCRSR selector (ARMv7-M, C1.6.3, REGSEL).
public struct CoreRegister: RawRepresentable, Sendable, Hashable {
  /// The value of DCRSR.REGSEL.
  public let rawValue: UInt8

  /// Makes a register from its DCRSR selector.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// One of R0 to R12.
  public static func general(_ number: UInt8) -> CoreRegister {
    CoreRegister(rawValue: number)
  }

  /// The stack pointer in use.
  public static let stackPointer = CoreRegister(rawValue: 13)
  /// The link register.
  public static let linkRegister = CoreRegister(rawValue: 14)
  /// The address at which the core resumes ("DebugReturnAddress").
  public static let programCounter = CoreRegister(rawValue: 15)
  /// xPSR: flags, IT state, T bit and exception number.
  public static let xPSR = CoreRegister(rawValue: 16)
  /// The main stack pointer.
  public static let mainStackPointer = CoreRegister(rawValue: 17)
  /// The process stack pointer.
  public static let processStackPointer = CoreRegister(rawValue: 18)
  /// CONTROL [31:24], FAULTMASK [23:16], BASEPRI [15:8], PRIMASK [7:0].
  public static let control = CoreRegister(rawValue: 20)
}
