import LinkInterface
import Testing

@testable import Engine

/// What a DFU device says of itself: memory layouts, configuration, status.
@Suite struct DFUMemoryTests {
  @Test func `a layout is read with its sectors`() throws {
    let memory = try #require(
      DFUMemory(alternate: 0, text: "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg"))
    #expect(memory.isInternalFlash)
    #expect(memory.byteCount == 1 << 20)
    #expect(memory.sectors.count == 12)
    #expect(memory.sectors[4] == 0x0801_0000..<0x0802_0000)
    #expect(memory.runs[0].abilities == 7)
    #expect(memory.segment(around: 0x0804_0000) == 0x0800_0000..<0x0810_0000)
    #expect(!memory.contains(0x0810_0000))
  }

  @Test func `several addresses, units and blanks are read`() throws {
    let options = try #require(
      DFUMemory(alternate: 1, text: "@Option Bytes  /0x1FFFC000/01*016 e/0x1FFEC000/01*016 e"))
    #expect(options.runs.map(\.range) == [0x1FFF_C000..<0x1FFF_C010, 0x1FFE_C000..<0x1FFE_C010])
    #expect(options.segment(around: 0x1FFE_C008) == 0x1FFE_C000..<0x1FFE_C010)
    let otp = try #require(DFUMemory(alternate: 2, text: "@OTP Memory /0x1FFF7800/01*512 e,01*016 e"))
    #expect(otp.name == "OTP Memory")
    #expect(otp.segment(around: 0x1FFF_7A00) == 0x1FFF_7800..<0x1FFF_7A10)
    #expect(DFUMemory(alternate: 0, text: "@External/0x90000000/1*1Ma")?.byteCount == 1 << 20)
    #expect(DFUMemory(alternate: 0, text: "@Bytes/0x20000000/3*100Ba")?.byteCount == 300)
  }

  @Test func `a name that is cut short counts as far as it goes`() throws {
    let cut = "@Internal Flash  /0x08000000/04*016Kg,01*064Kg,07*128Kg,04*0"
    #expect(try #require(DFUMemory(alternate: 0, text: cut)).byteCount == 1 << 20)
  }

  @Test(arguments: [
    "", "TinyUSB DFU", "@Internal Flash", "@Flash/0x08000000", "@Flash/zz/1*1Kg", "@Flash/0x08000000/1*1K",
    "@Flash/0x08000000/x*1Kg", "@Flash/0x08000000/1*1Qg", "@Flash/0x08000000/0*16Kg", "@Flash/0x08000000/9999999*16Kg",
  ])
  func `what is no layout is none`(text: String) {
    #expect(DFUMemory(alternate: 0, text: text) == nil)
  }

  @Test func `the interface is found among others, with what it can do`() throws {
    let serial: [UInt8] = [9, 4, 0, 0, 0, 2, 2, 1, 0, 9, 4, 1, 0, 0, 10, 0, 0, 0]
    let dfu: [UInt8] = [9, 4, 2, 0, 0, 0xFE, 1, 2, 5, 9, 4, 2, 1, 0, 0xFE, 1, 2, 0, 9, 0x21, 7, 0xE8, 3, 0, 4, 0x10, 1]
    let interface = try #require(DFUInterface(configuration: [9, 2, 0, 0, 3, 1, 0, 0, 0] + serial + dfu))
    #expect(interface.number == 2)
    #expect(interface.isInDFUMode)
    #expect(interface.alternates.map(\.nameIndex) == [5, 0])
    #expect(interface.abilities == [.download, .upload, .manifestationTolerant])
    #expect(interface.blockByteCount == 1024)
    #expect(!interface.isDfuSe)
    #expect(DFUInterface(configuration: [9, 2, 0, 0, 2, 1, 0, 0, 0] + serial) == nil)
    #expect(DFUInterface(configuration: [9, 2, 0]) == nil)
  }

  @Test func `a status is read, and one of another length is none`() throws {
    let report = try #require(DFUStatusReport([0x0B, 0x2C, 0x01, 0x00, 10, 0]))
    #expect(report.name == "dfuERROR, errVENDOR")
    #expect(report.pollTime == .milliseconds(300))
    #expect(DFUStatusReport([0, 0, 0, 0, 99, 0])?.state == nil)
    #expect(DFUStatusReport([0, 0, 0, 0, 2]) == nil)
  }
}
