import Basics
import Glibc
import LinkInterface
import SimProbe
import Sockets
import TestSupport
import Testing

@testable import LinkServer

/// The stlink-server protocol, byte for byte as OpenOCD's client has it (stlink-protocol, section 19).
@Suite struct `A stlink-server` {
  private let device = FakeDevice()
  private let loop = EventLoop(interruption: Interruption())

  private func start(
    _ devices: [FakeDevice]? = nil, silenceLimit: Duration = NetworkServer.silenceLimit,
    events: @escaping (ServerEvent) -> Void = { _ in }
  ) throws -> NetworkServer {
    let served = (devices ?? [device]).map {
      ServedDevice($0, name: "board", hostClock: ManualClock(), computing: ManualClock())
    }
    let server = try NetworkServer(
      .stlinkServer, devices: served, port: 0, silenceLimit: silenceLimit, observer: events)
    loop.add(server)
    return server
  }

  private func connect(_ server: NetworkServer) throws -> TCPClient {
    try #require(TCPClient(port: server.port, loop: loop))
  }

  /// Opens the first device and returns its connect id.
  private func open(_ client: TCPClient) throws -> UInt32 {
    let record = client.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes)
    try #require(record.count == 45)
    let answer = client.exchange([3, 0, 0, 0] + Array(record[4..<8]))
    try #require(answer.count == 8 && answer[0] == 1)
    return answer.littleEndianWord(at: 4)
  }

  @Test func `tells its version without a status`() throws {
    let client = try connect(try start())
    let answer = client.exchange([6, 1, 0, 0])
    #expect(answer.count == 16)
    #expect(answer.littleEndianWord(at: 0) == 3, "below 3 OpenOCD gives up its merged register commands")
  }

  @Test func `lists its devices with a serial in digits`() throws {
    let raw: [UInt8] = [0x53, 0xFF, 0x6D, 0x06, 0x48, 0x82, 0x57, 0x51, 0x40, 0x27, 0x11, 0x87]
    let client = try connect(try start([FakeDevice(), FakeDevice(serial: raw)]))
    #expect(client.exchange([0, 0]) == [1, 0, 0, 0])
    #expect(client.exchange([1]) == [2, 0, 0, 0])
    let first = client.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes)
    let second = client.exchange([2, 1, 0, 0] + UInt32(41).littleEndianBytes)
    #expect(first.count == 45)
    #expect(Array(first[8..<32]) == Array("066CFF343339415043114433".utf8))
    #expect(Array(second[8..<32]) == Array("53FF6D064882575140271187".utf8))
    #expect(Array(first[40..<45]) == [0x83, 0x04, 0x4B, 0x37, 0])
    #expect(first[4..<8] != second[4..<8])
  }

  @Test func `answers for a device that is not there with as many bytes as are waited for`() throws {
    let client = try connect(try start())
    let answer = client.exchange([2, 9, 0, 0] + UInt32(41).littleEndianBytes)
    #expect(answer == [0x02, 0x10, 0, 0] + [UInt8](repeating: 0, count: 41))
    #expect(client.exchange([2, 0, 0, 0] + UInt32(75).littleEndianBytes) == [0x51, 0x10, 0, 0])
    #expect(client.exchange([3, 0, 0, 0, 1, 2, 3, 4]) == [0x02, 0x10, 0, 0, 0, 0, 0, 0])
  }

  @Test func `carries commands, data and replies`() throws {
    device.answers[0xF1] = [0x29, 0x47, 0x83, 0x04, 0x4B, 0x37]
    let client = try connect(try start())
    let id = try open(client)
    #expect(
      client.exchange(TCPClient.command([0xF1], connection: id, direction: 1, count: 6))
        == [1, 0, 0, 0, 0x29, 0x47, 0x83, 0x04, 0x4B, 0x37])
    let data: [UInt8] = [1, 2, 3, 4]
    let write = TCPClient.command([0xF2, 0x08], connection: id, direction: 0, count: 4, data: data)
    #expect(client.exchange(write) == [1, 0, 0, 0])
    #expect(device.received.last == data)
    #expect(device.received.allSatisfy { $0.count == 16 || $0 == data })
  }

  @Test func `acknowledges a command without a reply at once`() throws {
    let client = try connect(try start())
    let id = try open(client)
    let leave = TCPClient.command([0xF2, 0x21], connection: id, direction: 1, count: 0)
    #expect(client.exchange(leave) == [1, 0, 0, 0])
  }

  @Test func `fills up what a failing command does not answer`() throws {
    let client = try connect(try start())
    let id = try open(client)
    let read = TCPClient.command([0xF2, 0x31], connection: id, direction: 1, count: 12)
    let zeros = [UInt8](repeating: 0, count: 12)
    #expect(client.exchange(read) == [0x01, 0x10, 0, 0] + zeros, "nothing came: timeout")
    device.answers[0xF2] = [0x80, 0]
    #expect(client.exchange(read) == [0x52, 0x10, 0, 0, 0x80] + zeros.dropFirst(), "too little came: truncated")
    device.answers[0xF2] = [UInt8](repeating: 7, count: 64)
    #expect(client.exchange(read) == [0x04, 0x10, 0, 0] + zeros, "too much came: transfer error")
    device.replies = []
    device.isPlugged = false
    #expect(client.exchange(read) == [0x04, 0x10, 0, 0] + zeros, "unplugged: transfer error")
  }

  @Test
  func `what was opened of a device that was unplugged is gone, and the device is in the list again when it is back`()
    throws
  {
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    let client = try connect(try start())
    let id = try open(client)
    let version = TCPClient.command([0xF1], connection: id, direction: 1, count: 6)
    #expect(client.exchange(version) == [1, 0, 0, 0, 1, 2, 3, 4, 5, 6])
    let before = client.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes)
    device.isPlugged = false
    #expect(client.exchange([1]) == [0, 0, 0, 0])
    (device.isPlugged, device.plugCount) = (true, 2)
    #expect(client.exchange([1]) == [1, 0, 0, 0])
    #expect(client.exchange(version) == [0x04, 0x10, 0, 0] + [UInt8](repeating: 0, count: 6))
    #expect(client.exchange([3, 0, 0, 0] + Array(before[4..<8]))[0] == 0x02, "the id of before means nothing")
    #expect(client.exchange([4, 0, 0, 0] + id.littleEndianBytes) == [1, 0, 0, 0])
    let anew = try open(client)
    #expect(
      client.exchange(TCPClient.command([0xF1], connection: anew, direction: 1, count: 6))
        == [1, 0, 0, 0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `clears a stall that the client cannot clear itself`() throws {
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    device.halted = [FakeDevice.output]
    let client = try connect(try start())
    let id = try open(client)
    let version = TCPClient.command([0xF1], connection: id, direction: 1, count: 6)
    #expect(client.exchange(version) == [0x04, 0x10, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(client.exchange(version) == [1, 0, 0, 0, 1, 2, 3, 4, 5, 6])
  }

  @Test func `lets one client have a probe and tells the other that it is busy`() throws {
    var events: [ServerEvent] = []
    let server = try start(events: { events.append($0) })
    let first = try connect(server)
    let second = try connect(server)
    let id = try open(first)
    let record = second.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes)
    #expect(record.last == 1, "the list shows it as used")
    #expect(first.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes).last == 0, "but not to its owner")
    let open = [3, 0, 0, 0] + Array(record[4..<8])
    #expect(second.exchange(open) == [0x04, 0x20, 0, 0, 0, 0, 0, 0])
    #expect(events.contains(.refused(client: 2, device: "board")))
    #expect(first.exchange([4, 0, 0, 0] + id.littleEndianBytes) == [1, 0, 0, 0])
    #expect(second.exchange(open).first == 1)
  }

  @Test func `takes a probe from a client that has long been silent, for another one that wants it`() throws {
    var events: [ServerEvent] = []
    let server = try start(silenceLimit: .zero, events: { events.append($0) })
    let first = try connect(server)
    _ = try open(first)
    let second = try connect(server)
    _ = try open(second)
    #expect(first.isClosed)
    #expect(events.contains(.dropped(client: 1, device: "board")))
    #expect(events.contains { if case .disconnected(1, _) = $0 { true } else { false } })
    #expect(!events.contains(.refused(client: 2, device: "board")))
    // Its end does not take the probe from its new owner.
    #expect(second.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes).last == 0)
  }

  @Test func `lets clients that have long been silent go when all places are taken`() throws {
    let server = try start(silenceLimit: .zero)
    let clients = try (0..<20).map { _ in try connect(server) }
    #expect(clients[0].isClosed)
    #expect(clients[19].exchange([1]) == [1, 0, 0, 0])
  }

  @Test func `tells every client that a probe is busy which a program beside it has claimed`() throws {
    var events: [ServerEvent] = []
    let client = try connect(try start(events: { events.append($0) }))
    device.isClaimedElsewhere = true
    let record = client.exchange([2, 0, 0, 0] + UInt32(41).littleEndianBytes)
    #expect(record.last == 1, "the list shows it as used")
    #expect(client.exchange([3, 0, 0, 0] + Array(record[4..<8])) == [0x04, 0x20, 0, 0, 0, 0, 0, 0])
    #expect(events.contains(.refused(client: 1, device: "board")))
  }

  @Test func `frees the probe when its client dies`() throws {
    var events: [ServerEvent] = []
    let server = try start(events: { events.append($0) })
    do {
      let first = try connect(server)
      let id = try open(first)
      _ = first.exchange(TCPClient.command([0xF1], connection: id, direction: 1, count: 0))
      // Half a request is left behind too.
      _ = first.exchange([5, 0, 0])
    }
    let second = try connect(server)
    loop.turn(atMost: TCPClient.patience)
    _ = try open(second)
    #expect(events.contains(.disconnected(client: 1, commands: 1)))
  }

  @Test func `knows a connection only to the client that opened it`() throws {
    let server = try start()
    let first = try connect(server)
    let id = try open(first)
    let second = try connect(server)
    let stolen = TCPClient.command([0xF1], connection: id, direction: 1, count: 2)
    #expect(second.exchange(stolen) == [0x02, 0x10, 0, 0, 0, 0])
    #expect(second.exchange([4, 0, 0, 0] + id.littleEndianBytes) == [0x02, 0x10, 0, 0])
    #expect(device.received.isEmpty)
  }

  @Test(
    arguments: [
      [0x07], [0xFF, 0xFF], TCPClient.command([0xF1], connection: 1, direction: 2, count: 0),
      TCPClient.command([0xF1], connection: 1, direction: 0, count: 0x7FFF_FFFF),
    ] as [[UInt8]])
  func `hangs up on what is no request, and serves others`(request: [UInt8]) throws {
    let server = try start()
    let bad = try connect(server)
    #expect(bad.exchange(request).count == 4, "a status comes first")
    #expect(bad.isClosed)
    #expect(try connect(server).exchange([1]) == [1, 0, 0, 0])
  }

  @Test func `takes requests in any pieces and many at once`() throws {
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    let client = try connect(try start())
    let id = try open(client)
    let version = TCPClient.command([0xF1], connection: id, direction: 1, count: 6)
    var received: [UInt8] = []
    for byte in version { received += client.exchange([byte]) }
    #expect(received == [1, 0, 0, 0, 1, 2, 3, 4, 5, 6])
    let flood = Array(repeating: version, count: 100).flatMap { $0 }
    #expect(client.exchange(flood).count == 1_000)
  }

  @Test func `survives a client that floods and never reads`() throws {
    let server = try start()
    let flooder = try connect(server)
    let flood = [UInt8](repeating: 1, count: 65_536)
    for _ in 0..<200 {
      _ = flooder.socket.send(flood[...])
      loop.turn(atMost: TCPClient.patience)
    }
    #expect(try connect(server).exchange([1]) == [1, 0, 0, 0])
  }

  @Test func `turns away clients beyond its limit`() throws {
    var turnedAway = 0
    let server = try start(events: { if $0 == .turnedAway { turnedAway += 1 } })
    let clients = try (0..<18).map { _ in try connect(server) }
    #expect(turnedAway == 2)
    #expect(clients[17].isClosed)
    #expect(clients[0].exchange([1]) == [1, 0, 0, 0])
  }

  @Test func `never falls over bytes of chance`() throws {
    let seed: UInt64 = 0x5EED_0004
    var random = SeededGenerator(seed: seed)
    let server = try start()
    for _ in 0..<100 {
      let client = try connect(server)
      let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
        UInt8.random(in: 0...8, using: &random)
      }
      _ = client.exchange(bytes)
    }
    #expect(try connect(server).exchange([1]) == [1, 0, 0, 0], "seed \(seed)")
  }

  @Test func `says which port it cannot have`() throws {
    let server = try start()
    #expect(throws: ServerError("listen on 127.0.0.1:\(server.port)", number: EADDRINUSE)) {
      try NetworkServer(.stlinkServer, devices: [], port: server.port)
    }
    #expect(throws: ServerError.self) { try NetworkServer(.stlinkServer, devices: [], address: "localhost.", port: 0) }
  }

  @Test func `stops when it is asked to`() throws {
    let interruption = Interruption()
    let loop = EventLoop(interruption: interruption)
    loop.add(try NetworkServer(.stlinkServer, devices: [], port: 0))
    var turns = 0
    loop.run {
      turns += 1
      if turns == 2 { interruption.request() }
      return turns == 5
    }
    #expect(turns == 2)
  }
}
