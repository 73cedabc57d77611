#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

extension Socket {
  /// How many connections may wait to be accepted.
  private static let backlog: Int32 = 16

  /// A listening TCP socket.
  ///
  /// - Parameters:
  ///   - address: an IPv4 address in numbers, such as "127.0.0.1".
  ///   - port: the port; 0 lets the system choose one, see `localPort`.
  package static func listening(address: String, port: UInt16) throws(ServerError) -> Socket {
    let operation = "listen on \(address):\(port)"
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    guard inet_pton(AF_INET, address, &name.sin_addr) == 1 else {
      throw ServerError(operation, text: "'\(address)' is no IPv4 address")
    }
    let socket = try make(AF_INET, operation)
    // A server that is started again shall not wait for the connections of the last one to time out.
    socket.enable(SO_REUSEADDR, at: SOL_SOCKET)
    try socket.listen(as: &name, operation)
    return socket
  }

  /// A listening socket in the file system.
  ///
  /// - Parameter path: where it appears; nothing may be there yet.
  package static func listening(path: String) throws(ServerError) -> Socket {
    let operation = "listen on \(path)"
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    let text = Array(path.utf8)
    guard text.count < MemoryLayout.size(ofValue: name.sun_path) else {
      throw ServerError(operation, text: "the path is too long for a socket")
    }
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: text) }
    let socket = try make(AF_UNIX, operation)
    try socket.listen(as: &name, operation)
    return socket
  }

  /// Two sockets that are connected with each other.
  package static func pair() throws(ServerError) -> (Socket, Socket) {
    var descriptors: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, streamKind, 0, &descriptors) == 0 else {
      throw ServerError("make a pair of sockets", number: errno)
    }
    return (Socket(adopting: descriptors[0]), Socket(adopting: descriptors[1]))
  }

  /// The TCP port that a listening socket has; 0 for another kind of socket.
  package var localPort: UInt16 {
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    return result == 0 && name.sin_family == sa_family_t(AF_INET) ? UInt16(bigEndian: name.sin_port) : 0
  }

  /// Sends small replies at once instead of gathering them (TCP_NODELAY).
  package func sendAtOnce() {
    enable(TCP_NODELAY, at: Int32(IPPROTO_TCP))
  }

  /// Has the system find out by itself, in about a minute, when the other machine is no longer there (keep-alive).
  package func noticeVanishing() {
    enable(SO_KEEPALIVE, at: SOL_SOCKET)
    #if os(Linux)
    for (option, value) in [(TCP_KEEPIDLE, 30), (TCP_KEEPINTVL, 10), (TCP_KEEPCNT, 3)] as [(Int32, Int32)] {
      var value = value
      _ = setsockopt(descriptor, Int32(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
    #endif
  }

  private static var streamKind: Int32 {
    #if canImport(Glibc)
    Int32(SOCK_STREAM.rawValue)
    #else
    SOCK_STREAM
    #endif
  }

  private static func make(_ family: Int32, _ operation: String) throws(ServerError) -> Socket {
    let descriptor = socket(family, streamKind, 0)
    guard descriptor >= 0 else { throw ServerError(operation, number: errno) }
    return Socket(adopting: descriptor)
  }

  private func listen<Name>(as name: inout Name, _ operation: String) throws(ServerError) {
    let bound = withUnsafePointer(to: &name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
    guard bound == 0 else { throw ServerError(operation, number: errno) }
    #if canImport(Darwin)
    let listening = Darwin.listen(descriptor, Socket.backlog)
    #elseif canImport(Musl)
    let listening = Musl.listen(descriptor, Socket.backlog)
    #else
    let listening = Glibc.listen(descriptor, Socket.backlog)
    #endif
    guard listening == 0 else { throw ServerError(operation, number: errno) }
  }
}
