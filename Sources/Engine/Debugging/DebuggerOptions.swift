/// How a program is debugged.
public struct DebuggerOptions {
  /// Who answers semihosting calls.
  public enum Semihosting: Sendable {
    /// Nobody: a call stops the program.
    case off
    /// The debugger itself.
    case answered
    /// Whoever the stop is told to.
    case passedOn
  }

  /// Who answers semihosting calls.
  public var semihosting = Semihosting.answered
  /// The host's side of semihosting; nil leaves calls unanswered.
  public var files: (any SemihostingFiles)?
  /// What the program is told as its command line.
  public var commandLine = ""
  /// What the program's file says of its addresses; nil where there is none.
  public var symbols: ProgramSymbols?
  /// Which faults are caught at their handler's first instruction.
  public var caughtFaults: Set<CaughtFault> = [.hard]
  /// Whether a reset of the chip that nobody asked for stops it; else it is told, and the program goes on.
  public var stopsAtReset = true
  /// Whether interrupts stay away while single instructions are executed.
  public var masksInterrupts = true

  /// Makes options.
  public init() {}
}

/// A kind of fault that the core can be stopped at (DEMCR's vector catches).
public enum CaughtFault: String, Sendable, CaseIterable {
  /// HardFault, and every fault that becomes one.
  case hard
  /// Faults of the MPU and of the memory map.
  case memory
  /// Errors on the bus.
  case bus
  /// UsageFault: undefined instructions and states.
  case state
  /// UsageFault: unaligned accesses and divisions by zero, where they are trapped.
  case check
  /// UsageFault: coprocessors that are off, such as the FPU.
  case coprocessor
  /// Faults when an exception is entered or left.
  case interrupt

  /// Its bit.
  var field: Field<DEMCR, Bool> {
    switch self {
    case .hard: .catchHardFault
    case .memory: .catchMemoryFault
    case .bus: .catchBusFault
    case .state: .catchStateError
    case .check: .catchCheckError
    case .coprocessor: .catchNoCoprocessor
    case .interrupt: .catchInterruptError
    }
  }
}

/// Something that happens while a program is debugged.
public enum DebuggerEvent: Sendable, Equatable {
  /// The program has said something.
  case output(ProgramOutput)
  /// Something that the user should know, in a sentence without a full stop.
  case note(String)
}
