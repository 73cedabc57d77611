import Basics
import Failures

/// What a bootloader did other than to acknowledge.
enum BootloaderFault {
  /// It answered nothing at all from the beginning; `bySequence` where control lines were to start it.
  case silent(port: String, bySequence: Bool)
  /// It answered until now, and does so no more.
  case mute
  /// It has answered once, and understands nothing.
  case deaf
  /// It refused: the command itself, or what came behind it.
  case refused(isCommand: Bool)
  /// It answered with something that is no answer.
  case garbled(UInt8)
  /// Something else talks at the other end.
  case foreign([UInt8])
  /// What is sent comes back.
  case echo

  private var kind: TargetFault.Kind {
    switch self {
    case .silent: .silent
    case .mute, .deaf: .lost
    case .refused: .refused
    case .garbled, .foreign: .garbled
    case .echo: .ofTheLink
    }
  }

  private var answer: String {
    switch self {
    case .silent, .mute: "nothing"
    case .deaf: "NACK, nothing, or something else, time and again"
    case .refused: "NACK (0x1F)"
    case .garbled(let byte): Hexadecimal.byte(byte)
    case .foreign(let bytes): Hexadecimal.text(bytes.prefix(16), separator: " ")
    case .echo: "what was sent"
    }
  }

  private var meaning: TargetFault.Meaning {
    switch self {
    case .silent(let port, let bySequence):
      TargetFault.Meaning(
        .noTarget, "no bootloader answers at \(port)", [],
        causes: (bySequence ? [.controlWires] : []) + [.bootloaderNotRunning, .serialWires, .otherInterface])
    case .mute:
      TargetFault.Meaning(
        .noTarget, "the bootloader answers no more", [], causes: [.serialWires, .brownOut, .adapterUnplugged])
    case .deaf:
      TargetFault.Meaning(
        .noTarget, "the bootloader has answered once and understands nothing", [],
        causes: [.baudRate, .serialWires, .bootloaderNotRunning])
    case .refused(true):
      TargetFault.Meaning(.protected, "the bootloader refuses the command", [], causes: [.readProtected])
    case .refused(false):
      TargetFault.Meaning(
        .flash, "the bootloader refuses what it is asked for", ["Name an address of flash, RAM, OTP or option bytes"],
        causes: [.nothingThere])
    case .garbled:
      TargetFault.Meaning(
        .noTarget, "the bootloader's answer makes no sense", [], causes: [.baudRate, .serialWires])
    case .foreign:
      TargetFault.Meaning(
        .noTarget, "what answers is no bootloader", [], causes: [.baudRate, .bootloaderNotRunning, .serialWires])
    case .echo:
      TargetFault.Meaning(.probe, "the adapter sends back what it is given", [], causes: [.adapterEcho])
    }
  }

  var fault: TargetFault {
    let code: UInt8 = if case .garbled(let byte) = self { byte } else { 0 }
    return TargetFault(kind, code: code, answer: answer, meaning: meaning)
  }
}

extension DebugError {
  static func bootloader(_ fault: BootloaderFault, during name: String, address: UInt32? = nil) -> DebugError {
    .fault(fault.fault, during: name, address: address)
  }

  /// Whether a character that was lost or wrong may have done it, so that it can be tried again.
  var mayBeOfTheLine: Bool {
    switch fault?.kind {
    // Where a bit was wrong a command, or the data of a block, is refused.
    case .lost?, .garbled?, .refused?: true
    default: false
    }
  }
}
