#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A stream socket that never blocks and closes with its owner.
package final class Socket {
  /// What came of a try to receive.
  package enum Received: Equatable {
    /// Bytes, at least one.
    case bytes([UInt8])
    /// Nothing has come yet.
    case nothing
    /// The other side has closed, or the connection broke.
    case ended
  }

  /// What came of a try to send.
  package enum Sent: Equatable {
    /// So many bytes were taken.
    case bytes(Int)
    /// The other side has closed, or the connection broke.
    case ended
  }

  /// The file descriptor, for poll(2).
  package let descriptor: Int32

  /// Takes over an open socket; it becomes non-blocking and is not inherited by programs that are started.
  package init(adopting descriptor: Int32) {
    self.descriptor = descriptor
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    #if canImport(Darwin)
    enable(SO_NOSIGPIPE, at: SOL_SOCKET)
    #endif
  }

  deinit {
    close(descriptor)
  }

  /// Takes the next waiting connection of a listening socket; nil when there is none.
  package func accept() -> Socket? {
    while true {
      #if canImport(Darwin)
      let accepted = Darwin.accept(descriptor, nil, nil)
      #elseif canImport(Musl)
      let accepted = Musl.accept(descriptor, nil, nil)
      #else
      let accepted = Glibc.accept(descriptor, nil, nil)
      #endif
      if accepted >= 0 { return Socket(adopting: accepted) }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  /// Takes what has come, at most `byteCount` bytes.
  package func receive(atMost byteCount: Int) -> Received {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initializedCount in
      repeat { count = recv(descriptor, buffer.baseAddress, byteCount, 0) } while count < 0 && errno == EINTR
      initializedCount = max(count, 0)
    }
    if count > 0 { return .bytes(bytes) }
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .nothing : .ended
  }

  /// Sends as much of `bytes` as the connection takes now.
  package func send(_ bytes: ArraySlice<UInt8>) -> Sent {
    let count = bytes.withUnsafeBytes { buffer in
      var count = 0
      repeat { count = sendQuietly(buffer) } while count < 0 && errno == EINTR
      return count
    }
    if count >= 0 { return .bytes(count) }
    return errno == EAGAIN || errno == EWOULDBLOCK ? .bytes(0) : .ended
  }

  /// Turns an option of the socket on.
  package func enable(_ option: Int32, at level: Int32) {
    var one: Int32 = 1
    _ = setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Waits until the socket can be read or written, or until the time is up.
  package func wait(for events: PollEvents, atMost limit: Duration) {
    var entry = pollfd(fd: descriptor, events: events.rawValue, revents: 0)
    _ = poll(&entry, 1, Int32(clamping: limit.milliseconds))
  }

  private func sendQuietly(_ buffer: UnsafeRawBufferPointer) -> Int {
    #if canImport(Darwin)
    Darwin.send(descriptor, buffer.baseAddress, buffer.count, 0)
    #elseif canImport(Musl)
    Musl.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    #else
    Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
    #endif
  }
}

extension Socket {
  /// Takes exactly so many bytes; nil when they have not come in time, or the other side has gone.
  package func receiveAll(_ byteCount: Int, within limit: Duration) -> [UInt8]? {
    var bytes: [UInt8] = []
    let deadline = ContinuousClock.now + limit
    while bytes.count < byteCount {
      switch receive(atMost: byteCount - bytes.count) {
      case .bytes(let received): bytes += received
      case .ended: return nil
      case .nothing:
        guard ContinuousClock.now < deadline else { return nil }
        wait(for: .readable, atMost: ContinuousClock.now.duration(to: deadline))
      }
    }
    return bytes
  }

  /// Sends all bytes; false when they were not taken in time, or the other side has gone.
  package func sendAll(_ bytes: [UInt8], within limit: Duration) -> Bool {
    var sentCount = 0
    let deadline = ContinuousClock.now + limit
    while sentCount < bytes.count {
      switch send(bytes[sentCount...]) {
      case .bytes(0):
        guard ContinuousClock.now < deadline else { return false }
        wait(for: .writable, atMost: ContinuousClock.now.duration(to: deadline))
      case .bytes(let count): sentCount += count
      case .ended: return false
      }
    }
    return true
  }
}
