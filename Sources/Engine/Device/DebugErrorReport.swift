import ProbeInterface

extension DebugError {
  /// The report of a failed access until the debug port's own is there.
  var interimReport: FailureReport {
    switch self {
    case .transport(let error, let during):
      FailureReport(.probe, "the probe stopped answering during \(during)", evidence: ["\(error.reason)"])
    case .status(let status, let during, let address):
      FailureReport(
        .noTarget, "\(during) failed with status \(Hexadecimal.byte(status.rawValue))",
        evidence: address.map { ["address \($0.hexadecimal)"] } ?? [])
    case .malformedReply(let during, let expected, let received):
      FailureReport(.probe, "the reply to \(during) has \(received.count) bytes instead of \(expected)")
    case .unsupported(let feature, let firmware, let since):
      FailureReport(.probe, "firmware \(firmware) cannot \(feature), which came with \(since)")
    case .probeUnusable(let reason, let remedy):
      FailureReport(.probe, reason, remedies: [remedy])
    case .targetTimeout(let state, let limit, _):
      FailureReport(.timeout, "the target did not reach \(state) within \(limit)")
    case .misaligned(let address, _, _):
      FailureReport(.usage, "misaligned access at \(address.hexadecimal)")
    case .interrupted:
      FailureReport(.interrupted, "interrupted")
    }
  }
}
