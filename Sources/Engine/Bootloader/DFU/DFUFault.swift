import Basics
import Failures

/// What a DFU device did other than it was asked for.
enum DFUFault {
  /// It has none of what a DFU device has.
  case notDFU
  /// It names no memory that a chip of this family has; what it names.
  case notROM(String)
  /// Its program runs; it is not in DFU mode.
  case runtime
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
    case .notDFU, .notROM, .runtime: .absent
    case .stuck, .busy: .waits
    case .refused: .refused
    case .silent: .silent
    case .gone: .lost
    case .malformed: .garbled
    }
  }

  private var answer: String {
    switch self {
    case .notDFU: "no interface of class FE, subclass 01"
    case .notROM(let layout): layout
    case .runtime: "an interface of protocol 01, runtime"
    case .stuck(let report), .refused(let report), .busy(let report): report?.name ?? "STALL"
    case .silent, .gone: "nothing"
    case .malformed(let bytes): Hexadecimal.text(bytes.prefix(16), separator: " ")
    }
  }

  private var meaning: TargetFault.Meaning {
    switch self {
    case .notDFU:
      TargetFault.Meaning(.noTarget, "the USB device has no DFU interface", [], causes: [.notDFU])
    case .notROM:
      TargetFault.Meaning(
        .noTarget, "the DFU device is no ROM bootloader of an STM32F2 or F4", [], causes: [.otherChip, .notDFU])
    case .runtime:
      TargetFault.Meaning(
        .noTarget, "the USB device runs its program and is not in DFU mode", [], causes: [.dfuRuntime])
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
