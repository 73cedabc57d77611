import ProbeInterface

// The core and the program that it executes; only looked at.
extension Diagnosis {
  /// How often, and how long apart, the core is looked at to see whether it is reset again and again.
  private static let lookCount = 25
  private static let lookPause: Duration = .milliseconds(20)

  func examineCore(_ link: STLink) throws(DebugError) {
    let core = CoreControl(link)
    var status: CoreStatus
    var resetCount = 0
    do throws(DebugError) {
      _ = try core.status()
      status = try core.status()
      for _ in 0..<Diagnosis.lookCount {
        link.clock.wait(for: Diagnosis.lookPause)
        status = try core.status()
        if status.hasBeenReset { resetCount += 1 }
      }
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(
        DiagnosisFinding(
          .core, .failed, "its debug registers cannot be read: \(error.report.summary)",
          causes: error.report.causes, category: error.report.category))
      return
    }
    note(finding(status, resetCount: resetCount, flags: try? link.read(ResetFlags.self)))
  }

  private func finding(_ status: CoreStatus, resetCount: Int, flags: ResetFlags?) -> DiagnosisFinding {
    let since = flags.map {
      $0.names.isEmpty ? "" : "; resets since the flags were cleared: \($0.names.joined(separator: " "))"
    }
    if status.state == .inReset {
      return DiagnosisFinding(
        .core, .failed, "held in reset", causes: [.resetHeldLow, .resetLoop], category: .timeout)
    }
    if resetCount > 1 {
      let isWatchdog = flags?.isWatchdog ?? false
      return DiagnosisFinding(
        .core, .warning, "\(status), reset \(resetCount) times in half a second\(since ?? "")",
        causes: isWatchdog ? [.watchdogResets] : [.resetLoop, .watchdogResets, .brownOut])
    }
    if status.state == .lockedUp {
      return DiagnosisFinding(
        .core, .warning, "locked up: a fault within a fault handler has stopped it\(since ?? "")",
        causes: [.lockedUp])
    }
    return DiagnosisFinding(.core, .good, "\(status)\(since ?? "")")
  }
}
