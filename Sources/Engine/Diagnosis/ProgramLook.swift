public import Failures

/// What became of the program of a core that runs on its own, as far as a look tells.
public struct ProgramLook: Sendable, Equatable {
  /// What the program does.
  ///
  /// The raw values are stable: programs that read `--json` find them under `program`.
  public enum Condition: String, Sendable, CaseIterable {
    /// It executes instructions, in no fault handler.
    case running
    /// It sleeps in WFI or WFE.
    case sleeping
    /// It ran, and the debug port answers no more: it sleeps with its debug clocks off, or has taken the SWD pins.
    case silent
    /// Somebody has halted it.
    case halted
    /// A fault within a fault handler has stopped the core.
    case lockedUp = "locked-up"
    /// It is in a fault handler.
    case faulted
    /// The chip has started its ROM bootloader instead.
    case bootloader
    /// Something holds the chip in reset.
    case heldInReset = "held-in-reset"
    /// It is reset again and again.
    case resetLoop = "reset-loop"
    /// Read protection keeps it stopped until the power is cycled.
    case powerCycleNeeded = "power-cycle-needed"
  }

  /// What the program does.
  public var condition: Condition
  /// The same in words, with the fault and its place where there is one.
  public var text: String
  /// What may be behind it, likeliest first; empty where nothing is wrong.
  public var causes: [FailureCause]

  /// Whether a program runs, as far as looking tells: only one that runs can go to sleep or take the pins.
  public var isRunning: Bool { [.running, .sleeping, .silent].contains(condition) }
}
