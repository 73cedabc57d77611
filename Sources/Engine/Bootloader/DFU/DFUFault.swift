import Basics
import Failures

/// What a DFU device did other than it was asked for.
enum DFUFault {
  /// It has none of what a DFU device has.
  case notDFU
  /// It names no memory that a chip of this family has; what it names.
  case notROM(String)
  /// It names other sectors than the chip has; both in words.
  case otherLayout(String)
  /// What is to be changed it names as something that can only be read; where that is.
  case readOnly(String)
  /// The operating system does not let us at it.
  case denied
  /// Another program holds it.
  case claimed
  /// It speaks plain DFU, without addresses.
  case plain
  /// Its program runs; it is not in DFU mode.
  case runtime
  /// It is in DFU mode, where a running program was meant.
  case notRuntime
  /// It is in a state out of which no request leads.
  case stuck(DFUStatusReport?)
  /// It refused, and says why.
  case refused(DFUStatusReport?)
  /// It has not finished in time.
  case busy(DFUStatusReport?)
  /// It answers nothing.
  case silent
  /// It has left the bus.
  case gone
  /// It answers with something that is no answer.
  case malformed([UInt8])

  private var kind: TargetFault.Kind {
    switch self {
    case .notDFU, .notROM, .otherLayout, .plain, .runtime, .notRuntime: .absent
    case .denied, .claimed: .ofTheLink
    case .stuck, .busy: .waits
    case .refused, .readOnly: .refused
    case .silent: .silent
    case .gone: .lost
    case .malformed: .garbled
    }
  }

  private var answer: String {
    switch self {
    case .notDFU: "no interface of class FE, subclass 01"
    case .notROM(let layout), .otherLayout(let layout): layout
    case .readOnly(let place): "\(place): read only"
    case .plain: "names of memories without addresses"
    case .runtime: "an interface of protocol 01, runtime"
    case .notRuntime: "an interface of protocol 02, DFU mode"
    case .stuck(let report), .refused(let report), .busy(let report): report?.name ?? "STALL"
    case .silent, .gone, .denied, .claimed: "nothing"
    case .malformed(let bytes): Hexadecimal.text(bytes.prefix(16), separator: " ")
    }
  }

  private var meaning: TargetFault.Meaning {
    switch self {
    case .notDFU:
      TargetFault.Meaning(.noTarget, "the USB device has no DFU interface", [], causes: [.notDFU])
    case .notROM:
      TargetFault.Meaning(
        .noTarget, "the DFU device is no ROM bootloader of an STM32F2 or F4", [],
        causes: [.cloneChip, .otherChip, .notDFU])
    case .otherLayout:
      TargetFault.Meaning(
        .noTarget, "the bootloader names other sectors than this chip has", [], causes: [.cloneChip, .otherChip])
    case .readOnly(let place):
      TargetFault.Meaning(
        .protected, "the device names \(place) as memory that can only be read, which is where its own loader lies",
        ["Write a program that is linked to begin behind the loader"], causes: [])
    case .denied:
      TargetFault.Meaning(
        .permission, "the operating system denies access to the DFU device", [], causes: [.dfuDenied])
    case .claimed:
      TargetFault.Meaning(.probe, "another program is using the DFU device", [], causes: [.dfuClaimed])
    case .plain:
      TargetFault.Meaning(
        .noTarget, "the device speaks plain DFU, which has no addresses: nothing could be planned, kept or compared",
        ["Write or read it as a whole: write and read do that without an address"], causes: [.notDFU])
    case .runtime:
      TargetFault.Meaning(
        .noTarget, "the USB device runs its program and is not in DFU mode", [], causes: [.dfuRuntime])
    case .notRuntime:
      TargetFault.Meaning(.noTarget, "the USB device is in DFU mode already", [], causes: [.notDFU])
    case .stuck:
      TargetFault.Meaning(
        .noTarget, "the DFU device stays in a state in which it takes nothing", [], causes: [.dfuStuck, .badUSB])
    case .refused(let report): DFUFault.refusal(report?.status)
    case .busy:
      TargetFault.Meaning(
        .timeout, "the DFU device works longer than the data sheet allows", [], causes: [.sectorWorn, .dfuStuck])
    case .silent:
      TargetFault.Meaning(
        .noTarget, "the DFU device does not answer", [], causes: [.dfuStuck, .crystalMistaken, .badUSB])
    case .gone:
      TargetFault.Meaning(
        .noTarget, "the DFU device has left USB", [], causes: [.dfuUnplugged, .crystalMistaken, .brownOut])
    case .malformed:
      TargetFault.Meaning(.noTarget, "the DFU device's answer makes no sense", [], causes: [.notDFU, .badUSB])
    }
  }

  private static func refusal(_ status: DFUStatus?) -> TargetFault.Meaning {
    switch status {
    case .vendor?:
      TargetFault.Meaning(
        .protected, "the bootloader refuses: the chip is read-protected", [], causes: [.readProtected])
    case .target?:
      TargetFault.Meaning(
        .flash, "the bootloader has no memory there", ["Name an address of flash, OTP or option bytes"],
        causes: [.nothingThere])
    default:
      TargetFault.Meaning(.flash, "the DFU device refuses what it is asked for", [], causes: [.dfuStuck, .notDFU])
    }
  }

  var fault: TargetFault {
    let code: UInt8 =
      switch self {
      case .refused(let report), .stuck(let report), .busy(let report): report?.status.rawValue ?? 0
      default: 0
      }
    return TargetFault(kind, code: code, answer: answer, meaning: meaning)
  }
}

extension DebugError {
  static func dfu(_ fault: DFUFault, during name: String, address: UInt32? = nil) -> DebugError {
    .fault(fault.fault, during: name, address: address)
  }
}
