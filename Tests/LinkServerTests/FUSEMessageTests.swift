#if os(Linux)
import Basics
import Glibc
import LinkInterface
import SimProbe
import Testing

@testable import LinkServer

/// The messages of linux/fuse.h, written down here a second time: lengths and places of the fields.
@Suite struct `Messages of a file system in user space` {
  private let device: FUSENode
  private let folder: FUSENode

  init() {
    let served = ServedDevice(FakeDevice(), name: "board", hostClock: ManualClock(), computing: ManualClock())
    let node = DeviceNode(served, location: USBLocation(bus: 1, address: 2, ports: [1]))
    device = FUSENode(number: 3, name: "002", content: [18, 1, 0], device: node, children: [])
    folder = FUSENode(number: 2, name: "001", content: [], device: nil, children: [3])
  }

  @Test func `are read field by field`() throws {
    let body = Array("002\0".utf8)
    let header: [UInt8] =
      [44, 0, 0, 0, 1, 0, 0, 0] + UInt64(0x1234).littleEndianBytes + UInt64(2).littleEndianBytes
      + [0, 0, 0, 0, 0, 0, 0, 0] + [77, 0, 0, 0] + [0, 0, 0, 0]
    let request = try #require(FUSERequest(header + body))
    #expect(request.operation == .lookup)
    #expect(request.unique == 0x1234)
    #expect(request.node == 2)
    #expect(request.thread == 77)
    #expect(request.name == "002")
    #expect(FUSERequest(header) == nil, "cut short")
    #expect(FUSERequest([]) == nil)
  }

  @Test func `carry errors and contents`() {
    #expect(
      FUSEReply.bytes(to: 0x55, .failure(.noEntry))
        == [16, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF, 0x55, 0, 0, 0, 0, 0, 0, 0])
    #expect(FUSEReply.bytes(to: 1, .success([9])) == [17, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9])
    #expect(
      FUSEReply.wake(pollHandle: 7) == [24, 0, 0, 0, 1, 0, 0, 0] + [0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test func `have the kernel's lengths`() {
    #expect(FUSEReply.initialization.count == 64)
    #expect(FUSEReply.entry(device).count == 128)
    #expect(FUSEReply.attributes(device).count == 104)
    #expect(FUSEReply.opened(1, bypassesCache: true).count == 16)
    #expect(FUSEReply.controlled(0).count == 16)
    #expect(FUSEReply.polled(0).count == 8)
    #expect(FUSEReply.statistics.count == 80)
  }

  @Test func `describe files and folders`() {
    let file = device.attributes
    #expect(file[0] == 3 && file[8] == 3, "number and size")
    #expect(file.littleEndianWord(at: 60) == 0o100666)
    #expect(folder.attributes.littleEndianWord(at: 60) == 0o040755)
    let entries = FUSEReply.entries([folder, device], from: 0, atMost: 4_096)
    #expect(entries.count == 2 * 32)
    #expect(entries[32] == 3 && entries[40] == 2 && entries[48] == 3 && entries[52] == 8)
    #expect(Array(entries[56..<59]) == Array("002".utf8))
    #expect(FUSEReply.entries([folder, device], from: 1, atMost: 4_096) == Array(entries[32...]))
    #expect(FUSEReply.entries([folder, device], from: 0, atMost: 40).count == 32)
    #expect(FUSEReply.entries([folder, device], from: 2, atMost: 4_096) == [])
  }
}

@Suite struct `The memory of another program` {
  @Test func `can be read and written where it may be, and is gone otherwise`() throws {
    var word: UInt32 = 0xCAFE_F00D
    let memory = ProcessMemory(thread: getpid())
    try withUnsafeMutablePointer(to: &word) { pointer throws in
      let address = UInt64(UInt(bitPattern: pointer))
      #expect(try memory.readWord(at: address) == 0xCAFE_F00D)
      try memory.write([1, 2, 3, 4], at: address)
    }
    #expect(word == 0x0403_0201)
    #expect(throws: ClientGone.self) { try memory.read(4, at: 0) }
    #expect(throws: ClientGone.self) { try ProcessMemory(thread: -1).read(4, at: 0x1000) }
  }
}
#endif
