import Testing

@testable import DebugServer

/// Packets of GDB's remote protocol, cut as lines cut them.
struct PacketTests {
  private func items(_ bytes: [UInt8], limit: Int = 64) -> [PacketReader.Item] {
    var reader = PacketReader(limit: limit)
    return bytes.compactMap { reader.take($0) }
  }

  @Test
  func `a packet has the sum of its bytes behind it`() {
    #expect(RemotePacket.framed(Array("OK".utf8)) == Array("$OK#9a".utf8))
    #expect(RemotePacket.framed([]) == Array("$#00".utf8))
  }

  @Test
  func `what stands between packets is told apart`() {
    #expect(
      items(Array("+$qC#b4\u{3}-".utf8)) == [.acknowledged, .packet(Array("qC".utf8)), .interrupt, .refused])
    #expect(items(Array("x$qC#B4".utf8)) == [.packet(Array("qC".utf8))])
  }

  @Test
  func `the byte 3 within a packet interrupts nothing`() {
    #expect(items(RemotePacket.framed([0x58, 3, 4])) == [.packet([0x58, 3, 4])])
  }

  @Test(arguments: ["$qC#b5", "$qC#zz", "$qqC#b4"])
  func `a packet with another sum is damaged`(text: String) {
    #expect(items(Array(text.utf8)) == [.damaged])
  }

  @Test
  func `a packet that is longer than was offered is damaged, and the next one is read`() {
    let long = RemotePacket.framed([UInt8](repeating: 0x61, count: 65))
    #expect(items(long + Array("$qC#b4".utf8)) == [.damaged, .packet(Array("qC".utf8))])
  }

  @Test
  func `a packet that breaks off is forgotten when the next one begins`() {
    #expect(items(Array("$m8000$qC#b4".utf8)) == [.packet(Array("qC".utf8))])
  }

  @Test
  func `every byte survives its escape`() {
    let bytes = (0...255).map { UInt8($0) }
    let escaped = RemotePacket.escaped(bytes)
    #expect(escaped.count == 260)
    #expect(!escaped.contains(UInt8(ascii: "#")) && !escaped.contains(UInt8(ascii: "*")))
    #expect(RemotePacket.unescaped(escaped[...]) == bytes)
    #expect(RemotePacket.unescaped([0x61, 0x7D]) == nil)
  }

  @Test(arguments: [("0", 0), ("ffffffff", UInt32.max), ("80000f0", 0x80000F0), ("DEADbeef", 0xDEAD_BEEF)])
  func `numbers are hexadecimal`(text: String, number: UInt32) {
    #expect(RemotePacket.number(Array(text.utf8)) == number)
  }

  @Test(arguments: ["", "100000000", "0x1", "-1", "g"])
  func `what is no number of 32 bits is none`(text: String) {
    #expect(RemotePacket.number(Array(text.utf8)) == nil)
  }

  /// Values that GDB 13 has said "matched" to.
  @Test(
    arguments: [
      ([0x00, 0x00, 0x02, 0x20, 0x2D, 0, 0, 8, 0x2D, 0, 0, 8, 0x2D, 0, 0, 8], 0x8AF1_E92F),
      ([0x78, 0x56, 0x34, 0x12], 0xAD37_D056), ([5, 0, 0, 0], 0x679C_0BC9), ([0xEF, 0xBE, 0xAD, 0xDE], 0xEDE0_62E3),
    ] as [([UInt8], UInt32)])
  func `the checksum of memory is GDB's`(bytes: [UInt8], sum: UInt32) {
    var checksum = MemoryChecksum()
    for byte in bytes { checksum.add([byte]) }
    #expect(checksum.value == sum)
  }

  @Test(
    arguments: [
      ("reset", .reset(runs: false)), ("reset halt", .reset(runs: false)), ("reset init", .reset(runs: false)),
      ("reset run", .reset(runs: true)), ("jtag_reset", .reset(runs: false)), ("halt", .halt),
      ("arm semihosting enable", .semihosting(.on)), ("semihosting 1", .semihosting(.on)),
      ("semihosting disable", .semihosting(.off)), ("arm semihosting_fileio enable", .semihosting(.byDebugger)),
      ("flash erase_sector 0 0 last", .erase(nil)), ("flash erase_sector 0 2 3", .erase([2, 3])),
      ("stm32f2x mass_erase 0", .erase(nil)), ("erase 1 5", .erase([1, 5])),
      ("adapter speed 1800", .speed(kilohertz: 1800)), ("speed", .speed(kilohertz: nil)), ("gdb_sync", .idleStep),
      ("mdw 0x08000000 4", .read(address: 0x0800_0000, count: 4, byteCount: 4)),
      ("mwh 536870912 0x1234", .write(address: 0x2000_0000, value: 0x1234, byteCount: 2)),
      ("rtt setup 0x20000000 1024 {SEGGER RTT}", .rtt(on: true, address: 0x2000_0000)),
      ("swo on 16000000 500000", .swo(on: true, clockHertz: 16_000_000, baud: 500_000)),
      ("cortex_m vector_catch none", .catches(["none"])), ("cortex_m maskisr off", .stepping(masksInterrupts: false)),
    ] as [(String, MonitorCommand)])
  func `what users and environments type is understood`(line: String, command: MonitorCommand) {
    #expect(MonitorCommand(line) == command)
  }

  @Test(arguments: ["nonsense", "erase x", "mdw", "mdw 0 99999", "mww 0", "speed fast", "flash erase_sector 0 5 2"])
  func `what is not understood is not guessed`(line: String) {
    #expect(MonitorCommand(line) == nil)
  }
}
