/// The registers of a core that stands still, as a call stack is found from them.
public struct HaltedCore: Sendable, Hashable {
  /// R0 to R15; R13 is the stack pointer in use.
  public var registers: UnwindRegisters
  /// xPSR; its lowest bits say which exception is handled.
  public var xPSR: UInt32
  /// PSP, on which an exception has left its frame where EXC_RETURN says so; nil where nobody knows it.
  public var processStackPointer: UInt32?

  /// The registers of a core.
  public init(registers: UnwindRegisters, xPSR: UInt32, processStackPointer: UInt32? = nil) {
    self.registers = registers
    self.xPSR = xPSR
    self.processStackPointer = processStackPointer
  }
}
