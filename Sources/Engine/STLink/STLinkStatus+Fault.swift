import Basics
import Failures

extension STLinkStatus {
  /// The status as any link's fault.
  var fault: TargetFault {
    TargetFault(kind, code: rawValue, answer: description, meaning: meaning)
  }

  private var kind: TargetFault.Kind {
    switch self {
    case .getIDCodeError: .silent
    case .noDeviceConnected, .unknownJTAGChain: .absent
    case .debugPowerError: .unpowered
    case .accessPortWait, .debugPortWait: .waits
    case .accessPortError, .debugPortError: .lost
    case .accessPortParityError, .debugPortParityError, .accessPortWriteDataError: .garbled
    default: leavesStickyError ? .refused : .ofTheLink
    }
  }

  /// The raw code is named where nobody documents it.
  private var meaning: TargetFault.Meaning {
    STLinkStatus.meanings[self]
      ?? TargetFault.Meaning(
        .probe, "the probe answered with status \(Hexadecimal.byte(rawValue)), which is not documented",
        [.updateFirmware, .replug, .reportFault], causes: [.cloneProbe, .firmwareTooOld])
  }

  private static let checkPower: Advice = "Check that the target has its supply throughout"

  private static let meanings: [STLinkStatus: TargetFault.Meaning] = [
    .getIDCodeError: TargetFault.Meaning(
      .noTarget, "no target answers on SWD", [.checkWires, checkPower],
      causes: [.badCable, .jumpersOpen, .pinsReused, .targetUnpowered], resetMayHelp: true),
    .noDeviceConnected: TargetFault.Meaning(
      .noTarget, "the probe sees no device on its debug connector", [.checkWires, checkPower],
      causes: [.badCable, .jumpersOpen, .targetUnpowered]),
    .unknownJTAGChain: TargetFault.Meaning(
      .noTarget, "the probe finds no JTAG chain that it knows", [.checkWires, checkPower],
      causes: [.badCable, .targetUnpowered]),
    .debugPowerError: TargetFault.Meaning(
      .noTarget, "the target does not power up its debug part",
      [checkPower, "Disconnect the target's supply for a moment"], causes: [.sleeps, .targetUnpowered],
      resetMayHelp: true),
    .accessPortError: TargetFault.Meaning(
      .noTarget, "the target was lost: an access to its memory was not acknowledged",
      [.checkWires, checkPower, .slowDown], causes: [.badCable, .targetUnpowered, .sleeps]),
    .debugPortError: TargetFault.Meaning(
      .noTarget, "the target was lost: its debug port does not acknowledge any more",
      [.checkWires, checkPower, .slowDown], causes: [.badCable, .targetUnpowered, .sleeps]),
    .accessPortFault: TargetFault.Meaning(
      .noTarget, "bus error in the target", busErrorRemedies, causes: [.readProtected, .cloneChip]),
    .accessPortStickyError: TargetFault.Meaning(
      .noTarget, "bus error in the target, latched by its debug port", busErrorRemedies,
      causes: [.readProtected, .cloneChip]),
    .unknownError: TargetFault.Meaning(
      .noTarget, "memory access failed in the target (old probe firmware says no more)",
      busErrorRemedies + [.updateFirmware], causes: [.readProtected, .firmwareTooOld]),
    .fault: TargetFault.Meaning(
      .noTarget, "the target answered with a fault (old probe firmware says no more)",
      busErrorRemedies + [.updateFirmware], causes: [.readProtected, .firmwareTooOld]),
    .debugPortFault: TargetFault.Meaning(
      .noTarget, "the target's debug port refuses accesses because of an earlier error",
      ["Repeat the command"], causes: [.readProtected, .badCable], resetMayHelp: true),
    .accessPortWait: TargetFault.Meaning(
      .timeout, "the target's memory bus stayed busy", busyRemedies, causes: [.sleeps, .badCable], resetMayHelp: true),
    .debugPortWait: TargetFault.Meaning(
      .timeout, "the target's debug port stayed busy", busyRemedies, causes: [.sleeps, .badCable], resetMayHelp: true),
    .accessPortParityError: TargetFault.Meaning(
      .noTarget, "data from the target arrived garbled (parity)", [.slowDown, .checkWires], causes: [.badCable]),
    .debugPortParityError: TargetFault.Meaning(
      .noTarget, "the debug port's answer arrived garbled (parity)", [.slowDown, .checkWires], causes: [.badCable]),
    .accessPortWriteDataError: TargetFault.Meaning(
      .noTarget, "data to the target arrived garbled", [.slowDown, .checkWires], causes: [.badCable]),
    .accessPortStickyOverrun: TargetFault.Meaning(
      .noTarget, "the target could not keep up with the accesses (overrun)", [.slowDown, .checkWires],
      causes: [.badCable]
    ),
    .badAccessPort: TargetFault.Meaning(
      .noTarget, "the probe refuses the target's access port",
      [
        "Check that the target is an STM32: newer firmware refuses chips of other makers",
        .updateFirmware,
      ], causes: [.otherChip, .cloneChip], resetMayHelp: true),
    .tooManyAccessPorts: TargetFault.Meaning(
      .probe, "the probe has too many access ports open", [.replug, .updateFirmware], causes: [.probeWedged]),
    .writeError: TargetFault.Meaning(
      .noTarget, "a write to the target failed", [.checkWires, .slowDown], causes: [.badCable]),
    .writeVerifyError: TargetFault.Meaning(
      .noTarget, "a core register does not hold what was written",
      ["Check that the core is halted and not held in reset"], causes: [.resetHeldLow, .sleeps], resetMayHelp: true),
    .alreadyOpenedInOtherMode: TargetFault.Meaning(
      .probe, "the probe is connected to the target by JTAG", [.replug], causes: [.probeWedged]),
    .alignmentError: TargetFault.Meaning(
      .probe, "the probe refuses the address or the length of an access",
      [.reportFault, .updateFirmware], causes: [.cloneProbe]),
    .commandWait: TargetFault.Meaning(
      .probe, "the probe is busy with something else",
      ["Wait until a copy to the probe's disk has finished, then repeat the command", .replug],
      causes: [.probeClaimed, .probeWedged]),
    .commandError: TargetFault.Meaning(
      .probe, "the probe refuses the command",
      ["Check that the target is connected and powered: old firmware says this without a target", .updateFirmware],
      causes: [.cloneProbe, .firmwareTooOld, .badCable]),
    .unknownCommand: TargetFault.Meaning(
      .probe, "the probe does not know the command", [.updateFirmware], causes: [.cloneProbe, .firmwareTooOld]),
    .frequencyNotSupported: TargetFault.Meaning(
      .probe, "the probe cannot make this SWD clock",
      ["Choose another clock\(with: .setClock(kHz: nil))", .updateFirmware],
      causes: [.cloneProbe, .firmwareTooOld]),
    .traceNotAvailable: TargetFault.Meaning(
      .probe, "the probe cannot receive trace data now", [.replug], causes: [.probeWedged]),
    .configurationChanged: TargetFault.Meaning(
      .probe, "the probe changed its clock configuration without being asked", [.replug], causes: [.probeClaimed]),
    .spiError: TargetFault.Meaning(
      .probe, "the probe's SWD engine failed (SPI)", [.replug, .updateFirmware], causes: [.probeWedged, .cloneProbe]),
    .dmaError: TargetFault.Meaning(
      .probe, "the probe's SWD engine failed (DMA)", [.replug, .updateFirmware], causes: [.probeWedged, .cloneProbe]),
    .internalError: TargetFault.Meaning(
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

extension DebugError {
  /// The failure that a status tells.
  package static func status(_ status: STLinkStatus, during command: String, address: UInt32?) -> DebugError {
    .fault(status.fault, during: command, address: address)
  }

  /// The probe's status, where it answered with one.
  var status: STLinkStatus? { fault.map { STLinkStatus(rawValue: $0.code) } }
}
