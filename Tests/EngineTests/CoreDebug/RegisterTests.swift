import Foundation
import Testing

@testable import Engine

@Suite struct RegisterTests {
  private static let registers: [any Register32.Type] = [
    AHB1ClockEnable.self, AIRCR.self, BreakpointControl.self, CPUID.self, ConfigurableFaultStatus.self,
    CycleCounterControl.self, DBGMCUAPB1Freeze.self, DBGMCUControl.self, DEMCR.self, DFSR.self, DHCSR.self,
    FlashAccessControl.self, FlashControl.self, FlashOptionControl.self, FlashOptionControl1.self, FlashStatus.self,
    HardFaultStatus.self, InterruptControlState.self, MemoryRemap.self, ResetFlags.self, VectorTableOffset.self,
  ]

  @Test func `fields of a register do not overlap and rise`() {
    for register in RegisterTests.registers { check(register) }
  }

  @Test func `no register of the engine is left out here`() throws {
    let engine = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources/Engine")
    var names: Set<String> = []
    let files = try #require(
      FileManager.default.enumerator(at: engine.standardizedFileURL, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: #/struct (\w+): Register32 /#) { names.insert(String(match.1)) }
    }
    #expect(names == Set(RegisterTests.registers.map { String(describing: $0) }))
  }

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

  private func check<Register: Register32>(_: Register.Type, sourceLocation: SourceLocation = #_sourceLocation) {
    var seen: UInt32 = 0
    for field in Register.fields {
      #expect(field.mask & seen == 0, "\(Register.name).\(field.name)", sourceLocation: sourceLocation)
      #expect(field.mask > seen, "\(Register.name).\(field.name)", sourceLocation: sourceLocation)
      seen |= field.mask
    }
  }
}
