import Engine
import Failures

@testable import SimProbe

/// What the engine has to say of a fault when it gets in an operation's way.
struct FaultExpectation {
  /// How well a failure names a fault.
  enum Verdict {
    /// The fault itself is named first.
    case exact
    /// Another fault is named first that the host cannot tell from it.
    case alike
    /// Something else is named first, or nothing.
    case wrong
  }

  /// The fault's own name among the engine's causes.
  let cause: FailureCause
  /// The causes that a host cannot tell apart from it.
  let alike: Set<FailureCause>
  /// The exit codes that are right.
  let categories: Set<FailureCategory>

  /// How well a failure names the fault.
  func verdict(on report: FailureReport) -> Verdict {
    guard let first = report.causes.first else { return .wrong }
    return first == cause ? .exact : alike.contains(first) ? .alike : .wrong
  }

  init(_ fault: SimulatedFault) {
    cause = Self.causes[fault.name] ?? Self.classes[fault.likeness]?.causes.first ?? .otherContent
    alike = Set(Self.classes[fault.likeness]?.causes ?? [])
    categories = Self.classes[fault.likeness]?.categories ?? []
  }

  /// The faults that have another name than the first of their class.
  private static let causes: [String: FailureCause] = [
    "swdio-open": .badCable, "swclk-open": .badCable, "rdp2": .readProtectedForEver, "vcap-missing": .capacitorMissing,
    "firmware=standby": .sleeps, "sector-dead": .sectorWorn, "sector-worn": .sectorWorn, "weak-supply": .brownOut,
    "options-erased": .optionsErased, "firmware=few-wait-states": .fewWaitStates,
    "probe-mass-storage": .probeWrongMode, "serial-swapped": .serialWires, "serial-echo": .adapterEcho,
    "serial-no-parity": .baudRate, "rts-dtr-swapped": .controlWires, "adapter-unplugged": .adapterUnplugged,
    "other-interface": .otherInterface, "baud-misread": .baudRate,
    "dfu-crystal": .crystalMistaken, "dfu-crystal-fails": .crystalMistaken, "dfu-denied": .dfuDenied,
    "dfu-claimed": .dfuClaimed,
  ]

  /// The causes of each class, the likeliest first, and the exit codes.
  private static let classes: [FaultLikeness: (causes: [FailureCause], categories: Set<FailureCategory>)] = [
    .silentWire: (
      [.jumpersOpen, .badCable, .targetUnpowered, .pinsReused, .readProtectedForEver, .resetHeldLow], [.noTarget]
    ),
    .noisyWire: ([.badCable], [.noTarget, .flash, .verify]),
    .noReset: ([.resetOpen], [.noTarget]),
    .heldReset: ([.resetHeldLow], [.noTarget, .timeout]),
    .unnoticed: ([], []),
    .silentPort: ([.bootloaderNotRunning, .serialWires, .otherInterface, .controlWires], [.noTarget]),
    .noisyPort: ([.serialWires, .baudRate, .bootloaderNotRunning], [.noTarget, .verify, .flash]),
    .echoingPort: ([.adapterEcho], [.probe]),
    .absentDevice: ([.dfuMissing, .crystalMistaken], [.noProbe]),
    .lostDevice: ([.dfuUnplugged, .crystalMistaken, .brownOut], [.noTarget]),
    .stuckDevice: ([.dfuStuck, .crystalMistaken, .badUSB], [.noTarget, .timeout]),
    .oddDevice: ([.cloneChip, .otherChip, .notDFU], [.noTarget]),
    .lostPort: ([.adapterUnplugged], [.probe]),
    .noSupply: ([.targetUnpowered, .brownOut], [.noTarget]),
    .lowSupply: ([.supplyLow, .brownOut], [.flash, .verify]),
    .noReference: ([.supplyLow], []),
    .collapsingSupply: ([.brownOut, .capacitorMissing], [.noTarget, .flash, .verify, .timeout]),
    .wrongBits: ([.cellDefect, .sectorWorn, .brownOut, .capacitorMissing, .supplyLow], [.verify, .flash]),
    .closedByFirmware: ([.pinsReused, .sleeps], [.noTarget]),
    .asleep: ([.sleeps], [.noTarget]),
    .dozing: ([.sleeps], [.noTarget]),
    .watchdog: ([.watchdogResets, .resetLoop], [.noTarget, .flash, .verify]),
    .resetLoop: ([.resetLoop, .watchdogResets], [.noTarget, .timeout]),
    .lockedUp: ([.lockedUp], [.noTarget]),
    .readProtected: ([.readProtected], [.protected]),
    .writeProtected: ([.writeProtected], [.protected]),
    .readoutProtected: ([.codeProtected], [.protected]),
    .foreignChip: ([.otherChip, .cloneChip], [.noTarget]),
    .oddIdentity: ([.cloneChip], [.noTarget]),
    .slowFlash: ([.sectorWorn, .brownOut, .capacitorMissing], [.timeout, .flash]),
    .leftByDebugger: ([], []),
    .leftErasing: ([.otherContent], [.verify]),
    .blockedController: ([.controllerBlocked], [.flash]),
    .oldProbe: ([.firmwareTooOld, .cloneProbe], [.probe]),
    .wrongMode: ([.probeWrongMode, .probeWedged, .badUSB], [.probe]),
    .leftBehind: ([.probeWedged], [.probe]),
    .deadProbe: ([.probeWedged, .probeWrongMode, .badUSB], [.probe, .timeout]),
    .cloneProbe: ([.cloneProbe, .firmwareTooOld], [.probe]),
    .claimed: ([.probeClaimed], [.probe, .permission]),
    .denied: ([.probeDenied], [.permission]),
    .lossyUSB: ([.badUSB, .cloneProbe, .probeWedged], [.probe, .timeout]),
    .unplugged: ([.probeUnplugged], [.probe]),
    .badSerial: ([.cloneProbe], []),
  ]
}
