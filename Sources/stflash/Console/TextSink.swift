import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Where text goes: one of the process's streams, or a buffer in a test.
protocol TextSink: AnyObject, Sendable {
  /// Writes text at once and whole.
  func write(_ text: String)

  /// The error number of the first write that failed; nil while all went well.
  var failure: Int32? { get }
}

/// A file descriptor as a sink; after the first failure nothing more is written.
final class DescriptorSink: TextSink {
  private let descriptor: Int32
  private let firstFailure = Mutex<Int32?>(nil)

  /// Makes a sink of an open descriptor, which it does not close.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  var failure: Int32? { firstFailure.withLock { $0 } }

  func write(_ text: String) {
    firstFailure.withLock { failure in
      if failure == nil { failure = writeAll(text) }
    }
  }

  /// Writes everything; returns the error number of a failure.
  private func writeAll(_ text: String) -> Int32? {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { SystemCalls.system.write(descriptor, $0) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return errno
      }
    }
    return nil
  }
}
