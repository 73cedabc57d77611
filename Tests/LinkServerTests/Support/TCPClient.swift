import Basics
import Glibc
import LinkInterface
import SimProbe
import Sockets

@testable import LinkServer

/// A program that talks to a server which runs in the same thread, in turns.
struct TCPClient {
  let socket: Socket
  private let loop: EventLoop
  /// How long a turn waits for bytes that are on their way within this machine.
  static let patience: Duration = .milliseconds(5)

  /// Connects to a port of this machine; nil when nobody listens.
  init?(port: UInt16, loop: EventLoop) {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    guard inet_pton(AF_INET, "127.0.0.1", &name.sin_addr) == 1 else { return nil }
    let result = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(descriptor)
      return nil
    }
    socket = Socket(adopting: descriptor)
    // A small message shall not wait for the acknowledgement of the one before it.
    socket.sendAtOnce()
    self.loop = loop
    loop.turn(atMost: TCPClient.patience)
  }

  /// Sends bytes and returns what has come back after the server has had its turns.
  func exchange(_ bytes: [UInt8]) -> [UInt8] {
    _ = socket.send(bytes[...])
    return collect()
  }

  /// What the server has sent; nil at the end marks that it has closed the connection.
  func collect() -> [UInt8] {
    var received: [UInt8] = []
    for _ in 0..<3 {
      loop.turn(atMost: TCPClient.patience)
      while case .bytes(let bytes) = socket.receive(atMost: 65_536) { received += bytes }
    }
    return received
  }

  /// Whether the server has closed the connection.
  var isClosed: Bool {
    loop.turn(atMost: TCPClient.patience)
    return socket.receive(atMost: 1) == .ended
  }

  /// SEND_USB_CMD for a command block that begins with `command`.
  static func command(
    _ command: [UInt8], connection: UInt32, direction: UInt8, count: Int, data: [UInt8] = []
  ) -> [UInt8] {
    [5, 0, 0, 0] + connection.littleEndianBytes + command + [UInt8](repeating: 0, count: 16 - command.count)
      + [direction, 0, 0, 0] + UInt32(count).littleEndianBytes + data
  }
}
