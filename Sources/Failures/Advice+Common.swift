// Sentences that help against more than one failure.
extension Advice {
  /// For a probe that is confused.
  public static let replug: Advice = "Unplug the probe and plug it in again"
  /// For a probe that lacks what is needed.
  public static let updateFirmware: Advice = "Update the probe's firmware with ST's STLinkUpgrade"
  /// For what can only be a fault of this program.
  public static let reportFault: Advice =
    "Report it with the output of \(.tellMore, or: "a run that tells all it does")"
  /// Where a program or a state of the target is in the way.
  public static let connectUnderReset: Advice =
    "Connect under reset\(by: .connectUnderReset), with NRST wired to the probe"
  /// For bits that arrive wrong or late.
  public static let slowDown: Advice =
    "Lower the SWD clock, for example \(.setClock(kHz: 480), or: "to 480 kHz")"
  /// For a chip that does not answer.
  public static let checkWires: Advice =
    "Check SWDIO, SWCLK and GND between probe and chip: loose, long or swapped wires look like this"
  /// For sectors with PCROP.
  public static let liftCodeProtection: Advice =
    "Take it off\(with: .liftAllProtection): nothing less does, and it erases the whole flash"
  /// For a chip whose flash is not as the file.
  public static let writeFirst: Advice =
    "Write the image first, or check that this is the right file and the right board"

  /// For what is for ever, which is only done to whoever says that it is wanted.
  public static func allowIrreversible(_ words: String) -> Advice {
    "If it is meant, allow it: \(.allowIrreversible(words: words), or: words)"
  }
}
