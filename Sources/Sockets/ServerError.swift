package import Failures

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why a carrier could not be set up, or a program not be started.
package struct ServerError: ReportableError, Sendable, Equatable {
  /// What was tried, as a verb with its object: "listen on 127.0.0.1:7184".
  package let operation: String
  /// The operating system's error number (errno); nil where no system call failed.
  package let number: Int32?
  /// What is wrong, in words.
  package let text: String
  /// What the user can do about it, each in one sentence or a command.
  package let remedies: [Advice]

  /// Makes one for a failed system call, with the system's own words.
  package init(_ operation: String, number: Int32, remedies: [Advice] = []) {
    self.operation = operation
    self.remedies = remedies
    self.number = number
    text = String(cString: strerror(number))
  }

  /// Makes one with words of its own.
  package init(_ operation: String, text: String, remedies: [Advice] = []) {
    self.operation = operation
    self.remedies = remedies
    number = nil
    self.text = text
  }

  /// The failure as a user reads it.
  package var report: FailureReport { FailureReport(.usage, "cannot \(operation): \(text)", remedies: remedies) }
}
