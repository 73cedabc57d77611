import Basics
import LinkInterface
import TestSupport
import Testing

@testable import Engine

@Suite struct STLinkStatusTests {
  /// Every code but "ok" and the two that are tried again.
  static let failures = (UInt8.min...UInt8.max).filter { ![0x80, 0x10, 0x14].contains($0) }

  @Test(arguments: failures)
  func `a register read that fails is never taken for data`(code: UInt8) throws {
    // The recordings show it: two bytes only, or eight with stale ones behind the status.
    let digits = String(code, radix: 16)
    let sticky: Set<UInt8> = [0x01, 0x81, 0x11, 0x15, 0x18, 0x19, 0x1A]
    let abort = sticky.contains(code) ? "> F2 46 FF FF 00 00 1E\n< 80 00\n" : ""
    let (link, probe) = try Scripts.v2(
      """
      > F2 36 00 20 04 E0
      < \(digits) 00 of 8
      \(abort)
      > F2 36 00 20 04 E0
      < \(digits) 00 83 04 48 37 00 00
      \(abort)
      """)
    let expected = DebugError.status(
      STLinkStatus(rawValue: code), during: "READDEBUGREG", address: 0xE004_2000)
    for _ in 0..<2 {
      #expect(throws: expected) { try link.readWord(at: 0xE004_2000) }
    }
    expectFinished(probe)
  }

  @Test func `a block read that fails names the address that the probe tells`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 07 F8 FF 01 20 08
      < 00 00 00 00 00 00 00 00
      > F2 3E
      < 11 00 00 00 FC FF 01 20 00 00 00 00
      > F2 46 FF FF 00 00 1E
      < 80 00
      """)
    let expected = DebugError.status(.accessPortFault, during: "READMEM32", address: 0x2001_FFFC)
    #expect(throws: expected) { try link.readMemory(at: 0x2001_FFF8, byteCount: 8) }
    expectFinished(probe)
  }

  @Test func `what the probe itself refuses leaves nothing to be cleared in the debug port`() throws {
    let (link, probe) = try Scripts.v2("> F2 3C 00\n< 01 00\n> F2 3C 01\n< 81 00\n")
    for level in [ResetLevel.asserted, .released] {
      #expect(throws: DebugError.self) { try link.driveReset(level) }
    }
    expectFinished(probe)
  }

  @Test func `a fault address outside the request is not believed`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 07 00 00 02 20 04
      < 00 00 00 00
      > F2 3E
      < 11 00 00 00 00 00 00 00 00 00 00 00
      > F2 46 FF FF 00 00 1E
      < 12 00                     # the failure of the clearing changes nothing
      """)
    let expected = DebugError.status(.accessPortFault, during: "READMEM32", address: 0x2002_0000)
    #expect(throws: expected) { try link.readMemory(at: 0x2002_0000, byteCount: 4) }
    expectFinished(probe)
  }

  @Test(arguments: ["80 00 00", "", "80"])
  func `a reply that is always short is malformed, whatever its status`(reply: String) throws {
    let command = "> F2 36 00 20 04 E0\n< \(reply) of 8\n"
    let (link, probe) = try Scripts.v2(command + Scripts.intoStep + command + Scripts.intoStep + command)
    let received = reply.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    let length = received.count < 2 ? 2 : 8
    let failure = DebugError.malformedReply(during: "READDEBUGREG", expected: length, received: received)
    #expect(throws: DebugError.replyLost(LostReply(failure: failure, obstacle: .everyAttempt(3)))) {
      try link.readWord(at: 0xE004_2000)
    }
    expectFinished(probe)
  }

  @Test func `a transfer that fails keeps the command's name`() throws {
    let (link, probe) = try Scripts.v2("> F2 36 00 20 04 E0\n! gone")
    let error = #expect(throws: DebugError.self) { try link.readWord(at: 0xE004_2000) }
    guard case .transport(let transport, "READDEBUGREG") = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(transport.reason == .gone)
    #expect(transport.transferIndex == 1)
    expectFinished(probe)
  }

  @Test func `a code nobody documents survives to the message`() {
    #expect(STLinkStatus(rawValue: 0x77).description == "undocumented status (0x77)")
    #expect(STLinkStatus.accessPortFault.description == "AP FAULT (0x11)")
  }
}

@Suite struct RetryTests {
  @Test(arguments: ["10", "14"])
  func `a read is repeated with doubling pauses until the target is ready`(status: String) throws {
    let wait = "> F2 36 0C 3C 02 40\n< \(status) 00 00 00 00 00 00 00\n"
    let (link, probe) = try Scripts.v2(
      String(repeating: wait, count: 3) + "> F2 36 0C 3C 02 40\n< 80 00 00 00 00 00 01 00")
    #expect(try link.readWord(at: 0x4002_3C0C) == 0x0001_0000)
    expectFinished(probe)
    #expect(probe.testClock.waits == [.microseconds(100), .microseconds(200), .microseconds(400)])
  }

  @Test func `a target that stays busy is given up after 13 attempts and 0.41 seconds`() throws {
    let wait = "> F2 36 0C 3C 02 40\n< 14 00 00 00 00 00 00 00\n"
    let (link, probe) = try Scripts.v2(String(repeating: wait, count: 13))
    let expected = DebugError.status(.debugPortWait, during: "READDEBUGREG", address: 0x4002_3C0C)
    #expect(throws: expected) { try link.readWord(at: 0x4002_3C0C) }
    expectFinished(probe)
    #expect(probe.testClock.now == .microseconds(100 * 4095))
  }

  @Test func `a memory command is repeated whole, data and status`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 08 00 00 00 20 04
      >> 01 02 03 04
      > F2 3E
      < 10 00 00 00 00 00 00 00 00 00 00 00
      > F2 08 00 00 00 20 04
      >> 01 02 03 04
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    try link.writeMemory([1, 2, 3, 4], at: 0x2000_0000)
    expectFinished(probe)
  }

  @Test func `flash data are not sent twice`() throws {
    let (link, probe) = try Scripts.v2(
      "> F2 08 00 00 00 08 04\n>> 01 02 03 04\n> F2 3E\n< 10 00 00 00 00 00 00 00 00 00 00 00")
    let expected = DebugError.status(.accessPortWait, during: "WRITEMEM32", address: 0x0800_0000)
    #expect(throws: expected) { try link.writeMemory([1, 2, 3, 4], at: 0x0800_0000, width: .word) }
    expectFinished(probe)
  }

  @Test(
    arguments: [
      (0x4002_3C04, 0x4567_0123), (0x4002_3C10, 0x0001_0002), (0xE000_ED0C, 0x05FA_0004), (0xE000_EDF0, 0xA05F_0005),
      (0xE000_EDF0, 0xA05F_0001), (0x4000_3000, 0xAAAA),
    ] as [(UInt32, UInt32)])
  func `a key, an erase start, a reset, a step, a run and a peripheral's register are not written twice`(
    address: UInt32, value: UInt32
  ) throws {
    // WRITEMEM32 of four bytes.
    let data = block(value)
    let (link, probe) = try Scripts.v2(
      "> F2 08 \(block(address)) 04\n>> \(data)\n> F2 3E\n< 14 00 00 00 00 00 00 00 00 00 00 00")
    #expect(throws: DebugError.status(.debugPortWait, during: "WRITEMEM32", address: address)) {
      try link.writeWord(value, at: address)
    }
    expectFinished(probe)
  }

  @Test(
    arguments: [
      (0xE000_EDF0, 0xA05F_0003), (0xE000_EDFC, 0x0100_0001), (0xE000_ED30, 0x1F), (0xE004_2004, 7),
      (0x2000_0000, 1), (0x1000_FFFC, 1),
    ] as [(UInt32, UInt32)])
  func `RAM and registers that hold what is written are written again`(address: UInt32, value: UInt32) throws {
    let command = "> F2 35 \(block(address, value))\n"
    let (link, probe) = try Scripts.v2("\(command)< 14 00\n\(command)< 80 00")
    try link.writeWord(value, at: address)
    expectFinished(probe)
  }

  @Test func `a DAP write and a read of a data register are not repeated`() throws {
    let (link, probe) = try Scripts.v2(
      "> F2 46 00 00 04\n< 14 00\n> F2 45 00 00 0C\n< 14 00 of 8\n> F2 45 FF FF 04\n< 14 00 of 8\n"
        + "> F2 45 FF FF 04\n< 80 00 00 00 40 00 00 F0")
    #expect(throws: DebugError.self) { try link.writeDAPRegister(.accessPort(0), 0x04, 0) }
    #expect(throws: DebugError.self) { try link.readDAPRegister(.accessPort(0), 0x0C) }
    #expect(try link.readDAPRegister(.debugPort, 0x04) == 0xF000_0040)
    expectFinished(probe)
  }

  private func block(_ words: UInt32...) -> String {
    let bytes = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    return bytes.map { String($0, radix: 16) }.joined(separator: " ")
  }
}
