import Failures

/// What erases, programs and compares: the RAM loader, or the debug port where no loader can run.
protocol FlashWorker {
  /// Erases and programs for a plan, in this order, with the controller unlocked.
  func perform(
    _ operations: [FlashOperation], of plan: FlashPlan, _ phases: inout WritingPhases
  ) throws(FlashError)

  /// Compares the flash with what it should hold.
  ///
  /// - Parameter advance: is told how many bytes have been compared, now and then.
  /// - Throws: `FlashError` with the cause `mismatch` or `checksum`.
  func verify(
    _ blocks: [FlashBlock], _ context: Verifier.Context, advance: (Int) -> Void
  ) throws(FlashError)

  /// How long has been compared while the work went on, beside what `verify` takes.
  var comparingTime: Duration { get }

  /// Ends whatever would go on by itself; the core stands still then.
  func stop() throws(DebugError)
}

extension FlashWorker {
  var comparingTime: Duration { .zero }

  /// Stops after an error, which stays the cause.
  func stop(after error: FlashError) -> FlashError {
    var error = error
    do throws(DebugError) {
      try stop()
    } catch let second {
      error.cleanupFailures.append("the RAM loader could not be stopped: \(second.report.summary)")
    }
    return error
  }

  /// Lets the worker work, and stops it on every way out.
  func working<Result>(_ body: () throws(FlashError) -> Result) throws(FlashError) -> Result {
    let result: Result
    do throws(FlashError) {
      result = try body()
    } catch {
      throw stop(after: error)
    }
    try FlashError.wrapping("stopping the RAM loader") { () throws(DebugError) in try stop() }
    return result
  }
}
