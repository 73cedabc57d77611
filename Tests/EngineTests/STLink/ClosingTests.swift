import Engine
import LinkInterface
import TestSupport
import Testing

@Suite struct ClosingTests {
  @Test func `closing closes the access port, leaves debug mode and gives the probe back`() throws {
    let (link, probe) = try Scripts.v2(
      """
      \(Scripts.enter)
      > F2 4C                     # CLOSE_AP_DBG
      < 80 00
      > F5
      < 02 00
      > F2 21                     # EXIT
      """)
    try link.enter()
    try link.close()
    try link.close()
    expectFinished(probe)
    #expect(probe.isClosed)
  }

  @Test func `EXIT is not sent outside debug mode, which hangs V3J15`() throws {
    let (link, probe) = try Scripts.v2("> F5\n< 01 00")
    try link.close()
    expectFinished(probe)
    #expect(probe.isClosed)
  }

  @Test func `debug mode is left even when connecting failed`() throws {
    let (link, probe) = try Scripts.v2("> F2 30 A3\n< 09 00\n> F5\n< 02 00\n> F2 21")
    #expect(throws: DebugError.status(.getIDCodeError, during: "ENTER", address: nil)) { try link.enter() }
    try link.close()
    expectFinished(probe)
  }

  @Test func `V2J28 closes the access port and says otherwise`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 27 00 83 04 48 37
      > F5
      < 01 00
      > F2 43 00
      < 80 00
      \(Scripts.enter)
      > F2 4C
      < 1D 00
      > F5
      < 02 00
      > F2 21
      """)
    let link = try STLink(probe: probe)
    try link.enter()
    try link.close()
    expectFinished(probe)
  }

  @Test func `NRST is released`() throws {
    let (link, probe) = try Scripts.v2("> F2 3C 00\n< 80 00\n> F2 3C 01\n< 80 00\n> F5\n< 01 00")
    try link.driveReset(.asserted)
    try link.close()
    expectFinished(probe)
  }

  @Test func `every step is tried, and the first error is thrown after the last`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 3C 00
      < 80 00
      > F2 3C 01
      < 06 00                     # releasing fails
      > F5
      < 02 00
      > F2 21
      """)
    try link.driveReset(.asserted)
    #expect(throws: DebugError.status(.internalError, during: "DRIVE_NRST", address: nil)) { try link.close() }
    expectFinished(probe)
    #expect(probe.isClosed)
  }

  @Test func `closing after an unplug still gives the probe back`() throws {
    let (link, probe) = try Scripts.v2("! gone")
    #expect(throws: DebugError.self) { try link.close() }
    #expect(probe.isClosed)
    expectFinished(probe)
  }

  @Test func `after a reply was lost for good the probe is brought into step before it is left`() throws {
    // USART1_DR gives each byte once.
    let (link, probe) = try Scripts.v2("> F2 36 04 10 01 40\n! timeout\n\(Scripts.intoStep)> F5\n< 01 00")
    let error = #expect(throws: DebugError.self) { try link.readWord(at: 0x4001_1004) }
    guard case .replyLost(let loss) = error, loss.obstacle == .mayNotHappenTwice else {
      Issue.record("\(String(describing: error))")
      return
    }
    try link.close()
    expectFinished(probe)
  }

  @Test func `an interruption is reported once, and what follows runs as clean-up`() throws {
    let interruption = Interruption()
    let probe = ScriptedProbe(Scripts.openV2 + "> F2 36 00 20 04 E0\n< 80 00 00 00 13 64 07 10\n> F5\n< 01 00")
    let link = try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    interruption.request()
    #expect(throws: DebugError.interrupted) { try link.readWord(at: 0xE004_2000) }
    #expect(try link.readWord(at: 0xE004_2000) == 0x1007_6413)
    try link.close()
    expectFinished(probe)
  }

  @Test func `closing does not look at an interruption`() throws {
    let interruption = Interruption()
    let probe = ScriptedProbe(Scripts.openV2 + "> F5\n< 02 00\n> F2 21")
    let link = try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    interruption.request()
    try link.close()
    expectFinished(probe)
  }

  @Test func `an interruption while a busy target is waited for ends the waiting`() throws {
    let interruption = Interruption()
    let probe = ScriptedProbe(Scripts.openV2 + "> F2 36 00 20 04 E0\n< 14 00 of 8")
    let link = try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    probe.testClock.onWait = { interruption.request() }
    #expect(throws: DebugError.interrupted) { try link.readWord(at: 0xE004_2000) }
    expectFinished(probe)
  }

  @Test func `an interruption before opening sends nothing and gives the probe back`() throws {
    let interruption = Interruption()
    interruption.request()
    let probe = ScriptedProbe("")
    #expect(throws: DebugError.interrupted) {
      try STLink(probe: probe, options: STLinkOptions(interruption: interruption))
    }
    #expect(probe.isClosed)
    expectFinished(probe)
  }
}

@Suite struct CoreRegisterTests {
  @Test(
    arguments: [
      (CoreRegister.programCounter, "0F 01 00 00 08", 0x0800_0001, "0F", "00 00 00 08"),
      (.stackPointer, "0D 03 00 00 20", 0x2000_0003, "0D", "00 00 00 20"),
      (.xPSR, "10 00 00 00 01", 0x0100_0000, "10", "00 00 00 01"),
    ] as [(CoreRegister, String, UInt32, String, String)])
  func `a register that keeps the bits it has counts as written`(
    register: CoreRegister, write: String, value: UInt32, read: String, found: String
  ) throws {
    let (link, probe) = try Scripts.v2(
      "> F2 34 \(write)\n< 0D 00\n> F2 33 \(read)\n< 80 00 00 00 \(found)")
    try link.writeCoreRegister(register, value)
    expectFinished(probe)
  }

  @Test func `a register that holds something else is an error`() throws {
    let (link, probe) = try Scripts.v2(
      """
      > F2 34 0F 00 00 00 08
      < 0D 00
      > F2 33 0F
      < 80 00 00 00 34 12 00 08
      > F2 34 00 01               # r0 has no bits that hold nothing
      < 0D 00
      """)
    let error = DebugError.status(.writeVerifyError, during: "WRITEREG", address: nil)
    #expect(throws: error) { try link.writeCoreRegister(.programCounter, 0x0800_0000) }
    #expect(throws: error) { try link.writeCoreRegister(.general(0), 1) }
    expectFinished(probe)
  }

  @Test func `old firmware lacks FPU registers, DAP registers and 16-bit accesses`() throws {
    let probe = ScriptedProbe("> F1\n< 23 80 83 04 48 37\n> F5\n< 01 00")
    let link = try STLink(probe: probe)
    #expect(throws: DebugError.self) { try link.readCoreRegister(CoreRegister(rawValue: 0x21)) }
    #expect(throws: DebugError.self) { try link.writeCoreRegister(CoreRegister(rawValue: 0x40), 0) }
    #expect(throws: DebugError.self) { try link.readDAPRegister(.debugPort, 0) }
    #expect(throws: DebugError.self) { try link.writeDAPRegister(.debugPort, 0, 0) }
    #expect(throws: DebugError.self) { try link.writeMemory([0, 0], at: 0x0800_0000, width: .halfword) }
    let error = #expect(throws: DebugError.self) {
      try link.readMemory(at: 0x4001_1004, byteCount: 2, width: .halfword)
    }
    #expect(
      error
        == .unsupported(feature: "make 16-bit accesses", firmware: "V2J14S0", since: "V2J26, any V3"))
    expectFinished(probe)
  }
}
