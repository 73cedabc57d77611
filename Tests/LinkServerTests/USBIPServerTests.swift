import Failures
import LinkInterface
import SimProbe
import Sockets
import TestSupport
import Testing

@testable import LinkServer

/// USB over IP as Linux's kernel and its usbip program speak it (Documentation/usb/usbip_protocol.rst), written down
/// here a second time.
@Suite struct `A USB/IP server` {
  private let device = FakeDevice()
  private let loop = EventLoop(interruption: Interruption())

  private func start(
    _ devices: [FakeDevice]? = nil, silenceLimit: Duration = NetworkServer.silenceLimit,
    events: @escaping (ServerEvent) -> Void = { _ in }
  ) throws -> NetworkServer {
    let served = (devices ?? [device]).map {
      ServedDevice($0, name: "board", hostClock: ManualClock(), computing: ManualClock())
    }
    let server = try NetworkServer(.usbip, devices: served, port: 0, silenceLimit: silenceLimit, observer: events)
    loop.add(server)
    return server
  }

  private func connect(_ server: NetworkServer) throws -> TCPClient {
    try #require(TCPClient(port: server.port, loop: loop))
  }

  /// A client that has imported the first device.
  private func attach(_ server: NetworkServer) throws -> TCPClient {
    let client = try connect(server)
    let answer = client.exchange(Frame.importing("1-1"))
    try #require(answer.count == 320)
    return client
  }

  @Test func `lists its devices with their interfaces`() throws {
    let client = try connect(try start([FakeDevice(), FakeDevice()]))
    let list = client.exchange([0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0])
    #expect(list.count == 12 + 2 * (312 + 4))
    #expect(Array(list[0..<12]) == [0x01, 0x11, 0x00, 0x05, 0, 0, 0, 0, 0, 0, 0, 2])
    let second = Array(list[(12 + 316)...])
    #expect(Array(second[256..<260]) == Array("1-2\0".utf8))
    #expect(Array(second[288..<300]) == [0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 2], "bus, address, full speed")
    #expect(Array(second[300..<306]) == [0x04, 0x83, 0x37, 0x4B, 0x01, 0x00])
    #expect(Array(second[306..<312]) == [0, 0, 0, 1, 1, 1], "class, configuration, one of each")
    #expect(Array(second[312..<316]) == [255, 255, 255, 0])
    #expect(client.isClosed)
  }

  @Test func `gives a device to one client and tells the other that it is busy`() throws {
    var events: [ServerEvent] = []
    let server = try start(events: { events.append($0) })
    do {
      let first = try attach(server)
      let second = try connect(server)
      #expect(second.exchange(Frame.importing("1-1")) == [0x01, 0x11, 0x00, 0x03, 0, 0, 0, 2])
      #expect(second.isClosed)
      #expect(events.contains(.refused(client: 2, device: "board")))
      #expect(first.exchange(Frame.submit(1, isInput: true, 0, 4, setup: [0x80, 6, 0, 3, 9, 4, 4, 0])).count == 52)
    }
    loop.turn(atMost: TCPClient.patience)
    loop.turn(atMost: TCPClient.patience)
    _ = try attach(server)
  }

  @Test func `takes a device from a client that has long been silent, for another one that wants it`() throws {
    var events: [ServerEvent] = []
    let server = try start(silenceLimit: .zero, events: { events.append($0) })
    let first = try attach(server)
    let second = try attach(server)
    #expect(first.isClosed)
    #expect(events.contains(.dropped(client: 1, device: "board")))
    #expect(second.exchange(Frame.submit(1, isInput: true, 0, 4, setup: [0x80, 6, 0, 3, 9, 4, 4, 0])).count == 52)
  }

  @Test func `tells a client that a device is busy which a program beside it has claimed`() throws {
    device.isClaimedElsewhere = true
    let client = try connect(try start())
    #expect(client.exchange(Frame.importing("1-1")) == [0x01, 0x11, 0x00, 0x03, 0, 0, 0, 2])
    #expect(client.isClosed)
  }

  @Test func `a device that a kernel has from the start has not left it`() throws {
    let (own, kernels) = try Socket.pair()
    let served = ServedDevice(device, name: "board", hostClock: ManualClock(), computing: ManualClock())
    let conversation = USBIPConversation(ClientStream(own), client: 1, imported: served)
    #expect(!conversation.hasLeft && !conversation.isWaiting)
    device.plugCount = 2
    #expect(conversation.hasLeft)
    _ = kernels
  }

  @Test func `knows no other devices`() throws {
    let server = try start()
    for name in ["1-2", "", String(repeating: "x", count: 32)] {
      let client = try connect(server)
      #expect(client.exchange(Frame.importing(name)) == [0x01, 0x11, 0x00, 0x03, 0, 0, 0, 4])
      #expect(client.isClosed)
    }
    device.isPlugged = false
    #expect(try connect(server).exchange(Frame.importing("1-1")) == [0x01, 0x11, 0x00, 0x03, 0, 0, 0, 3])
    #expect(try connect(server).exchange([0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0]).count == 12)
  }

  @Test func `carries control transfers`() throws {
    let client = try attach(try start())
    let languages = client.exchange(Frame.submit(7, isInput: true, 0, 255, setup: [0x80, 6, 0, 3, 9, 4, 255, 0]))
    #expect(languages == Frame.submitted(7, status: 0, count: 4) + [4, 3, 9, 4])
    let unknown = client.exchange(Frame.submit(8, isInput: true, 0, 2, setup: [0xC0, 0x7F, 0, 0, 0, 0, 2, 0]))
    #expect(unknown == Frame.submitted(8, status: -32, count: 0))
    let configuration = client.exchange(Frame.submit(9, isInput: false, 0, 0, setup: [0, 9, 1, 0, 0, 0, 0, 0]))
    #expect(configuration == Frame.submitted(9, status: 0, count: 0))
  }

  @Test func `carries a command and the reply that waited for it`() throws {
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    let client = try attach(try start())
    #expect(client.exchange(Frame.submit(1, isInput: true, 1, 64)) == [], "there is nothing yet")
    let command: [UInt8] = [0xF1] + [UInt8](repeating: 0, count: 15)
    let answers = client.exchange(Frame.submit(2, isInput: false, 1, 16) + command)
    #expect(
      answers == Frame.submitted(2, status: 0, count: 16) + Frame.submitted(1, status: 0, count: 6) + [
        1, 2, 3, 4, 5, 6,
      ])
    #expect(device.received == [command])
  }

  @Test func `ends a transfer before its time and keeps the reply for the next one`() throws {
    let client = try attach(try start())
    #expect(client.exchange(Frame.submit(1, isInput: true, 1, 64)) == [])
    #expect(client.exchange(Frame.unlink(2, transfer: 1)) == Frame.unlinked(2, status: -104))
    #expect(client.exchange(Frame.unlink(3, transfer: 1)) == Frame.unlinked(3, status: 0), "there is none any more")
    device.replies = [[9]]
    #expect(client.exchange(Frame.submit(4, isInput: true, 1, 64)) == Frame.submitted(4, status: 0, count: 1) + [9])
  }

  @Test func `reports stalls, and more data than there is room for`() throws {
    let client = try attach(try start())
    device.halted = [FakeDevice.input]
    #expect(client.exchange(Frame.submit(1, isInput: true, 1, 64)) == Frame.submitted(1, status: -32, count: 0))
    #expect(
      client.exchange(Frame.submit(2, isInput: false, 0, 0, setup: [2, 1, 0, 0, 0x81, 0, 0, 0]))
        == Frame.submitted(2, status: 0, count: 0))
    device.replies = [[1, 2, 3]]
    #expect(client.exchange(Frame.submit(3, isInput: true, 1, 2)) == Frame.submitted(3, status: -75, count: 0))
    #expect(client.exchange(Frame.submit(4, isInput: true, 5, 2)) == Frame.submitted(4, status: -71, count: 0))
  }

  @Test func `tells of a device that is unplugged in mid-transfer, and hangs up`() throws {
    let client = try attach(try start())
    #expect(client.exchange(Frame.submit(1, isInput: true, 1, 64)) == [])
    device.isPlugged = false
    #expect(client.collect() == Frame.submitted(1, status: -108, count: 0))
    #expect(client.isClosed)
  }

  @Test func `frees the device of a client that dies in mid-message`() throws {
    let server = try start()
    do {
      let client = try attach(server)
      _ = client.exchange(Frame.submit(1, isInput: true, 1, 64) + Frame.submit(2, isInput: false, 1, 5_000) + [1])
    }
    loop.turn(atMost: TCPClient.patience)
    loop.turn(atMost: TCPClient.patience)
    let next = try attach(server)
    device.replies = [[9]]
    #expect(next.exchange(Frame.submit(1, isInput: true, 1, 64)) == Frame.submitted(1, status: 0, count: 1) + [9])
  }

  @Test(
    arguments: [
      [0x01, 0x06, 0x80, 0x05, 0, 0, 0, 0], [0x01, 0x11, 0x00, 0x05, 0, 0, 0, 0], [0x01, 0x11, 0x80, 0x04, 0, 0, 0, 0],
    ] as [[UInt8]])
  func `hangs up on what is no operation`(request: [UInt8]) throws {
    let server = try start()
    let client = try connect(server)
    #expect(client.exchange(request) == [])
    #expect(client.isClosed)
    _ = try attach(server)
  }

  @Test(
    arguments: [
      Frame.submit(1, isInput: true, 1, 0x7FFF_FFFF), Frame.submit(1, isInput: true, 16, 1),
      Frame.submitted(1, status: 0, count: 0), [UInt8](repeating: 0xFF, count: 48),
    ])
  func `hangs up on what is no message, and frees the device`(message: [UInt8]) throws {
    let server = try start()
    let client = try attach(server)
    #expect(client.exchange(message) == [])
    #expect(client.isClosed)
    loop.turn(atMost: TCPClient.patience)
    _ = try attach(server)
  }

  @Test func `takes messages in any pieces and many at once`() throws {
    let client = try attach(try start())
    let message = Frame.submit(1, isInput: true, 0, 4, setup: [0x80, 6, 0, 3, 9, 4, 4, 0])
    var received: [UInt8] = []
    for byte in message { received += client.exchange([byte]) }
    #expect(received.count == 52)
    #expect(client.exchange(Array(repeating: message, count: 100).flatMap { $0 }).count == 5_200)
  }

  @Test func `hangs up on a client with more transfers under way than any kernel has`() throws {
    let server = try start()
    let client = try attach(server)
    for number in 1...1_100 {
      _ = client.socket.sendAll(Frame.submit(UInt32(number), isInput: true, 1, 64), within: .zero)
    }
    for _ in 0..<4 { loop.turn(atMost: TCPClient.patience) }
    #expect(client.isClosed)
    _ = try attach(server)
  }

  @Test func `never falls over bytes of chance`() throws {
    let seed: UInt64 = 0x5EED_0007
    var random = SeededGenerator(seed: seed)
    let server = try start()
    for _ in 0..<60 {
      let client = try connect(server)
      _ = client.exchange(Frame.importing("1-1"))
      var message = Frame.submit(1, isInput: Bool.random(using: &random), 1, UInt32.random(in: 0...80, using: &random))
      for _ in 0..<3 {
        message[Int.random(in: 0..<48, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = client.exchange(message + message)
    }
    loop.turn(atMost: TCPClient.patience)
    _ = try attach(server)
    #expect(device.isPlugged, "seed \(seed)")
  }
}

/// Messages of the protocol.
private enum Frame {
  static func importing(_ name: String) -> [UInt8] {
    let text = Array(name.utf8)
    return [0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0] + text + [UInt8](repeating: 0, count: 32 - text.count)
  }

  static func submit(
    _ sequence: UInt32, isInput: Bool, _ endpoint: UInt32, _ length: UInt32,
    setup: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
  ) -> [UInt8] {
    words([1, sequence, 0x1_0002, isInput ? 1 : 0, endpoint, 0, length, 0, 0xFFFF_FFFF, 0]) + setup
  }

  static func unlink(_ sequence: UInt32, transfer: UInt32) -> [UInt8] {
    words([2, sequence, 0x1_0002, 0, 0, transfer, 0, 0, 0, 0, 0, 0])
  }

  static func submitted(_ sequence: UInt32, status: Int32, count: UInt32) -> [UInt8] {
    words([3, sequence, 0, 0, 0, UInt32(bitPattern: status), count, 0, 0, 0, 0, 0])
  }

  static func unlinked(_ sequence: UInt32, status: Int32) -> [UInt8] {
    words([4, sequence, 0, 0, 0, UInt32(bitPattern: status), 0, 0, 0, 0, 0, 0])
  }

  private static func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }
}

@Suite struct `Linux's virtual host controller` {
  @Test func `shows its free ports`() {
    let status = """
      hub port sta spd dev      sockfd local_busid
      hs  0000 006 002 00010002 000003 1-1
      hs  0001 004 000 00000000 000000 0-0
      ss  0008 004 000 00000000 000000 0-0
      """
    #expect(VirtualHostController.freePort(in: status) == 1)
    #expect(VirtualHostController.freePort(in: "hub port sta\nss  0008 004 0 0 0 0-0\n") == nil)
    #expect(VirtualHostController.freePort(in: "") == nil)
  }

  @Test func `says what to do where the kernel has none`() {
    #expect {
      try VirtualHostController(folder: "/nonexistent")
    } throws: { error in
      let error = error as? ServerError
      return error?.text.contains("vhci-hcd") == true && error?.remedies.first?.text.contains("modprobe") == true
    }
  }

  @Test func `is told socket, place and speed of an attached device`() throws {
    let tree = try FileTree(longestName: 0)
    try tree.write("vhci/status", line: "hub port sta spd dev sockfd local_busid\nhs  0000 004 000 00000000 000000 0-0")
    try tree.write("vhci/attach", [])
    let controller = try VirtualHostController(folder: "\(tree.root)/vhci")
    #expect(try controller.freePort() == 0)
    try controller.attach(17, to: 0, deviceID: 0x1_0002, speed: 2)
    #expect(try SystemFile.read("\(tree.root)/vhci/attach") == "0 17 65538 2")
  }

  @Test func `says so where all its ports are taken`() throws {
    let tree = try FileTree(longestName: 0)
    try tree.write("vhci/status", line: "hub port sta spd dev sockfd local_busid\nhs  0000 006 002 00010002 000003 1-1")
    let controller = try VirtualHostController(folder: "\(tree.root)/vhci")
    #expect {
      try controller.freePort()
    } throws: { error in
      (error as? ServerError)?.text == "all ports of vhci-hcd are taken"
    }
  }
}
