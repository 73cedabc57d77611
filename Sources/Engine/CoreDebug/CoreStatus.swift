/// What the core is doing, as DHCSR and DFSR tell it.
public struct CoreStatus: Sendable, Hashable, CustomStringConvertible {
  /// What the core is doing.
  public enum State: Sendable, Hashable {
    /// It executes instructions.
    case running
    /// It is halted.
    case halted
    /// It sleeps in WFI or WFE.
    case sleeping
    /// A fault within a fault handler has stopped it.
    case lockedUp
    /// It is held in reset.
    case inReset
  }

  /// What the core is doing.
  public var state: State
  /// Why it halted; empty while it is not halted, or where DFSR does not say.
  var haltReasons: [HaltReason]
  /// Whether it has been reset since anybody last looked.
  var hasBeenReset: Bool
  /// Whether it has executed anything since anybody last looked (S_RETIRE_ST).
  var hasExecuted: Bool
  /// DHCSR as last read.
  var dhcsr: DHCSR

  /// Whether the core is in reset and does not execute anything in between: something holds NRST low.
  ///
  /// A program that resets its chip again and again is in reset at every look, too, but has executed instructions since
  /// the one before.
  var isHeldInReset: Bool { state == .inReset && !hasExecuted }

  /// "halted (breakpoint)", "running".
  public var description: String {
    switch state {
    case .running: "running"
    case .halted where haltReasons.isEmpty: "halted"
    case .halted: "halted (\(haltReasons.map(\.rawValue).joined(separator: ", ")))"
    case .sleeping: "sleeping"
    case .lockedUp: "locked up"
    case .inReset: "in reset"
    }
  }
}

/// Why a core halted.
enum HaltReason: String, Sendable, Hashable, CaseIterable {
  /// Somebody asked, or a step was done.
  case request
  /// A BKPT instruction or a breakpoint comparator.
  case breakpoint
  /// A watchpoint.
  case watchpoint
  /// A vector catch, such as the one after a reset.
  case vectorCatch = "vector catch"
  /// An external debug request.
  case external = "external request"

  private var field: Field<DFSR, Bool> {
    switch self {
    case .request: .haltedOnRequest
    case .breakpoint: .breakpoint
    case .watchpoint: .watchpoint
    case .vectorCatch: .vectorCatch
    case .external: .external
    }
  }

  /// Every reason that DFSR names.
  static func all(in dfsr: DFSR) -> [HaltReason] {
    allCases.filter { dfsr[$0.field] }
  }
}
