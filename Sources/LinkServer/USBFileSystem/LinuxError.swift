/// An error number as Linux's USB file system gives it (errno(3), the generic numbering), whatever this program runs on.
struct LinuxError: RawRepresentable, Error, Sendable, Equatable {
  let rawValue: Int32

  static let noEntry = LinuxError(rawValue: 2)
  static let interrupted = LinuxError(rawValue: 4)
  static let badFile = LinuxError(rawValue: 9)
  static let again = LinuxError(rawValue: 11)
  static let fault = LinuxError(rawValue: 14)
  static let busy = LinuxError(rawValue: 16)
  static let noDevice = LinuxError(rawValue: 19)
  static let invalid = LinuxError(rawValue: 22)
  static let notThisRequest = LinuxError(rawValue: 25)
  static let brokenPipe = LinuxError(rawValue: 32)
  static let notImplemented = LinuxError(rawValue: 38)
  static let noData = LinuxError(rawValue: 61)
  static let noProtocol = LinuxError(rawValue: 71)
  static let overflow = LinuxError(rawValue: 75)
  static let connectionReset = LinuxError(rawValue: 104)
  static let shutdown = LinuxError(rawValue: 108)
  static let timedOut = LinuxError(rawValue: 110)
}
