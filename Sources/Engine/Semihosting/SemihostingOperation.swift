import Basics

/// The operations of ARM semihosting ("Semihosting for AArch32 and AArch64", section "Semihosting operations").
enum SemihostingOperation: UInt32 {
  case open = 0x01
  case close = 0x02
  case writeCharacter = 0x03
  case writeString = 0x04
  case write = 0x05
  case read = 0x06
  case readCharacter = 0x07
  case isError = 0x08
  case isTerminal = 0x09
  case seek = 0x0A
  case fileLength = 0x0C
  case temporaryName = 0x0D
  case remove = 0x0E
  case rename = 0x0F
  case clock = 0x10
  case time = 0x11
  case system = 0x12
  case errorNumber = 0x13
  case commandLine = 0x15
  case heapInfo = 0x16
  case exit = 0x18
  case exitExtended = 0x20
  case elapsed = 0x30
  case tickFrequency = 0x31
}

/// Why a program says that it ends (the same, section "SYS_EXIT").
public struct SemihostingExitReason: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// ADP_Stopped_..., 0x20000 and what follows.
  public let rawValue: UInt32

  /// Makes a reason from its number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// ADP_Stopped_ApplicationExit: the program is done.
  public static let applicationExit = SemihostingExitReason(rawValue: 0x20026)

  private static let names: [UInt32: String] = [
    0x20000: "branch through zero", 0x20001: "undefined instruction", 0x20002: "software interrupt",
    0x20003: "prefetch abort", 0x20004: "data abort", 0x20005: "address exception", 0x20006: "IRQ", 0x20007: "FIQ",
    0x20020: "breakpoint", 0x20021: "watchpoint", 0x20022: "step complete", 0x20023: "run-time error",
    0x20024: "internal error", 0x20025: "user interruption", 0x20026: "application exit", 0x20027: "stack overflow",
    0x20028: "division by zero", 0x20029: "operating system",
  ]

  /// The reason in words.
  public var description: String { Self.names[rawValue] ?? "reason \(rawValue.hexadecimal)" }
}
