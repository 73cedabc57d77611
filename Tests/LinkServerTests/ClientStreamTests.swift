import Glibc
import Sockets
import Testing

@testable import LinkServer

@Suite struct `A client's stream` {
  /// A client that never reads; the other end of its connection.
  private func pair() throws -> (stream: ClientStream, client: Int32) {
    var ends: [Int32] = [0, 0]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
    return (ClientStream(Socket(adopting: ends[0])), ends[1])
  }

  @Test func `answers no more requests than its client takes replies`() throws {
    let (stream, client) = try pair()
    defer { close(client) }
    let requests = [UInt8](repeating: 7, count: 1000)
    try #require(requests.withUnsafeBytes { write(client, $0.baseAddress, $0.count) } == 1000)
    try #require(stream.receive())
    var answered = 0
    while case .request? = stream.next({ $0.isEmpty ? .incomplete : .request((), byteCount: 1) }) {
      answered += 1
      try #require(stream.reply([UInt8](repeating: 1, count: 0x1_0000)))
    }
    #expect(answered > 0 && answered < 50, "64 KiB each, and at most a few are kept for a client")
    #expect(!stream.interest.contains(.readable) && stream.interest.contains(.writable))
    // As soon as it takes them, the next ones are answered.
    var buffer = [UInt8](repeating: 0, count: 0x1_0000)
    while fcntl(client, F_SETFL, O_NONBLOCK) == 0, read(client, &buffer, buffer.count) > 0 {
      #expect(stream.flush())
    }
    guard case .request? = stream.next({ $0.isEmpty ? .incomplete : .request((), byteCount: 1) }) else {
      Issue.record("no further request")
      return
    }
  }
}
