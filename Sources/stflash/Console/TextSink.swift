import LinkInterface
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
///
/// A reader who does not read holds nothing up for ever: a request to stop ends the wait for it, and a server, whose
/// clients would wait too, leaves out what nobody takes.
final class DescriptorSink: TextSink {
  private let descriptor: Int32
  private let firstFailure = Mutex<Int32?>(nil)

  private let interruption: Interruption
  private let isServing: @Sendable () -> Bool

  /// The most that is written at once: what a pipe that poll(2) calls writable takes without blocking (PIPE_BUF).
  private static let chunk = 4096
  /// How long, in milliseconds, is waited between two looks at the request to stop.
  private static let waitStep: Int32 = 50

  /// Makes a sink of an open descriptor, which it does not close.
  ///
  /// - Parameter isServing: whether other programs wait while this one writes.
  init(
    descriptor: Int32, interruption: Interruption = Interruption(),
    isServing: @escaping @Sendable () -> Bool = { false }
  ) {
    self.descriptor = descriptor
    self.interruption = interruption
    self.isServing = isServing
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
    if isServing() && !isWritable(within: 0) { return nil }
    while !rest.isEmpty {
      while !isWritable(within: DescriptorSink.waitStep) {
        if interruption.isRequested { return EINTR }
      }
      let count = rest.prefix(DescriptorSink.chunk).withUnsafeBytes { SystemCalls.system.write(descriptor, $0) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR && errno != EAGAIN {
        return errno
      }
    }
    return nil
  }

  /// Whether something can be written, or would fail at once.
  private func isWritable(within milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    let count = poll(&entry, 1, milliseconds)
    // A signal ends the wait without there being room: a write would wait on, and nobody would look at the request.
    return count > 0 || count < 0 && errno != EINTR
  }
}
