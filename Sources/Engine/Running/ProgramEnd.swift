/// How the run of a program has ended.
public enum ProgramEnd: Sendable, Equatable {
  /// The program says that it is done (semihosting).
  case exited(SemihostingExit)
  /// It has said a text that was waited for.
  case said(OutputLine, text: String)
  /// It has said a text that means failure.
  case failed(OutputLine, text: String)
  /// The time is over; where the program was, where its core could be halted to see that.
  case timedOut(Duration, at: FaultReport?)
  /// It has faulted.
  case faulted(FaultReport)
  /// A fault within a fault handler has stopped the core.
  case lockedUp(FaultReport)
  /// It stands at a breakpoint that is no semihosting call, or something else has halted it.
  case halted(FaultReport)
  /// The chip was reset; by what RCC_CSR says, the flags' names.
  case reset(ResetFlags)
  /// The chip was without power: its debug unit is as after power-on, or does not answer.
  case lostPower(millivolts: Int?)
  /// Somebody asked to stop.
  case interrupted
}
