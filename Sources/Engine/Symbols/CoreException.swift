/// An exception of a Cortex-M by its number (ARMv7-M, B1.5.2, table B1-4).
public struct CoreException: Sendable, Hashable, CustomStringConvertible {
  /// The number, as IPSR and ICSR.VECTACTIVE have it: 1 to 511.
  public let number: Int

  /// An exception by its number; nil for 0, which is thread mode.
  public init?(number: Int) {
    guard (1...511).contains(number) else { return nil }
    self.number = number
  }

  /// The exception that code with this xPSR handles; nil in thread mode.
  public init?(xPSR: UInt32) {
    self.init(number: Int(xPSR & 0x1FF))
  }

  /// The name as the manual has it, interrupts by their number from 0 on: "HardFault", "SysTick", "IRQ 37".
  public var description: String {
    switch number {
    case 1: "Reset"
    case 2: "NMI"
    case 3: "HardFault"
    case 4: "MemManage"
    case 5: "BusFault"
    case 6: "UsageFault"
    case 11: "SVCall"
    case 12: "DebugMonitor"
    case 14: "PendSV"
    case 15: "SysTick"
    case 16...: "IRQ \(number - 16)"
    default: "exception \(number)"
    }
  }
}
