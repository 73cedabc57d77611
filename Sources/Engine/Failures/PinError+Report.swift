import Basics
public import Failures
public import LinkInterface

extension PinError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    let (category, summary, causes): (FailureCategory, String, [FailureCause]) =
      switch reason {
      case .unavailable:
        (.usage, "this computer has no GPIO \(pin): there is no \(device)", [.pinsMissing])
      case .missing: (.usage, "\(device) has no GPIO \(pin)", [.pinsMissing])
      case .denied: (.permission, "the operating system denies access to GPIO \(pin) of \(device)", [.pinsDenied])
      case .busy: (.probe, "GPIO \(pin) of \(device) is in use", [.pinClaimed])
      case .other(let code, let text): (.probe, "GPIO \(pin) of \(device) failed: \(text) (\(code))", [.pinsMissing])
      }
    return FailureReport(category, summary, causes: causes)
  }
}
