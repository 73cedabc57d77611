public import LinkInterface

/// How a program is run, and what is listened to.
public struct RunOptions {
  /// What a reset of the chip means that nobody of ours has asked for.
  public enum ResetMeaning: Sendable {
    /// The run has ended.
    case end
    /// It is told, and the run goes on.
    case note
  }

  /// Whose input it is that somebody types.
  public enum InputTaker: String, Sendable, CaseIterable {
    /// Semihosting reads it when the program asks for it.
    case semihosting
    /// RTT's channel 0 to the program.
    case rtt
    /// The serial port.
    case serial
    /// Nobody.
    case none
  }

  /// Whether the program begins anew, from a reset; else it is only listened to.
  public var startsAnew = true
  /// Whether a hard fault halts the core, so that it can be reported.
  public var catchesFaults = true
  /// The host's side of semihosting; nil leaves a semihosting call unanswered, which ends the run.
  public var semihosting: (any SemihostingFiles)?
  /// What the program is told as its command line.
  public var commandLine = ""
  /// What the program's file says of its addresses, for call stacks; nil where there is none.
  public var symbols: ProgramSymbols?
  /// How RTT is looked for; nil for not at all.
  public var rtt: RTTOptions?
  /// How SWO is listened to; nil for not at all, which leaves PB3 to the program.
  public var swo: SWOOptions?
  /// A serial port that the program talks to, set up; nil for none.
  public var serial: (any SerialLine)?
  /// Who gets what is typed.
  public var inputTaker = InputTaker.semihosting
  /// Texts that end the run.
  public var watches: [OutputWatch] = []
  /// How long the program runs at the most, on the link's clock; nil for as long as it takes.
  public var timeLimit: Duration?
  /// What a reset means.
  public var resetMeaning = ResetMeaning.end

  /// Whether halting debug is on while the program runs: not where nothing of this can halt the core, so that the program
  /// sees no debugger at all.
  var takesHalts: Bool { startsAnew || catchesFaults || semihosting != nil }

  /// Makes options; nothing is listened to.
  public init() {}
}

/// Something that happens while a program runs.
public enum RunEvent: Sendable, Equatable {
  /// The program has said something: bytes as they came, before they are told as lines.
  case output(ProgramOutput)
  /// A line is complete, or its rest does not come.
  case line(OutputLine)
  /// The chip was reset, by what its flags say, and the run goes on.
  case reset(ResetFlags)
  /// A voice has been found: what and where, in words.
  case found(String)
  /// The bytes of the trace stream, as they came in over SWO.
  case traceBytes([UInt8])
  /// A packet of the trace stream that is nothing that the program has said, and when the chip says that it was made.
  case packet(ITMPacket, at: Duration?)
  /// Something that the user should know.
  case warning(String)
}

/// What a run has come to.
public struct RunReport: Sendable, Equatable {
  /// How it ended.
  public var end: ProgramEnd
  /// How long the program ran, by the link's clock.
  public var duration: Duration
  /// How many semihosting calls were answered.
  public var semihostingCallCount: Int
  /// What the user should know about the voices.
  public var remarks: [String]
}
