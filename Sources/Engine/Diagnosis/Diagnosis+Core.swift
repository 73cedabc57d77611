import LinkInterface

// The core and the program that it executes; only looked at.
extension Diagnosis {
  /// How often, and how long apart, the core is looked at to see whether it is reset again and again.
  private static let lookCount = 25
  private static let lookPause: Duration = .milliseconds(20)

  /// What half a second of looking at the core has shown.
  struct CoreLook {
    var status: CoreStatus
    var resetCount: Int
    var flags: ResetFlags?

    /// Whether the chip is reset so often that nothing else of it can be looked at.
    var keepsBeingReset: Bool { resetCount > 1 && !status.isHeldInReset }
  }

  /// Looks at the core; nil where its registers cannot be read, which is told at once.
  func lookAtCore(_ link: STLink) throws(DebugError) -> CoreLook? {
    let core = CoreControl(link)
    do throws(DebugError) {
      _ = try core.status()
      var look = CoreLook(status: try core.status(), resetCount: 0)
      for _ in 0..<Diagnosis.lookCount {
        link.clock.wait(for: Diagnosis.lookPause)
        look.status = try core.status()
        if look.status.hasBeenReset { look.resetCount += 1 }
      }
      // The flags are evidence only: a chip that hides them is no worse for it.
      look.flags = try? link.read(ResetFlags.self)
      return look
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(
        DiagnosisFinding(
          .core, .failed, "its debug registers cannot be read: \(error.report.summary)",
          causes: error.report.causes, category: error.report.category))
      return nil
    }
  }

  func coreFinding(_ look: CoreLook) -> DiagnosisFinding {
    let names = look.flags?.names ?? []
    let since = names.isEmpty ? "" : "; reset flags \(names.joined(separator: " "))"
    if look.status.isHeldInReset {
      return DiagnosisFinding(.core, .failed, "held in reset", causes: [.resetHeldLow, .resetLoop], category: .timeout)
    }
    if look.keepsBeingReset || look.status.state == .inReset {
      let isWatchdog = look.flags?.isWatchdog ?? false
      return DiagnosisFinding(
        .core, .warning, "\(look.status), reset \(look.resetCount) times in half a second\(since)",
        causes: isWatchdog ? [.watchdogResets, .resetLoop] : [.resetLoop, .watchdogResets, .brownOut])
    }
    switch (look.status.state, contents) {
    case (.lockedUp, .program):
      return DiagnosisFinding(
        .core, .warning, "locked up: a fault within a fault handler has stopped it\(since)", causes: [.lockedUp])
    case (.lockedUp, nil):
      return DiagnosisFinding(
        .core, .warning, "locked up: it has no program, or one that has crashed\(since)", causes: [.lockedUp])
    case (_, _) where showsBootloader:
      return DiagnosisFinding(
        .core, .warning, "\(look.status), in the ROM bootloader\(since)", causes: [.bootPinHigh])
    case (.lockedUp, _):
      return DiagnosisFinding(.core, .good, "locked up, as a chip without a program is\(since)")
    case (.sleeping, _):
      return DiagnosisFinding(.core, .good, "sleeping, with its debug clocks on\(since)")
    default:
      return DiagnosisFinding(.core, .good, "\(look.status)\(since)")
    }
  }
}
