public import Failures

/// What one step of a diagnosis found.
public struct DiagnosisFinding: Sendable, Equatable {
  /// What is looked at, from the computer to the flash.
  public enum Area: String, Sendable, CaseIterable {
    /// The probe on USB.
    case usb = "USB"
    /// The serial port.
    case port
    /// The chip's ROM bootloader.
    case bootloader
    /// The probe itself.
    case probe
    /// The target's supply.
    case supply
    /// The wires to the chip.
    case wires = "SWD"
    /// The reset line.
    case resetLine = "NRST"
    /// The core and the program that it executes.
    case core
    /// Which chip it is.
    case chip
    /// What the option bytes protect.
    case protection
    /// The other option bytes.
    case options
    /// The flash controller.
    case controller
    /// What the flash holds.
    case contents
    /// Writing and reading RAM; only in a deep diagnosis.
    case ram = "RAM"
    /// Erasing and programming a sector; only where it was asked for by number.
    case sector
  }

  /// How it stands.
  public enum Outcome: String, Sendable {
    /// As it should be.
    case good = "ok"
    /// Works, and may be behind trouble.
    case warning
    /// Does not work.
    case failed
    /// Not looked at, because something before it failed or was not to be touched.
    case skipped
  }

  /// What was looked at.
  public var area: Area
  /// How it stands.
  public var outcome: Outcome
  /// What was measured or read, in words and numbers.
  public var value: String
  /// What may be behind it, likeliest first; empty where all is well.
  public var causes: [FailureCause]
  /// The class of the failure; nil where nothing failed.
  public var category: FailureCategory?

  /// Makes a finding.
  public init(
    _ area: Area, _ outcome: Outcome, _ value: String, causes: [FailureCause] = [], category: FailureCategory? = nil
  ) {
    self.area = area
    self.outcome = outcome
    self.value = value
    self.causes = causes
    self.category = category
  }

  /// A failed step in the words of its error.
  init(_ area: Area, failedWith report: FailureReport) {
    self.init(area, .failed, report.summary, causes: report.causes, category: report.category)
  }
}
