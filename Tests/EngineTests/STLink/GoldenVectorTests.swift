import Engine
import LinkInterface
import TestSupport
import Testing

/// What goes over the wire for each command, byte for byte, and what the replies mean.
///
/// The vectors are those on which OpenOCD, stlink, pyOCD and probe-rs agree; replies are from recordings of real probes
/// where there are some.
@Suite struct GoldenVectorTests {
  @Test func `connecting enters SWD, opens AP 0 and reads the id codes`() throws {
    let (link, probe) = try Scripts.v2(Scripts.enter)
    #expect(try link.enter() == 0x2BA0_1477)
    expectFinished(probe)
  }

  @Test func `firmware before J28 has no access ports to open`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 24 40 83 04 48 37
      > F5
      < 01 00
      > F2 30 A3
      < 80 00
      > F2 31
      < 80 00 00 00 77 14 A0 2B 00 00 00 00
      """)
    #expect(try STLink(probe: probe).enter() == 0x2BA0_1477)
    expectFinished(probe)
  }

  @Test func `a halt is one write of DHCSR`() throws {
    let (link, probe) = try Scripts.v2("> F2 35 F0 ED 00 E0 03 00 5F A0\n< 80 00")
    try link.writeWord(0xA05F_0003, at: 0xE000_EDF0)
    expectFinished(probe)
  }

  @Test func `the value of a register read stands behind two stale bytes`() throws {
    // As recorded with V2J16: bytes 2 and 3 are left over from an earlier memory read.
    let (link, probe) = try Scripts.v2("> F2 36 F0 ED 00 E0\n< 80 00 18 10 03 00 03 03")
    #expect(try link.readWord(at: 0xE000_EDF0) == 0x0303_0003)
    expectFinished(probe)
  }

  @Test func `a block read and its status travel in one batch`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 07 00 ED 00 E0 04      # READMEM32 CPUID
      < 41 C2 0F 41
      > F2 3E                     # GETLASTRWSTATUS2
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    #expect(try link.readMemory(at: 0xE000_ED00, byteCount: 4) == [0x41, 0xC2, 0x0F, 0x41])
    expectFinished(probe)
    #expect(probe.batchSizes.last == 4)
  }

  @Test func `a block write and its status travel in one batch`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 08 FC ED 00 E0 04      # WRITEMEM32 DEMCR
      >> 00 00 00 01
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    try link.writeMemory([0, 0, 0, 1], at: 0xE000_EDFC)
    expectFinished(probe)
    #expect(probe.batchSizes.last == 4)
  }

  @Test func `firmware before J15 tells the status in two bytes`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 23 80 83 04 48 37
      > F5
      < 01 00
      > F2 07 00 20 04 E0 04
      < 16 64 18 10
      > F2 3B                     # GETLASTRWSTATUS
      < 80 00
      > F2 08 00 00 00 20 04
      >> 55 AA 88 00
      > F2 3B
      < 80 00
      > F2 0D 40 11 00 20 02      # as recorded: a breakpoint is set by two bytes
      >> BE BE
      > F2 3B
      < 80 00
      """)
    let link = try STLink(probe: probe)
    #expect(try link.readMemory(at: 0xE004_2000, byteCount: 4, width: .word) == [0x16, 0x64, 0x18, 0x10])
    try link.writeMemory([0x55, 0xAA, 0x88, 0x00], at: 0x2000_0000)
    try link.writeMemory([0xBE, 0xBE], at: 0x2000_1140, width: .byte)
    expectFinished(probe)
  }

  @Test func `the flash size is read by one 16-bit access, once the probe has made one of RAM`() throws {
    let good = "> F2 3E\n< 80 00 00 00 00 00 00 00 00 00 00 00\n"
    let (link, probe) = try Scripts.v2(
      "> F2 47 00 00 00 20 04\n< 01 02 03 04\n\(good)> F2 47 22 7A FF 1F 02\n< 00 04\n\(good)")
    #expect(try link.readMemory(at: 0x1FFF_7A22, byteCount: 2, width: .halfword) == [0x00, 0x04])
    expectFinished(probe)
  }

  @Test func `a read of one byte asks for two and gives one`() throws {
    let (link, probe) = try Scripts.v2(
      "> F2 0C 01 00 00 20 01\n< 5A 00\n> F2 3E\n< 80 00 00 00 00 00 00 00 00 00 00 00")
    #expect(try link.readMemory(at: 0x2000_0001, byteCount: 1) == [0x5A])
    expectFinished(probe)
  }

  @Test func `core registers are read and written by their selectors`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 34 00 30 00 00 20      # r0 = 20000030
      < 80 00
      > F2 33 10                  # xPSR
      < 80 00 00 00 00 00 00 01
      > F2 34 0F 00 00 00 20      # PC
      < 80 00
      > F2 33 14                  # CONTROL and its neighbours
      < 80 00 00 00 01 00 00 02
      """)
    try link.writeCoreRegister(.general(0), 0x2000_0030)
    #expect(try link.readCoreRegister(.xPSR) == 0x0100_0000)
    try link.writeCoreRegister(.programCounter, 0x2000_0000)
    #expect(try link.readCoreRegister(.control) == 0x0200_0001)
    expectFinished(probe)
  }

  @Test func `DAP registers name their port and register`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 45 00 00 FC            # AP 0 IDR
      < 80 00 00 00 11 00 77 24
      > F2 45 FF FF 04            # DP CTRL/STAT
      < 80 00 00 00 00 00 00 F0
      > F2 46 FF FF 04 00 20 00 00 50
      < 80 00
      > F2 46 FF FF 00 00 1E      # ABORT
      < 80 00
      """)
    #expect(try link.readDAPRegister(.accessPort(0), 0xFC) == 0x2477_0011)
    #expect(try link.readDAPRegister(.debugPort, 0x04) == 0xF000_0000)
    try link.writeDAPRegister(.debugPort, 0x04, 0x5000_0020)
    try link.writeDAPRegister(.debugPort, 0x00, 0x1E)
    expectFinished(probe)
  }

  @Test func `NRST is driven low and released`() throws {
    let (link, probe) = try Scripts.v2("> F2 3C 00\n< 80 00\n> F2 3C 01\n< 80 00")
    try link.driveReset(.asserted)
    #expect(link.isResetAsserted)
    try link.driveReset(.released)
    #expect(!link.isResetAsserted)
    expectFinished(probe)
  }

  @Test(arguments: [
    ("9B 06 00 00 F7 07 00 00", 2894), ("9B 06 00 00 03 08 00 00", 2911), ("F1 05 00 00 0B 08 00 00", 3249),
    ("DC 05 00 00 FD 07 00 00", 3272), ("00 00 00 00 FD 07 00 00", nil), ("9B 06 00 00 00 00 00 00", 0),
  ])
  func `the voltage is the ratio of two readings`(reply: String, millivolts: Int?) throws {
    let (link, probe) = try Scripts.v2("> F7\n< \(reply)")
    #expect(try link.targetMillivolts() == millivolts)
    expectFinished(probe)
  }

  @Test func `firmware before J13 is not asked for the voltage`() throws {
    let probe = ScriptedProbe("> F1\n< 23 00 83 04 48 37\n> F5\n< 01 00")
    #expect(try STLink(probe: probe).targetMillivolts() == nil)
    expectFinished(probe)
  }

  @Test func `the board's identifier is four characters of 128 bytes`() throws {
    let zeros = String(repeating: " 00", count: 122)
    let (link, probe) = try Scripts.v2("> F2 56\n< 80 00 30 37 34 30\(zeros)\n> F2 56\n< 80 00 00 00 00 00\(zeros)")
    #expect(try link.boardIdentifier() == "0740")
    #expect(try link.boardIdentifier() == nil)
    expectFinished(probe)
  }

  @Test(arguments: STLinkOpcode.allCases)
  func `every opcode is found again in a block`(opcode: STLinkOpcode) {
    let block = opcode.bytes + [UInt8](repeating: 0, count: 16 - opcode.bytes.count)
    #expect(STLinkOpcode(block: block) == opcode)
    #expect(STLinkOpcode(block: [0xF2, 0xEE]) == nil)
    #expect(STLinkOpcode(block: []) == nil)
  }
}
