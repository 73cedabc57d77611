import Testing

@testable import Engine

@Suite struct RegisterTests {
  @Test(
    arguments: [
      // The supply begins the flags anew, any other reset adds its own.
      (0x1E00_0000, 0x0E00_0000, ["BORRSTF", "PINRSTF", "PORRSTF"]),
      (0x1C00_0000, 0x0E00_0000, ["BORRSTF", "PINRSTF", "PORRSTF"]),
      (0x1E00_0000, 0x3E00_0000, ["PINRSTF", "IWDGRSTF"]), (0x0E00_0000, 0x1E00_0000, ["PINRSTF", "SFTRSTF"]),
      // One that leaves nothing new is of a kind that has been before.
      (0x1E00_0000, 0x1E00_0000, ["PINRSTF"]), (0x3E00_0000, 0x3E00_0000, ["PINRSTF", "IWDGRSTF"]),
    ] as [(UInt32, UInt32, [String])])
  func `what a reset has added is told from what was there`(before: UInt32, after: UInt32, names: [String]) {
    let flags = ResetFlags(rawValue: after).since(ResetFlags(rawValue: before))
    #expect(flags.names == names)
  }

  @Test func `a register prints its name, its bits and what is set`() {
    #expect(DHCSR(rawValue: 0x0003_0003).description == "DHCSR 0x0003_0003 [C_DEBUGEN C_HALT S_REGRDY S_HALT]")
    #expect(DFSR(rawValue: 0).description == "DFSR 0x0000_0000 []")
    #expect(
      CPUID(rawValue: 0x410F_C241).description == "CPUID 0x410F_C241 [REVISION=1 PARTNO=0xC24 IMPLEMENTER=65]")
  }

  @Test func `changing a field leaves every other bit alone`() {
    var control = DBGMCUControl(rawValue: 0xFFFF_FFF8)
    control[.debugInStop] = true
    #expect(control.rawValue == 0xFFFF_FFFA)
    control[.debugInStop] = false
    #expect(control.rawValue == 0xFFFF_FFF8)
    var id = CPUID(rawValue: 0)
    id[.partNumber] = 0xF_FC24
    #expect(id.rawValue == 0xC240)
    #expect(id[.partNumber] == 0xC24)
  }

  @Test(arguments: [(0x412F_C230, true), (0x410F_C241, true), (0x410C_C200, false), (0x0000_C240, false)])
  func `M3 and M4 are told from other cores`(value: UInt32, isKnown: Bool) {
    #expect(CPUID(rawValue: value).isCortexM3OrM4 == isKnown)
  }
}
