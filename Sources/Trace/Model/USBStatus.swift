package import LinkInterface

/// How a transfer ended, as Linux tells it: zero, or a negative error number.
///
/// A struct over the number, so that a status that we have no name for survives reading and writing.
package struct USBStatus: RawRepresentable, Sendable, Hashable {
  /// Zero or a negative Linux error number.
  package let rawValue: Int32

  /// Makes a status from its number.
  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// Done as asked.
  package static let success = USBStatus(rawValue: 0)
  /// The request was taken back (ENOENT): behind a failed one, or because a program gave up waiting.
  package static let cancelled = USBStatus(rawValue: -2)
  /// The device answered STALL (EPIPE).
  package static let stall = USBStatus(rawValue: -32)
  /// Nothing happened in time (ETIMEDOUT).
  package static let timeout = USBStatus(rawValue: -110)
  /// Not finished yet (EINPROGRESS), the status of every submission.
  package static let inProgress = USBStatus(rawValue: -115)

  /// The status that a failed transfer is recorded with.
  package init(_ reason: LinkError.Reason) {
    switch reason {
    case .timeout: self = .timeout
    case .stall: self = .stall
    case .gone: self.init(rawValue: -108)
    case .denied: self.init(rawValue: -13)
    case .busy: self.init(rawValue: -16)
    case .overflow: self.init(rawValue: -75)
    // Linux calls a write that ended early a success of less length.
    case .shortWrite: self = .success
    case .closed: self.init(rawValue: -9)
    case .divergence: self.init(rawValue: -71)
    case .other(let code, _): self.init(rawValue: (-4095 ... -1).contains(code) ? code : -5)
    }
  }

  /// The failure that a recorded status is replayed as.
  package var reason: LinkError.Reason {
    switch rawValue {
    // A program that gives up waiting takes its request back, which is all that the kernel knows of it.
    case -2, -62, -104, -110: .timeout
    case -32: .stall
    case -19, -108: .gone
    case -13, -1: .denied
    case -16: .busy
    case -75: .overflow
    case -9: .closed
    default: .other(code: rawValue, text: name)
    }
  }

  /// The error number by name (errno-base.h and errno.h of Linux), or the number where it has none here.
  package var name: String {
    USBStatus.names[rawValue] ?? String(rawValue)
  }

  /// Makes a status from what `name` returns.
  package init?(name: String) {
    if let known = USBStatus.names.first(where: { $0.value == name }) {
      self.init(rawValue: known.key)
    } else if let number = Int32(name) {
      self.init(rawValue: number)
    } else {
      return nil
    }
  }

  private static let names: [Int32: String] = [
    0: "ok", -1: "EPERM", -2: "ENOENT", -5: "EIO", -9: "EBADF", -12: "ENOMEM", -13: "EACCES", -16: "EBUSY",
    -18: "EXDEV", -19: "ENODEV", -22: "EINVAL", -28: "ENOSPC", -32: "EPIPE", -62: "ETIME", -63: "ENOSR",
    -70: "ECOMM", -71: "EPROTO", -75: "EOVERFLOW", -84: "EILSEQ", -104: "ECONNRESET", -108: "ESHUTDOWN",
    -110: "ETIMEDOUT", -113: "EHOSTUNREACH", -115: "EINPROGRESS", -121: "EREMOTEIO",
  ]
}
