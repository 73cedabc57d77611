#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Standard input, of which only what is there is read.
final class StandardInput {
  /// How long, in milliseconds, a program that waits for input is made to wait for one look.
  private static let awaitedMilliseconds: Int32 = 10

  private let descriptor: Int32
  private var isOpen: Bool

  /// Makes it of an open descriptor; one that is not open has ended.
  init(_ descriptor: Int32, isOpen: Bool) {
    self.descriptor = descriptor
    self.isOpen = isOpen
  }

  /// Whether it is a terminal.
  var isTerminal: Bool { isOpen && isatty(descriptor) == 1 }

  /// What has come in; nil for nothing yet, empty when it has ended.
  func read(atMost byteCount: Int, isAwaited: Bool) -> [UInt8]? {
    guard isOpen else { return [] }
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, isAwaited ? Self.awaitedMilliseconds : 0) > 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: byteCount)
    let count = Self.read(descriptor, &bytes, byteCount)
    if count < 0 && (errno == EINTR || errno == EAGAIN) { return nil }
    if count <= 0 { isOpen = false }
    return Array(bytes.prefix(max(count, 0)))
  }

  #if canImport(Glibc)
  private static let read = Glibc.read
  #else
  private static let read = Darwin.read
  #endif
}
