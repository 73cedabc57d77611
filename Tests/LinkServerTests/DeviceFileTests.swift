import Basics
import LinkInterface
import SimProbe
import Testing

@testable import LinkServer

/// The memory of a program that calls ioctl(2), as a sparse set of bytes.
final class FakeMemory: ClientMemory {
  private var bytes: [UInt64: UInt8] = [:]
  /// Whether the program has died.
  var isGone = false

  func read(_ byteCount: Int, at address: UInt64) throws(ClientGone) -> [UInt8] {
    guard !isGone else { throw ClientGone() }
    return (0..<UInt64(byteCount)).map { bytes[address + $0] ?? 0 }
  }

  func write(_ content: [UInt8], at address: UInt64) throws(ClientGone) {
    guard !isGone else { throw ClientGone() }
    for (index, byte) in content.enumerated() { bytes[address + UInt64(index)] = byte }
  }
}

/// The numbers of linux/usbdevice_fs.h, as a program computes them.
private enum Code {
  static let control: UInt64 = 0xC018_5500
  static let bulk: UInt64 = 0xC018_5502
  static let setInterface: UInt64 = 0x8008_5504
  static let setConfiguration: UInt64 = 0x8004_5505
  static let getDriver: UInt64 = 0x4104_5508
  static let submit: UInt64 = 0x8038_550A
  static let discard: UInt64 = 0x550B
  static let reap: UInt64 = 0x4008_550C
  static let reapIfReady: UInt64 = 0x4008_550D
  static let claim: UInt64 = 0x8004_550F
  static let release: UInt64 = 0x8004_5510
  static let connectInformation: UInt64 = 0x4008_5511
  static let driverRequest: UInt64 = 0xC010_5512
  static let reset: UInt64 = 0x5514
  static let clearHalt: UInt64 = 0x8004_5515
  static let capabilities: UInt64 = 0x8004_551A
  static let disconnectAndClaim: UInt64 = 0x8108_551B
  static let getSpeed: UInt64 = 0x551F
}

/// One program with its memory and one open device file.
private struct Program {
  let memory = FakeMemory()
  let file: DeviceFile
  private static let word: UInt64 = 0x1000

  init(_ node: DeviceNode) {
    file = node.open()
  }

  func call(_ code: UInt64, _ argument: UInt64 = 0) throws -> DeviceFile.Outcome {
    try file.perform(code, argument: argument, memory: memory)
  }

  /// A request whose argument points to words.
  func call(_ code: UInt64, words: [UInt32]) throws -> DeviceFile.Outcome {
    try memory.write(words.flatMap(\.littleEndianBytes), at: Program.word)
    return try call(code, Program.word)
  }

  /// Submits a transfer whose block is at `address` and whose buffer 0x100 behind it.
  func submit(
    _ address: UInt64, kind: UInt8 = 3, endpoint: UInt8, data: [UInt8] = [], length: Int32? = nil
  ) throws -> DeviceFile.Outcome {
    let buffer = address + 0x100
    let block: [UInt8] =
      [kind, endpoint, 0, 0, 0xAA, 0xAA, 0xAA, 0xAA] + [UInt8](repeating: 0, count: 8) + buffer.littleEndianBytes
      + (length ?? Int32(data.count)).littleEndianBytes + [UInt8](repeating: 0, count: 28)
    try memory.write(block, at: address)
    try memory.write(data, at: buffer)
    return try call(Code.submit, address)
  }

  /// Reaps without waiting: the address of the finished block, or the error.
  func reap() throws -> Result<UInt64, LinuxError> {
    switch try call(Code.reapIfReady, 0x2000) {
    case .done:
      let bytes = try memory.read(8, at: 0x2000)
      return .success(UInt64(bytes.littleEndianWord(at: 0)) | UInt64(bytes.littleEndianWord(at: 4)) << 32)
    case .failed(let error): return .failure(error)
    case .reaping: return .failure(.again)
    }
  }

  func status(_ address: UInt64) throws -> Int32 {
    Int32(bitPattern: try memory.readWord(at: address + 4))
  }

  func actualLength(_ address: UInt64) throws -> Int {
    Int(try memory.readWord(at: address + 28))
  }

  func buffer(_ address: UInt64, _ count: Int) throws -> [UInt8] {
    try memory.read(count, at: address + 0x100)
  }
}

@Suite struct `A device file of the virtual USB file system` {
  private let device = FakeDevice()
  private let node: DeviceNode
  private let program: Program
  private static let command: [UInt8] = [0xF1] + [UInt8](repeating: 0, count: 15)

  init() {
    let served = ServedDevice(device, name: "board", hostClock: ManualClock(), computing: ManualClock())
    node = DeviceNode(served, location: USBLocation(bus: 1, address: 2, ports: [1]))
    program = Program(node)
  }

  @Test func `advertises what it can`() throws {
    #expect(try program.call(Code.capabilities, 0x1000) == .done(0))
    #expect(try program.memory.readWord(at: 0x1000) == 0x1D)
    #expect(try program.call(Code.getSpeed) == .done(2))
    #expect(try program.call(Code.connectInformation, 0x1000) == .done(0))
    #expect(try program.memory.readWord(at: 0x1000) == 2)
  }

  @Test func `carries a command and its reply`() throws {
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    #expect(try program.call(Code.claim, words: [0]) == .done(0))
    #expect(try program.submit(0x10_0000, endpoint: 0x81, length: 6) == .done(0), "the IN transfer may come first")
    #expect(try program.reap() == .failure(.again))
    #expect(try program.submit(0x20_0000, endpoint: 0x01, data: Self.command) == .done(0))
    #expect(try program.reap() == .success(0x20_0000))
    #expect(try program.status(0x20_0000) == 0)
    #expect(try program.actualLength(0x20_0000) == 16)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == 0)
    #expect(try program.actualLength(0x10_0000) == 6)
    #expect(try program.buffer(0x10_0000, 6) == [1, 2, 3, 4, 5, 6])
    #expect(try program.reap() == .failure(.again))
    #expect(device.received == [Self.command])
  }

  @Test func `reports fewer bytes than asked for`() throws {
    device.replies = [[9, 9]]
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 64)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == 0)
    #expect(try program.actualLength(0x10_0000) == 2)
  }

  @Test func `waits only while a transfer is under way`() throws {
    #expect(try program.call(Code.reapIfReady, 0x2000) == .failed(.again))
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 6)
    #expect(try program.call(Code.reapIfReady, 0x2000) == .reaping(address: 0x2000, mayFail: true))
    #expect(try program.call(Code.reap, 0x2000) == .reaping(address: 0x2000, mayFail: false))
  }

  @Test func `keeps the order of an endpoint's transfers while the device takes nothing`() throws {
    device.isHung = true
    for address in [0x10_0000, 0x20_0000] as [UInt64] {
      #expect(try program.submit(address, endpoint: 0x01, data: [UInt8(address >> 16)]) == .done(0))
    }
    #expect(try program.reap() == .failure(.again))
    device.isHung = false
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.reap() == .success(0x20_0000))
    #expect(device.received == [[0x10], [0x20]])
  }

  @Test func `discards a transfer under way without losing the reply after it`() throws {
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 6)
    #expect(try program.call(Code.discard, 0x10_0000) == .done(0))
    #expect(device.withdrawals == [FakeDevice.input])
    #expect(try program.call(Code.discard, 0x10_0000) == .failed(.invalid), "it is finished already")
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == -2)
    device.answers[0xF1] = [1, 2, 3, 4, 5, 6]
    _ = try program.submit(0x20_0000, endpoint: 0x01, data: Self.command)
    _ = try program.submit(0x30_0000, endpoint: 0x81, length: 6)
    #expect(try program.reap() == .success(0x20_0000))
    #expect(try program.reap() == .success(0x30_0000))
    #expect(try program.actualLength(0x30_0000) == 6)
  }

  @Test func `reports a stall, and goes on when it is cleared`() throws {
    device.halted = [FakeDevice.input]
    device.replies = [[7]]
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 1)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == -32)
    #expect(try program.call(Code.clearHalt, words: [0x81]) == .done(0))
    _ = try program.submit(0x20_0000, endpoint: 0x81, length: 1)
    #expect(try program.reap() == .success(0x20_0000))
    #expect(try program.status(0x20_0000) == 0)
  }

  @Test func `reports a device that sends too much`() throws {
    device.replies = [[1, 2]]
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 1)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == -75)
  }

  @Test func `carries control transfers, submitted or at once`() throws {
    let setup: [UInt8] = [0x80, 6, 0, 3, 9, 4, 255, 0]
    _ = try program.submit(0x10_0000, kind: 2, endpoint: 0, data: setup, length: 8 + 255)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.actualLength(0x10_0000) == 4)
    #expect(try program.buffer(0x10_0000, 12) == setup + [4, 3, 9, 4])

    let short = Array(setup.dropLast(2)) + [2, 0] + [UInt8](repeating: 0, count: 8) + UInt64(0x5000).littleEndianBytes
    try program.memory.write(short, at: 0x4000)
    #expect(try program.call(Code.control, 0x4000) == .done(2))
    #expect(try program.memory.read(4, at: 0x5000) == [4, 3, 0, 0])

    try program.memory.write([0xC0, 0x7F], at: 0x4000)
    #expect(try program.call(Code.control, 0x4000) == .failed(.brokenPipe))
  }

  @Test func `carries bulk transfers at once`() throws {
    device.answers[0xF1] = [1, 2, 3]
    try program.memory.write(Self.command, at: 0x5000)
    func fields(_ endpoint: UInt32, _ length: UInt32) -> [UInt8] {
      [endpoint, length, 1_000, 0].flatMap(\.littleEndianBytes) + UInt64(0x5000).littleEndianBytes
    }
    try program.memory.write(fields(0x01, 16), at: 0x4000)
    #expect(try program.call(Code.bulk, 0x4000) == .done(16))
    try program.memory.write(fields(0x81, 64), at: 0x4000)
    #expect(try program.call(Code.bulk, 0x4000) == .done(3))
    #expect(try program.memory.read(3, at: 0x5000) == [1, 2, 3])
    #expect(try program.call(Code.bulk, 0x4000) == .failed(.timedOut), "there is nothing more")
    try program.memory.write(fields(0x8F, 64), at: 0x4000)
    #expect(try program.call(Code.bulk, 0x4000) == .failed(.noEntry))
  }

  @Test func `lets nobody have an interface that a program beside it has claimed`() throws {
    device.isClaimedElsewhere = true
    #expect(try program.call(Code.claim, words: [0]) == .failed(.busy))
    #expect(try program.submit(0x10_0000, endpoint: 0x81, length: 1) == .failed(.busy))
    device.isClaimedElsewhere = false
    #expect(try program.call(Code.claim, words: [0]) == .done(0))
  }

  @Test func `lets one program have an interface`() throws {
    let other = Program(node)
    #expect(try program.call(Code.getDriver, words: [0]) == .failed(.noData))
    #expect(try program.call(Code.disconnectAndClaim, words: [0, 0]) == .done(0))
    #expect(try program.call(Code.claim, words: [0]) == .done(0), "again is fine for its owner")
    #expect(try other.call(Code.claim, words: [0]) == .failed(.busy))
    #expect(try other.call(Code.disconnectAndClaim, words: [0, 0]) == .failed(.busy))
    #expect(try other.submit(0x10_0000, endpoint: 0x81, length: 1) == .failed(.busy), "submitting claims too")
    #expect(try other.call(Code.release, words: [0]) == .failed(.invalid))
    #expect(try other.call(Code.getDriver, words: [0]) == .done(0))
    #expect(try other.memory.read(6, at: 0x1004) == Array("usbfs\0".utf8))
    #expect(try program.call(Code.release, words: [0]) == .done(0))
    #expect(try other.call(Code.claim, words: [0]) == .done(0))
  }

  @Test func `frees what a dead program held`() throws {
    _ = try program.call(Code.claim, words: [0])
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 1)
    program.file.close()
    let other = Program(node)
    #expect(try other.call(Code.claim, words: [0]) == .done(0))
    device.replies = [[1]]
    _ = try other.submit(0x10_0000, endpoint: 0x81, length: 1)
    #expect(try other.reap() == .success(0x10_0000), "the dead program's transfer does not take the reply")
  }

  @Test func `answers wrong requests as the kernel does`() throws {
    #expect(try program.call(Code.claim, words: [9]) == .failed(.noEntry))
    #expect(try program.call(Code.disconnectAndClaim, words: [9, 0]) == .failed(.invalid))
    #expect(try program.call(Code.release, words: [9]) == .failed(.noEntry))
    #expect(try program.call(Code.setInterface, words: [0, 1]) == .failed(.invalid))
    #expect(try program.call(Code.setInterface, words: [0, 0]) == .done(0))
    #expect(try program.call(Code.setConfiguration, words: [2]) == .failed(.invalid))
    #expect(try program.call(Code.setConfiguration, words: [1]) == .failed(.busy), "an interface is claimed")
    #expect(try program.call(Code.release, words: [0]) == .done(0))
    #expect(try program.call(Code.setConfiguration, words: [1]) == .done(0))
    #expect(try program.call(Code.clearHalt, words: [0x8F]) == .failed(.noEntry))
    #expect(try program.call(Code.getDriver, words: [9]) == .failed(.invalid))
    #expect(try program.call(Code.driverRequest, words: [0, 0x5516]) == .failed(.noData))
    #expect(try program.call(Code.discard, 0x10_0000) == .failed(.invalid))
    #expect(try program.submit(0x10_0000, kind: 1, endpoint: 0x81, length: 1) == .failed(.invalid))
    #expect(try program.submit(0x10_0000, endpoint: 0x81, length: -1) == .failed(.invalid))
    #expect(try program.submit(0x10_0000, endpoint: 0x8F, length: 1) == .failed(.noEntry))
    #expect(try program.submit(0x10_0000, kind: 2, endpoint: 0, data: [0x80, 6]) == .failed(.invalid))
    #expect(try program.call(0x5413) == .failed(.notThisRequest), "TIOCGWINSZ, which some programs try on any file")
    #expect(try program.call(0x5563) == .failed(.notThisRequest))
  }

  @Test func `takes claims and transfers away on a reset, as the kernel does`() throws {
    _ = try program.call(Code.claim, words: [0])
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 1)
    #expect(try program.call(Code.reset) == .done(0))
    #expect(device.resetCount == 1)
    #expect(try program.reap() == .success(0x10_0000))
    #expect(try program.status(0x10_0000) == -2)
    #expect(try Program(node).call(Code.claim, words: [0]) == .done(0))
  }

  @Test func `tells that the device was unplugged`() throws {
    _ = try program.submit(0x10_0000, endpoint: 0x81, length: 1)
    device.isPlugged = false
    #expect(try program.reap() == .success(0x10_0000), "what is finished can still be reaped")
    #expect(try program.status(0x10_0000) == -108)
    #expect(try program.reap() == .failure(.noDevice))
    #expect(try program.call(Code.claim, words: [0]) == .failed(.noDevice))
    #expect(try program.submit(0x10_0000, endpoint: 0x81, length: 1) == .failed(.noDevice))
  }

  @Test func `stays gone for those who had it open, and comes back at another address`() throws {
    let slot = try #require(BusSlot.plug([node.served]).first)
    var addresses = BusAddresses(after: 1)
    let old = Program(slot.node)
    _ = try old.submit(0x10_0000, endpoint: 0x81, length: 1)
    #expect(slot.follow { addresses.take() }.isEmpty)
    device.isPlugged = false
    guard case .left(let gone)? = slot.follow({ addresses.take() }).first else {
      return #expect(Bool(false), "it left")
    }
    #expect(gone.location.address == 2)
    #expect(!slot.isShown)
    #expect(slot.follow { addresses.take() }.isEmpty)
    device.isPlugged = true
    device.plugCount = 2
    guard case .came(let node, let shown)? = slot.follow({ addresses.take() }).first else {
      return #expect(Bool(false), "it came")
    }
    #expect(shown.location.address == 3)
    #expect(shown.location.ports == [1])
    #expect(try old.reap() == .success(0x10_0000))
    #expect(try old.status(0x10_0000) == -108)
    #expect(try old.reap() == .failure(.noDevice))
    #expect(try old.call(Code.claim, words: [0]) == .failed(.noDevice))
    #expect(try Program(node).call(Code.claim, words: [0]) == .done(0))
  }

  @Test func `leaves and comes back between two looks as well, and keeps to the addresses that there are`() throws {
    let slot = try #require(BusSlot.plug([node.served]).first)
    var addresses = BusAddresses(after: 125)
    device.plugCount = 2
    let changes = slot.follow { addresses.take() }
    #expect(changes.count == 2)
    #expect(slot.node.location.address == 127)
    device.plugCount = 3
    _ = slot.follow { addresses.take() }
    #expect(slot.node.location.address == 2)
  }

  @Test func `shares a device with the TCP server fairly`() throws {
    node.served.owner = ObjectIdentifier(device)
    #expect(try program.call(Code.claim, words: [0]) == .failed(.busy))
    node.served.owner = nil
    #expect(try program.call(Code.claim, words: [0]) == .done(0))
    #expect(node.served.owner != nil)
    _ = try program.call(Code.release, words: [0])
    #expect(node.served.owner == nil)
  }

  @Test func `tells its caller that the program has died`() throws {
    program.memory.isGone = true
    #expect(throws: ClientGone.self) { try program.call(Code.capabilities, 0x1000) }
    #expect(throws: ClientGone.self) { try program.call(Code.submit, 0x1000) }
  }
}
