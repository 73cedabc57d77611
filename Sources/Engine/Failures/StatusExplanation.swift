import Basics
import Failures

/// What a probe's status means for the user: the cause in words, and what to do about it.
struct StatusExplanation: Sendable, Equatable {
  var category: FailureCategory
  /// The cause, without the address.
  var cause: String
  /// What may be behind it, likeliest first.
  var causes: [FailureCause]
  /// What to do besides connecting under reset.
  var remedies: [Advice]
  /// Whether connecting under reset may help.
  var resetMayHelp: Bool

  private init(
    _ category: FailureCategory, _ cause: String, _ remedies: [Advice], causes: [FailureCause],
    resetMayHelp: Bool = false
  ) {
    self.category = category
    self.cause = cause
    self.causes = causes
    self.remedies = remedies
    self.resetMayHelp = resetMayHelp
  }

  /// The explanation of a status; the raw code is named where nobody documents it.
  static func of(_ status: STLinkStatus) -> StatusExplanation {
    table[status]
      ?? StatusExplanation(
        .probe, "the probe answered with status \(Hexadecimal.byte(status.rawValue)), which is not documented",
        [.updateFirmware, .replug, .reportFault], causes: [.cloneProbe, .firmwareTooOld])
  }

  private static let checkPower: Advice = "Check that the target has its supply throughout"

  private static let table: [STLinkStatus: StatusExplanation] = [
    .getIDCodeError: StatusExplanation(
      .noTarget, "no target answers on SWD", [.checkWires, checkPower],
      causes: [.badCable, .jumpersOpen, .pinsReused, .targetUnpowered], resetMayHelp: true),
    .noDeviceConnected: StatusExplanation(
      .noTarget, "the probe sees no device on its debug connector", [.checkWires, checkPower],
      causes: [.badCable, .jumpersOpen, .targetUnpowered]),
    .unknownJTAGChain: StatusExplanation(
      .noTarget, "the probe finds no JTAG chain that it knows", [.checkWires, checkPower],
      causes: [.badCable, .targetUnpowered]),
    .debugPowerError: StatusExplanation(
      .noTarget, "the target does not power up its debug part",
      [checkPower, "Disconnect the target's supply for a moment"], causes: [.sleeps, .targetUnpowered],
      resetMayHelp: true),
    .accessPortError: StatusExplanation(
      .noTarget, "the target was lost: an access to its memory was not acknowledged",
      [.checkWires, checkPower, .slowDown], causes: [.badCable, .targetUnpowered, .sleeps]),
    .debugPortError: StatusExplanation(
      .noTarget, "the target was lost: its debug port does not acknowledge any more",
      [.checkWires, checkPower, .slowDown], causes: [.badCable, .targetUnpowered, .sleeps]),
    .accessPortFault: StatusExplanation(
      .noTarget, "bus error in the target", busErrorRemedies, causes: [.readProtected, .cloneChip]),
    .accessPortStickyError: StatusExplanation(
      .noTarget, "bus error in the target, latched by its debug port", busErrorRemedies,
      causes: [.readProtected, .cloneChip]),
    .unknownError: StatusExplanation(
      .noTarget, "memory access failed in the target (old probe firmware says no more)",
      busErrorRemedies + [.updateFirmware], causes: [.readProtected, .firmwareTooOld]),
    .fault: StatusExplanation(
      .noTarget, "the target answered with a fault (old probe firmware says no more)",
      busErrorRemedies + [.updateFirmware], causes: [.readProtected, .firmwareTooOld]),
    .debugPortFault: StatusExplanation(
      .noTarget, "the target's debug port refuses accesses because of an earlier error",
      ["Repeat the command"], causes: [.readProtected, .badCable], resetMayHelp: true),
    .accessPortWait: StatusExplanation(
      .timeout, "the target's memory bus stayed busy", busyRemedies, causes: [.sleeps, .badCable], resetMayHelp: true),
    .debugPortWait: StatusExplanation(
      .timeout, "the target's debug port stayed busy", busyRemedies, causes: [.sleeps, .badCable], resetMayHelp: true),
    .accessPortParityError: StatusExplanation(
      .noTarget, "data from the target arrived garbled (parity)", [.slowDown, .checkWires], causes: [.badCable]),
    .debugPortParityError: StatusExplanation(
      .noTarget, "the debug port's answer arrived garbled (parity)", [.slowDown, .checkWires], causes: [.badCable]),
    .accessPortWriteDataError: StatusExplanation(
      .noTarget, "data to the target arrived garbled", [.slowDown, .checkWires], causes: [.badCable]),
    .accessPortStickyOverrun: StatusExplanation(
      .noTarget, "the target could not keep up with the accesses (overrun)", [.slowDown, .checkWires],
      causes: [.badCable]
    ),
    .badAccessPort: StatusExplanation(
      .noTarget, "the probe refuses the target's access port",
      [
        "Check that the target is an STM32: newer firmware refuses chips of other makers",
        .updateFirmware,
      ], causes: [.otherChip, .cloneChip], resetMayHelp: true),
    .tooManyAccessPorts: StatusExplanation(
      .probe, "the probe has too many access ports open", [.replug, .updateFirmware], causes: [.probeWedged]),
    .writeError: StatusExplanation(
      .noTarget, "a write to the target failed", [.checkWires, .slowDown], causes: [.badCable]),
    .writeVerifyError: StatusExplanation(
      .noTarget, "a core register does not hold what was written",
      ["Check that the core is halted and not held in reset"], causes: [.resetHeldLow, .sleeps], resetMayHelp: true),
    .alreadyOpenedInOtherMode: StatusExplanation(
      .probe, "the probe is connected to the target by JTAG", [.replug], causes: [.probeWedged]),
    .alignmentError: StatusExplanation(
      .probe, "the probe refuses the address or the length of an access",
      [.reportFault, .updateFirmware], causes: [.cloneProbe]),
    .commandWait: StatusExplanation(
      .probe, "the probe is busy with something else",
      ["Wait until a copy to the probe's disk has finished, then repeat the command", .replug],
      causes: [.probeClaimed, .probeWedged]),
    .commandError: StatusExplanation(
      .probe, "the probe refuses the command",
      ["Check that the target is connected and powered: old firmware says this without a target", .updateFirmware],
      causes: [.cloneProbe, .firmwareTooOld, .badCable]),
    .unknownCommand: StatusExplanation(
      .probe, "the probe does not know the command", [.updateFirmware], causes: [.cloneProbe, .firmwareTooOld]),
    .frequencyNotSupported: StatusExplanation(
      .probe, "the probe cannot make this SWD clock",
      ["Choose another clock\(with: .setClock(kHz: nil))", .updateFirmware],
      causes: [.cloneProbe, .firmwareTooOld]),
    .traceNotAvailable: StatusExplanation(
      .probe, "the probe cannot receive trace data now", [.replug], causes: [.probeWedged]),
    .configurationChanged: StatusExplanation(
      .probe, "the probe changed its clock configuration without being asked", [.replug], causes: [.probeClaimed]),
    .spiError: StatusExplanation(
      .probe, "the probe's SWD engine failed (SPI)", [.replug, .updateFirmware], causes: [.probeWedged, .cloneProbe]),
    .dmaError: StatusExplanation(
      .probe, "the probe's SWD engine failed (DMA)", [.replug, .updateFirmware], causes: [.probeWedged, .cloneProbe]),
    .internalError: StatusExplanation(
      .probe, "the probe reports an internal error", [.replug, .updateFirmware], causes: [.probeWedged, .cloneProbe]),
  ]

  private static let busErrorRemedies: [Advice] = [
    "Check that the address exists on this chip and that its peripheral is clocked",
    "If it lies in flash, check the read protection (RDP): level 1 refuses a debugger every read of flash",
  ]

  private static let busyRemedies: [Advice] = [
    "Keep the target's program out of Stop and Standby mode: a target that sleeps answers like this",
    .slowDown,
    "Disconnect the target's supply for a moment",
  ]
}
