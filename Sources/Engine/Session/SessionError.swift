public import Failures

/// Why something that was asked of a session did not happen, by the layer that says so.
public enum SessionError: Error, Sendable, Equatable {
  /// The probe or the debug port.
  case access(DebugError)
  /// The chip could not be identified.
  case device(DeviceError)
  /// What was asked cannot be carried out; nothing was touched.
  case plan(PlanError)
  /// Erasing, programming or comparing went wrong.
  case flash(FlashError)
  /// What the program says over SWO cannot be received.
  case trace(SWOError)
  /// The link to the chip cannot do it.
  case unavailable(UnavailableWork)
  /// A call came before `open` or after `close`.
  case notOpen
}

extension SessionError: ReportableError {
  /// The failure as a user reads it.
  public var report: FailureReport {
    switch self {
    case .access(let error): error.report
    case .device(let error): error.report
    case .plan(let error): error.report
    case .flash(let error): error.report
    case .trace(let error): error.report
    case .unavailable(let work): work.report
    case .notOpen: FailureReport(.usage, "the session is not open")
    }
  }
}
