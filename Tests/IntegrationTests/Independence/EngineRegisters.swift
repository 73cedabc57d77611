import TestSupport
import Testing

@testable import Engine

/// Every register of the target that the engine has a type for.
enum EngineRegisters {
  static let all: [any Register32.Type] = [
    AHB1ClockEnable.self, AIRCR.self, BreakpointControl.self, ConfigurableFaultStatus.self, CPUID.self,
    CycleCounterControl.self, DBGMCUAPB1Freeze.self, DBGMCUControl.self, DEMCR.self, DFSR.self, DHCSR.self,
    FlashAccessControl.self, FlashControl.self, FlashOptionControl.self, FlashOptionControl1.self, FlashStatus.self,
    HardFaultStatus.self, InterruptControlState.self, MemoryRemap.self, ResetFlags.self, VectorTableOffset.self,
  ]
}

@Suite struct EngineRegisterTests {
  @Test func `the list has every register of the engine`() throws {
    let declared = try PackageFiles.lines(below: "Sources/Engine").compactMap { line in
      line.code.firstMatch(of: /struct (\w+): Register32/).map { String($0.1) }
    }
    let listed = EngineRegisters.all.map { String(describing: $0) }
    #expect(declared.sorted() == listed.sorted(), "EngineRegisters.all names each type that conforms to Register32")
  }

  @Test func `fields of a register do not overlap and rise`() {
    for register in EngineRegisters.all {
      var seen: UInt32 = 0
      for field in register.fields {
        #expect(field.mask & seen == 0, "\(register.name).\(field.name) shares bits with one before it")
        #expect(field.mask > seen, "\(register.name).\(field.name) comes too late")
        seen |= field.mask
      }
    }
  }
}
