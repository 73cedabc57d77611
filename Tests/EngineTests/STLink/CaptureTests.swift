import LinkInterface
import TestSupport
import Testing

@testable import Engine

/// Exchanges of real ST-LINK/V2 probes, as other people recorded them, where they match commands that we send.
///
/// The probe was an STM32L-Discovery's with an STM32L152 behind it, driven by ST's own programs (V2J16S0 recorded by
/// Karl Palsson in 2013, V2J14S0 by Fabien Le Mentec in 2011). Bytes 2 and 3 of a register's value are left over from
/// earlier traffic there and must not matter.
@Suite struct CaptureTests {
  @Test func `connecting with V2J16 right after power-up`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 24 00 83 04 48 37
      > F5
      < 00 01
      > F3 07
      > F5
      < 01 00
      > F7
      < 9B 06 00 00 02 08 00 00
      > F2 30 A3
      < 80 00
      > F2 31
      < 80 00 00 00 77 14 A0 2B 00 00 00 00
      > F2 35 08 20 04 E0 00 10
      < 80 00
      > F2 35 04 20 04 E0 07 01
      < 80 00
      > F2 35 F0 ED 00 E0 03 00 5F A0
      < 80 00
      > F2 36 F0 ED 00 E0
      < 80 00 00 00 03 00 03 03
      > F2 36 F0 ED 00 E0
      < 80 00 18 10 03 00 03 00
      > F2 07 00 ED 00 E0 04
      < 30 C2 2F 41
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      > F2 08 00 30 00 40 04
      >> AA AA 00 00
      > F2 3E
      < 80 00 00 00 00 00 00 00 00 00 00 00
      """)
    let link = try STLink(probe: probe)
    #expect(link.firmware.description == "V2J16S0")
    #expect(try link.targetMillivolts() == 2910)
    #expect(try link.enter() == 0x2BA0_1477)
    try link.writeWord(0x1000, at: 0xE004_2008)
    try link.writeWord(0x0107, at: 0xE004_2004)
    try link.writeWord(0xA05F_0003, at: 0xE000_EDF0)
    let first = try link.read(DHCSR.self)
    #expect(first.description == "DHCSR 0x0303_0003 [C_DEBUGEN C_HALT S_REGRDY S_HALT S_RETIRE_ST S_RESET_ST]")
    let second = try link.read(DHCSR.self)
    #expect(second.description == "DHCSR 0x0003_0003 [C_DEBUGEN C_HALT S_REGRDY S_HALT]")
    #expect(try link.readMemory(at: 0xE000_ED00, byteCount: 4) == [0x30, 0xC2, 0x2F, 0x41])
    try link.writeMemory([0xAA, 0xAA, 0, 0], at: 0x4000_3000, width: .word)
    expectFinished(probe)
  }

  @Test func `a reset that is caught, with V2J16`() throws {
    let probe = ScriptedProbe(
      """
      > F1
      < 24 00 83 04 48 37
      > F5
      < 01 00
      \(Scripts.catchReset)
      < 80 00 00 00 00 00 00 00 00 00 00 00
      > F2 36 F0 ED 00 E0
      < 80 00 00 00 03 00 03 02
      > F2 36 F0 ED 00 E0
      < 80 00 00 00 03 00 03 00
      > F2 35 FC ED 00 E0
      < 80 00
      """)
    try CoreControl(try STLink(probe: probe)).resetAndHalt()
    expectFinished(probe)
  }

  @Test func `connecting with no target, with V2J14, is an error and no chip id`() throws {
    // ST's program asked for JTAG (F2 30 00) and got "unknown JTAG chain"; the mode reads "debug" all the same, and a
    // write of DHCSR "command error".
    let probe = ScriptedProbe(
      """
      > F1
      < 23 80 83 04 48 37
      > F5
      < 00 01
      > F3 07
      > F5
      < 01 00
      > F2 30 A3
      < 04 00
      > F2 35 F0 ED 00 E0 00 00 5F A0
      < 08 00
      > F5
      < 02 00
      > F2 21
      """)
    let link = try STLink(probe: probe)
    #expect(throws: DebugError.status(.unknownJTAGChain, during: "ENTER", address: nil)) { try link.enter() }
    #expect(throws: DebugError.status(.commandError, during: "WRITEDEBUGREG", address: 0xE000_EDF0)) {
      try link.writeWord(0xA05F_0000, at: 0xE000_EDF0)
    }
    try link.close()
    expectFinished(probe)
  }
}
