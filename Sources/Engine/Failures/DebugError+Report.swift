import Basics
public import Failures

extension DebugError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    var report = ownReport
    if resetMayHelp { report.remedies.insert(Advice.connectUnderReset, at: 0) }
    return report
  }

  /// Whether connecting under reset may help where it has not been tried.
  var resetMayHelp: Bool {
    switch self {
    case .fault(let fault, _, _): fault.meaning.resetMayHelp
    case .targetTimeout: true
    default: false
    }
  }

  /// The report without the advice to connect under reset.
  var ownReport: FailureReport {
    switch self {
    case .transport(let error, let command): error.report(during: command)
    case .serial(let error, let command): error.report(during: command)
    case .pin(let error): error.report
    case .fault(let fault, let command, let address): DebugError.report(fault, command, address)
    case .malformedReply(let command, let expected, let received):
      DebugError.report(command, expected: expected, received: received)
    case .replyLost(let loss): loss.report
    case .unsupported(let feature, let firmware, let since):
      FailureReport(
        .probe, "the probe's firmware \(firmware) cannot \(feature)",
        evidence: ["this came with \(since)"], causes: [.firmwareTooOld])
    case .probeUnusable(let reason, let remedy, let cause):
      FailureReport(.probe, reason, causes: [cause].compactMap { $0 }, remedies: [remedy])
    case .targetTimeout(let state, let limit, let value): DebugError.report(state, limit, value)
    case .misaligned(let address, let byteCount, let width): DebugError.report(address, byteCount, width)
    case .attachFailed(let failure): failure.report
    case .interrupted:
      FailureReport(
        .interrupted, "stopped on request",
        remedies: ["Repeat the command to the end before the target is used: it may be half done"])
    }
  }

  private static func report(_ fault: TargetFault, _ command: String, _ address: UInt32?) -> FailureReport {
    let place = address.map { " at \(Hexadecimal.word($0))" } ?? ""
    return FailureReport(
      fault.meaning.category, fault.meaning.summary + place,
      evidence: ["\(command) was answered with \(fault.answer)"], causes: fault.meaning.causes,
      remedies: fault.meaning.remedies)
  }

  private static func report(_ command: String, expected: Int, received: [UInt8]) -> FailureReport {
    let summary =
      received.count == expected
      ? "the reply to \(command) makes no sense"
      : "the reply to \(command) has \(received.count.inBytes) instead of \(expected)"
    let shown = received.prefix(16).map { Hexadecimal.digits($0, width: 2) }.joined(separator: " ")
    return FailureReport(
      .probe, summary, evidence: received.isEmpty ? [] : ["received: \(shown)\(received.count > 16 ? " …" : "")"],
      causes: command == STLinkOpcode.getVersion.name
        ? [.probeWedged, .cloneProbe, .badUSB, .firmwareTooOld] : [.badUSB, .cloneProbe, .probeWedged, .firmwareTooOld])
  }

  private static func report(_ state: String, _ limit: Duration, _ value: UInt32?) -> FailureReport {
    FailureReport(
      .timeout, "waited in vain for \(state), for \(limit.wording)",
      evidence: value.map { ["last value read: \(Hexadecimal.word($0))"] } ?? [],
      causes: [.resetHeldLow, .sleeps],
      remedies: [
        "Check that nothing holds NRST low: a button, a supervisor, another programmer",
        "Disconnect the target's supply for a moment",
      ])
  }

  private static func report(_ address: UInt32, _ byteCount: Int, _ width: AccessWidth) -> FailureReport {
    let isPastEnd = UInt64(address) + UInt64(max(0, byteCount)) > 1 << 32
    let summary =
      isPastEnd
      ? "\(byteCount.inBytes) at \(Hexadecimal.word(address)) run past the last address, 0xFFFF_FFFF"
      : "\(byteCount.inBytes) at \(Hexadecimal.word(address)) cannot be moved by \(8 * width.byteCount)-bit accesses"
    let remedy: Advice =
      isPastEnd
      ? "Give a smaller size" : "Give an address and a size that are multiples of \(width.byteCount)"
    return FailureReport(.usage, summary, evidence: ["nothing was sent to the target"], remedies: [remedy])
  }
}
