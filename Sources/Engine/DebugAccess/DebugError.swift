public import Failures
public import LinkInterface

/// Why an access to the target through the probe failed.
public indirect enum DebugError: Error, Sendable, Equatable {
  /// A USB transfer failed.
  case transport(LinkError, during: String)
  /// A serial line failed.
  case serial(SerialError, during: String)
  /// A pin of this computer could not be driven.
  case pin(PinError)
  /// The link answered that an access was not carried out; a code nobody documents is kept as it came.
  case fault(TargetFault, during: String, address: UInt32?)
  /// The probe's answer has another length or content than the command has.
  case malformedReply(during: String, expected: Int, received: [UInt8])
  /// A reply was lost or cut, and the command could not be repeated.
  case replyLost(LostReply)
  /// The probe's firmware lacks a command that the operation needs.
  case unsupported(feature: String, firmware: String, since: String)
  /// The probe is of a kind, or in a mode, in which it cannot debug.
  case probeUnusable(reason: String, remedy: Advice, cause: FailureCause? = nil)
  /// The target did not get into a state within its time.
  case targetTimeout(waitingFor: String, limit: Duration, lastValue: UInt32?)
  /// An address or length that the access width does not allow; nothing was sent.
  case misaligned(address: UInt32, byteCount: Int, width: AccessWidth)
  /// No way of connecting got hold of the target.
  case attachFailed(AttachFailure)
  /// Somebody asked to stop.
  case interrupted
}

extension DebugError {
  /// Whether the probe works and the target does not: it can be worth trying another way to the target.
  var isOfTheTarget: Bool {
    switch self {
    case .fault, .targetTimeout, .attachFailed: true
    case .transport, .serial, .pin, .malformedReply, .replyLost, .unsupported, .probeUnusable, .misaligned,
      .interrupted:
      false
    }
  }
}
