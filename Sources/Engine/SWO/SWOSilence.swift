public import Failures

/// Why nothing comes over SWO, as far as the target's registers tell.
public enum SWOSilence: Sendable, Equatable {
  /// The program has switched the trace units off, or DBGMCU has.
  case unitsOff
  /// The program has taken the pin for something else.
  case pinTaken
  /// The program has changed what the ITM sends, or how the trace port does.
  case changedByProgram
  /// All is as it was set up: the program has written nothing, or SWO is not wired.
  case nothingWritten

  /// What it means, in a sentence without a full stop.
  public var text: String {
    switch self {
    case .unitsOff: "the program has switched the trace units off (DEMCR.TRCENA or DBGMCU_CR.TRACE_IOEN is 0)"
    case .pinTaken: "the program uses PB3, which is the SWO pin, for something else"
    case .changedByProgram: "the program has set up ITM or TPIU itself, in another way"
    case .nothingWritten:
      "the chip is set up to send: the program has written nothing to the ITM yet, or SWO is not connected to the probe"
    }
  }

  /// What to do about it.
  public var remedies: [Advice] {
    switch self {
    case .unitsOff: ["Leave DEMCR and DBGMCU_CR to the debugger in the program"]
    case .pinTaken: ["Leave PB3 in its reset state in the program"]
    case .changedByProgram: ["Leave ITM and TPIU to the debugger in the program"]
    case .nothingWritten:
      [
        "Check that SWO (PB3) reaches the probe: a solder bridge on many boards, a pin that some ST-LINK/V2 lack",
        "Check that the program writes to a stimulus port of the ITM",
      ]
    }
  }
}

extension SWOReceiver {
  /// Looks at the target's registers for why nothing comes; only reads.
  public func explainSilence() throws(SWOError) -> SWOSilence {
    do throws(DebugError) { return try silence() } catch { throw .access(error) }
  }

  private func silence() throws(DebugError) -> SWOSilence {
    let pins = try access.read(DBGMCUControl.self)
    guard try access.read(DEMCR.self)[.traceEnable], pins[.traceEnable], pins[.traceMode] == 0 else { return .unitsOff }
    guard try TracePin.isFree(access) else { return .pinTaken }
    let enable = TraceRegister.instrumentationEnable
    guard let rate, try access.read(.control) & enable != 0,
      try access.read(.stimulusEnable) & options.ports == options.ports,
      try access.read(.prescaler) == UInt32(rate.divisor - 1), try access.read(.pinProtocol) == TraceRegister.nrz,
      try access.read(.formatter) & TraceRegister.formatterEnable == 0
    else { return .changedByProgram }
    return .nothingWritten
  }
}
