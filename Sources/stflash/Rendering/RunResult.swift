import Basics
import Engine
import Failures

/// How the run of a program has ended.
struct RunResult: CommandResult {
  /// What the engine says of it.
  let report: RunReport
  /// How the core was left.
  let leaving: RunLeaving
  /// The chip.
  let deviceName: String
  /// Where the program was; nil where that was not asked for.
  var profile: ProgramProfile?
  /// What the program's file says of its addresses; nil where there is none.
  var symbols: ProgramSymbols?

  let name = "ran"

  /// A program that has failed by its own exit code is told to the quiet, too.
  var isConfirmation: Bool {
    switch report.end {
    case .exited(let exit): exit.status == 0
    case .said: true
    default: false
    }
  }

  var lines: [String] { ending + (profile?.lines ?? []) }

  private var ending: [String] {
    switch report.end {
    case .exited(let exit): ["the program \(exit.sentence) after \(report.duration.inWords)\(aftermath)"]
    case .said(let line, let text):
      ["the program said \"\(text)\" (\(line.source.name)) after \(report.duration.inWords)\(aftermath)"]
    default: []
    }
  }

  private var aftermath: String {
    switch leaving {
    case .running: ""
    case .halted: "; its core stays halted"
    case .reset: "; it begins anew"
    }
  }

  var members: [JSONMember] {
    [
      JSONMember("end", .string(report.end.name)), JSONMember("exitCode", report.end.exitCode),
      JSONMember("text", .optional(report.end.text)), JSONMember("seconds", .seconds(report.duration)),
      JSONMember("semihostingCalls", .integer(report.semihostingCallCount)),
      JSONMember("left", .string(leaving.rawValue)),
      JSONMember("fault", report.end.fault?.value(symbols) ?? .null), JSONMember("profile", profile?.value ?? .null),
    ]
  }

  var failure: CommandFailure? {
    let time = report.duration.inWords
    let failure: FailureReport
    switch report.end {
    case .exited, .said: return nil
    case .failed(let line, let text):
      failure = FailureReport(
        .saidFailure, "the program said \"\(text)\" after \(time)", evidence: ["\(line.source.name): \(line.text)"])
    case .timedOut(let limit, let place):
      failure = FailureReport(
        .timeout,
        "the program has not ended within \(limit.inWords)" + (place.map { ": it is \($0.place(symbols))" } ?? ""),
        evidence: place?.lines(symbols) ?? [])
    case .faulted(let fault):
      failure = FailureReport(
        .faulted, "the program faulted after \(time): \(fault.headline(symbols))", evidence: fault.lines(symbols),
        causes: [.programFaults])
    case .lockedUp(let fault):
      failure = FailureReport(
        .faulted, "the core locked up after \(time): \(fault.headline(symbols))", evidence: fault.lines(symbols),
        causes: [.lockedUp])
    case .halted(let fault):
      failure = FailureReport(
        .stopped, "the program stopped \(fault.place(symbols)) after \(time)", evidence: fault.lines(symbols))
    case .reset(let flags):
      failure = FailureReport(
        .wasReset, "the chip was reset after \(time), \(flags.sentence)",
        causes: flags.isWatchdog ? [.watchdogResets] : flags.isOfTheSupply ? [.brownOut] : [],
        remedies: ["Go on over resets that are meant with --on-reset continue"])
    case .lostPower(let millivolts):
      failure = FailureReport(
        .noTarget, "the chip was without power, after \(time)",
        evidence: millivolts.map { ["the probe measures \($0.volts)"] } ?? [], causes: [.targetUnpowered])
    case .interrupted:
      failure = FailureReport(.interrupted, "stopped on request after \(time)")
    }
    return CommandFailure(failure)
  }
}

extension SemihostingExit {
  /// How the program ended, as the end of a sentence.
  fileprivate var sentence: String {
    if reason == .applicationExit {
      let shown = code.map { $0 > 255 ? " (\($0), which a shell takes for \(status))" : "" } ?? ""
      return "ended with exit code \(status)\(shown)"
    }
    return "gave up (\(reason)), exit code \(status)"
  }
}

extension ProgramEnd {
  /// A stable name.
  fileprivate var name: String {
    switch self {
    case .exited: "exited"
    case .said: "said"
    case .failed: "saidFailure"
    case .timedOut: "timeout"
    case .faulted: "faulted"
    case .lockedUp: "lockedUp"
    case .halted: "stopped"
    case .reset: "reset"
    case .lostPower: "lostPower"
    case .interrupted: "interrupted"
    }
  }

  fileprivate var exitCode: JSONValue {
    if case .exited(let exit) = self { .integer(Int(exit.status)) } else { .null }
  }

  fileprivate var text: String? {
    switch self {
    case .said(_, let text), .failed(_, let text): text
    default: nil
    }
  }

  fileprivate var fault: FaultReport? {
    switch self {
    case .faulted(let fault), .lockedUp(let fault), .halted(let fault), .timedOut(_, let fault?): fault
    default: nil
    }
  }
}
