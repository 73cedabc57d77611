import Basics
import LinkInterface

// Calls of the program for its host.
extension Debugger {
  /// Whether an instruction is a semihosting call that is to be answered.
  func isCall(at place: UInt32) throws(DebugError) -> Bool {
    if case .off = options.semihosting { return false }
    guard memory.holds(place, 2) else { return false }
    return try readMemory(at: place, byteCount: 2).littleEndianHalfword(at: 0) == SemihostingHost.instruction
  }

  /// Answers the call at which the core stands, and lets it go on; a reason to stop where it does not.
  func answer(_ place: UInt32) throws(DebugError) -> StopReason? {
    let image = try image()
    let call = SemihostingCall(operation: image.values[0], parameter: image.values[1], place: place)
    if case .passedOn = options.semihosting {
      openCall = call
      return .call(call)
    }
    return try answerItself(call)
  }

  private func answerItself(_ call: SemihostingCall) throws(DebugError) -> StopReason? {
    guard let host = try host() else {
      ownInstruction = call.place
      return .instruction
    }
    let outcome = try host.answer(call.operation, call.parameter)
    for output in host.takeOutput() {
      switch output {
      case .standard(let bytes): told(.output(ProgramOutput(.semihosting, bytes)))
      case .error(let bytes): told(.output(ProgramOutput(.semihostingError, bytes)))
      }
    }
    switch outcome {
    case .waits: return nil
    case .ends(let exit):
      ownInstruction = call.place
      return .exited(exit)
    case .returns(let value):
      try goOn(behind: call, returning: value)
      return nil
    }
  }

  /// Answers a call that was passed on, and lets the core go on behind it.
  public func answer(_ call: SemihostingCall, with value: UInt32) throws(DebugError) {
    guard openCall == call else { return }
    openCall = nil
    session.hasResumedForDebugging()
    state = .running
    try goOn(behind: call, returning: value)
  }

  private func goOn(behind call: SemihostingCall, returning value: UInt32) throws(DebugError) {
    try access.writeCoreRegister(.general(0), value)
    try access.writeCoreRegister(.programCounter, call.place &+ 2)
    forgetCore()
    if wantedBreakpoints.contains(call.place &+ 2) {
      pendingStop = .breakpoint
      return
    }
    try access.write(DHCSR.request(maskInterrupts: isMasked))
  }

  private func host() throws(DebugError) -> SemihostingHost? {
    if let semihosting { return semihosting }
    guard let files = options.files else { return nil }
    let ram = device.ram.map(\.range)
    let host = SemihostingHost(
      access, readable: ram + [device.sectorMap.range], writable: ram, files: files,
      commandLine: Array(options.commandLine.utf8))
    semihosting = host
    return host
  }
}

extension Debugger {
  /// Answers a call that was passed on after all; why the core has not gone on, where it has not.
  public func answerHere(_ call: SemihostingCall) throws(DebugError) -> StopReason? {
    guard openCall == call else { return nil }
    openCall = nil
    session.hasResumedForDebugging()
    state = .running
    let reason = try answerItself(call)
    if let reason {
      state = .halted
      lastStop = reason
    }
    return reason
  }
}
