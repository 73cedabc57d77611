extension DebugError {
  /// The report of a failed access.
  var interimReport: FailureReport { report }
}
