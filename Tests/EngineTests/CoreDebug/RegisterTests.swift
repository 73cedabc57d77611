import Testing

@testable import Engine

@Suite struct RegisterTests {
  @Test func `a register prints its name, its bits and what is set`() {
    #expect(DHCSR(rawValue: 0x0003_0003).description == "DHCSR 0x0003_0003 [C_DEBUGEN C_HALT S_REGRDY S_HALT]")
    #expect(DFSR(rawValue: 0).description == "DFSR 0x0000_0000 []")
    #expect(
      CPUID(rawValue: 0x410F_C241).description == "CPUID 0x410F_C241 [REVISION=1 PARTNO=3108 IMPLEMENTER=65]")
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
