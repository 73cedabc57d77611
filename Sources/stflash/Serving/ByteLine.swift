import Sockets

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A line to another program: a connection, or standard input and output.
protocol ByteLine: AnyObject {
  /// What to wait for input on.
  var descriptor: Int32 { get }
  /// Takes what has come; nil when the other side has gone, empty for nothing.
  func receive() -> [UInt8]?
  /// Sends bytes; false when the other side has gone, or takes nothing.
  func send(_ bytes: [UInt8]) -> Bool
}

/// A connection over a socket.
final class SocketLine: ByteLine {
  private let socket: Socket
  /// How long the other side may take nothing.
  private static let patience: Duration = .seconds(10)

  init(_ socket: Socket) { self.socket = socket }

  var descriptor: Int32 { socket.descriptor }

  func receive() -> [UInt8]? {
    switch socket.receive(atMost: 0x1_0000) {
    case .bytes(let bytes): bytes
    case .nothing: []
    case .ended: nil
    }
  }

  func send(_ bytes: [UInt8]) -> Bool { socket.sendAll(bytes, within: Self.patience) }
}

/// Standard input and output.
final class StandardLine: ByteLine {
  let descriptor = STDIN_FILENO

  func receive() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 0x1_0000)
    let count = Self.systemRead(STDIN_FILENO, &bytes, bytes.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return [] }
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }

  func send(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Self.systemWrite(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  #if canImport(Glibc)
  private static let systemRead = Glibc.read
  private static let systemWrite = Glibc.write
  #else
  private static let systemRead = Darwin.read
  private static let systemWrite = Darwin.write
  #endif
}
