import Failures

/// Work that a link to the chip cannot do, although another one could.
public enum UnavailableWork: Sendable, Equatable {
  /// A bootloader does not do it; what that is, as the end of a sentence: "change OTP".
  case byBootloader(String)
  /// The flash holds nothing that could be started.
  case startWithoutProgram
  /// The program has been started, and the bootloader is gone.
  case bootloaderLeft

  /// The failure as a user reads it.
  var report: FailureReport {
    switch self {
    case .byBootloader(let work):
      FailureReport(
        .usage, "a chip's bootloader cannot \(work)", evidence: ["nothing was touched"],
        remedies: ["Do it with a probe at the chip's SWD pins"])
    case .startWithoutProgram:
      FailureReport(.notRunning, "the flash holds no program that could be started", causes: [.noProgram])
    case .bootloaderLeft:
      FailureReport(
        .noTarget, "the program has been started, and the bootloader is gone",
        remedies: ["Set BOOT0 high and reset the chip: that starts the bootloader again"])
    }
  }
}
