import Basics
import Engine
import Failures

// Going on, and telling why it has ended.
extension GDBServer {
  /// `;ACTION[:THREAD];...`: there is one thread, so the first action is the one.
  func resume(_ rest: ArraySlice<UInt8>) throws(SessionError) -> Answer {
    let actions = rest.split(separator: UInt8(ascii: ";"))
    guard let action = actions.first else { return .failure("a malformed request") }
    let words = action.prefix { $0 != UInt8(ascii: ":") }
    switch words.first {
    case UInt8(ascii: "c"), UInt8(ascii: "C"): return try resume(.run)
    case UInt8(ascii: "s"), UInt8(ascii: "S"): return try resume(.step)
    case UInt8(ascii: "t"):
      try onCore { () throws(DebugError) in try debugger.interrupt() }
      return .done
    case UInt8(ascii: "r"):
      guard let (start, end) = GDBServer.place(words.dropFirst()) else { return .failure("a malformed request") }
      guard start < end else { return try resume(.step) }
      let range = line.extended(by: start..<end)
      let answer = try resume(.stepWithin(range))
      line.hasGoneThrough(range)
      return answer
    default: return .unknown
    }
  }

  func resume(_ action: ResumeAction) throws(SessionError) -> Answer {
    load.forgetWrites()
    if action == .step, nextStepIsIdle {
      nextStepIsIdle = false
      return .text("T05thread:1;")
    }
    nextStepIsIdle = false
    if !debugger.isHalted { try debugger.attach() }
    awaitsStop = true
    sendHeldText()
    do throws(DebugError) {
      try debugger.resume(action)
    } catch {
      awaitsStop = false
      throw .access(error)
    }
    // Most steps are done already.
    try poll()
    return .none
  }

  /// Tells GDB that, and why, the program has stopped.
  func tellStop(_ reason: StopReason) throws(SessionError) {
    if case .call(let call) = reason { return try passOn(call) }
    for text in GDBServer.texts(of: reason) { tell(text) }
    awaitsStop = false
    packet(GDBServer.reply(for: reason))
  }

  private static func reply(for reason: StopReason) -> String {
    switch reason {
    case .interrupted: "T02thread:1;"
    case .stepped, .breakpoint, .instruction, .lockedUp, .reset, .call: "T05thread:1;"
    case .watchpoint(let watchpoint):
      switch watchpoint.access {
      case .write: "T05watch:\(digits(watchpoint.address));thread:1;"
      case .read: "T05rwatch:\(digits(watchpoint.address));thread:1;"
      case .any: "T05awatch:\(digits(watchpoint.address));thread:1;"
      }
    // SIGSEGV
    case .fault: "T0bthread:1;"
    case .exited(let exit): "W" + RemotePacket.digits(UInt32(exit.status), width: 2)
    // SIGLOST
    case .lostPower, .silent: "X1d"
    }
  }

  private static func digits(_ address: UInt32) -> String { RemotePacket.digits(address, width: 8) }

  private static func texts(of reason: StopReason) -> [String] {
    switch reason {
    case .interrupted, .stepped, .breakpoint, .watchpoint, .call: []
    case .instruction: ["the program stands at a BKPT instruction of its own, or something outside has halted the core"]
    case .fault(let report):
      ["\(report.handler ?? "a fault") at \(report.programCounter.hexadecimal)"] + report.reasons.map { "  \($0)" }
    case .lockedUp(let report):
      ["the core is locked up: a fault within a fault handler; only a reset ends that ('monitor reset halt')"]
        + report.reasons.map { "  \($0)" }
    case .reset(let flags):
      [
        "the chip was reset"
          + (flags.names.isEmpty ? "" : " (RCC_CSR: \(flags.names.joined(separator: ", ")))")
          + "; it stands at its reset vector"
      ]
    case .exited(let exit):
      exit.reason == .applicationExit ? [] : ["the program has ended by an error (semihosting)"]
    case .lostPower(let millivolts):
      ["the chip was without power" + (millivolts.map { " (\($0.volts) on its reference pin now)" } ?? "")]
    case .silent(let error): ["the chip does not answer any more: \(error.report.summary)"]
    }
  }
}
