import Basics
public import Failures
public import LinkInterface

extension SerialError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport { report(during: nil) }

  /// The report with what was being done.
  func report(during action: String?) -> FailureReport {
    let place = action.map { " (\($0))" } ?? ""
    let evidence =
      received.isEmpty ? [] : ["received until then: \(Hexadecimal.text(received.prefix(16), separator: " "))"]
    let (category, summary, causes): (FailureCategory, String, [FailureCause]) =
      switch reason {
      case .timeout: (.timeout, "\(port) does not get rid of what is sent", [.adapterUnplugged])
      case .missing: (.noProbe, "there is no serial port \(port)", [.portMissing])
      case .gone: (.probe, "\(port) has disappeared", [.adapterUnplugged])
      case .denied: (.permission, "the operating system denies access to \(port)", [.portDenied])
      case .busy: (.probe, "another program is using \(port)", [.portClaimed])
      case .notSerial: (.usage, "\(port) is no serial port", [])
      case .unsupported(let what): (.usage, "\(port) cannot do \(what)", [])
      case .closed: (.probe, "\(port) has been closed already", [])
      case .divergence(let text): (.trace, "the session differs from the recording: \(text)", [])
      case .other(let code, let text): (.probe, "\(port) failed: \(text) (\(code))", [.adapterUnplugged])
      }
    let remedies: [Advice] = reason == .notSerial ? ["Look which ports there are\(with: .listProbes)"] : []
    return FailureReport(category, summary + place, evidence: evidence, causes: causes, remedies: remedies)
  }
}
