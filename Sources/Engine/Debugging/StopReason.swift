/// Why a core that somebody debugs has stopped.
public enum StopReason: Sendable, Equatable {
  /// Somebody asked.
  case interrupted
  /// An instruction, or a range of them, is done.
  case stepped
  /// A breakpoint that was set here.
  case breakpoint
  /// A `BKPT` instruction of the program's own, or something outside that halts the core.
  case instruction
  /// A watchpoint has seen an access.
  case watchpoint(Watchpoint)
  /// A fault was caught at its handler's first instruction.
  case fault(FaultReport)
  /// A fault within a fault handler has stopped the core.
  case lockedUp(FaultReport)
  /// The chip was reset, by what RCC_CSR says; it stands at its reset vector, or wherever it could be halted.
  case reset(ResetFlags)
  /// The program says that it is done (semihosting).
  case exited(SemihostingExit)
  /// The program calls for something that another program does in its place (semihosting passed on).
  case call(SemihostingCall)
  /// The chip was without power: its debug unit is as after power-on, or does not answer.
  case lostPower(millivolts: Int?)
  /// The chip does not answer any more.
  case silent(DebugError)
}

extension StopReason {
  /// Whether nothing can be read of the chip any more.
  var isOfALostChip: Bool {
    switch self {
    case .lostPower, .silent: true
    default: false
    }
  }
}

/// A semihosting call that is passed on: `BKPT 0xAB` with its operation and its parameter (R0, R1).
public struct SemihostingCall: Sendable, Equatable {
  /// The operation's number.
  public var operation: UInt32
  /// What R1 holds: a value, or the address of more.
  public var parameter: UInt32
  /// Where the instruction stands.
  var place: UInt32
}

/// How a stopped core goes on.
public enum ResumeAction: Sendable, Equatable {
  /// It runs until something stops it.
  case run
  /// It executes one instruction.
  case step
  /// It executes instructions as long as they lie in a range of addresses.
  case stepWithin(Range<UInt32>)
}
