import Failures
import Testing

@testable import Engine
@testable import SimProbe

@Suite("Taking protection off simulated chips")
struct ProtectionTests {
  private func session(_ bench: SimulatedBench) throws -> TargetSession {
    let session = TargetSession(probe: bench.probe())
    try session.open()
    return session
  }

  @Test func `write protection comes off and the flash keeps its content`() throws {
    let bench = try SimulatedBench("stm32f411re")
    bench.setCells(at: 0x4000, [1, 2, 3, 4])
    bench.setOptions(protection: 0xFF & ~0b101)
    let locked = try session(bench)
    #expect(locked.protection?.writeProtectedSectors.map(\.number) == [0, 2])
    #expect(try locked.liftWriteProtection().map(\.number) == [0, 2])
    #expect(locked.protection?.writeProtectedSectors == [])
    #expect(locked.close().isClean)
    #expect(bench.cells(0x4000..<0x4004) == [1, 2, 3, 4])
    let free = try session(bench)
    #expect(free.protection?.writeProtectedSectors == [])
    try free.execute(free.plan(erasing: .sectors([0])))
    free.close()
  }

  @Test func `read protection comes off with the whole flash`() throws {
    let bench = try SimulatedBench("nucleo-f207zg")
    bench.setCells(at: 0, [1, 2, 3, 4])
    bench.setOptions(user: 0x00EF)
    let locked = try session(bench)
    #expect(locked.protection?.readProtection == .level1(stored: 0))
    #expect(throws: SessionError.self) { try locked.liftWriteProtection() }
    try locked.liftAllProtection()
    #expect(locked.protection?.readProtection == .level0)
    locked.close()
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
    let free = try session(bench)
    #expect(try free.read(address: 0x0800_0000, byteCount: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
    free.close()
  }

  @Test func `code protection comes off with the whole flash, and with nothing less`() throws {
    let bench = try SimulatedBench("stm32f412ce") { $0.faults = [try Fault("pcrop=1")] }
    bench.setCells(at: 0, [1, 2, 3, 4])
    let locked = try session(bench)
    #expect(locked.protection?.codeProtectedSectors.map(\.number) == [1])
    #expect(throws: SessionError.self) { try locked.liftWriteProtection() }
    #expect(bench.cells(0..<4) == [1, 2, 3, 4])
    try locked.liftAllProtection()
    #expect(locked.protection?.codeProtectedSectors == [])
    locked.close()
    #expect(bench.flash.allSatisfy { $0 == 0xFF })
    let free = try session(bench)
    #expect(try free.read(address: 0x0800_4000, byteCount: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
    free.close()
  }

  @Test func `level 2 stays`() throws {
    let die = Engine.ChipCatalogue.dies[0]
    let options = Engine.OptionBytes(
      OptionLayout(die: die, flashByteCount: 1 << 20), control: FlashOptionControl(rawValue: 0xCC00), control1: nil)
    let error = ProtectionRefusal.readProtected(.level2, options: options)
    #expect(error.report.causes == [.readProtectedForEver])
  }

  @Test func `an interrupted write is recognised by whoever comes next`() throws {
    let bench = try SimulatedBench("nucleo-f207zg")
    bench.setCells(at: 16, [1, 2, 3, 4])
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug)) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    session.close()
    #expect(warnings.contains { $0.contains("a write that broke off") && $0.contains("0x0800_0010") }, "\(warnings)")
    let report = Diagnosis(probe: bench.probe()).run()
    #expect(report.decisive?.causes == [.writeInterrupted, .noProgram])
  }

  @Test(arguments: [[], [0x00, 0x00, 0x02, 0x20, 0x41, 0x01, 0x00, 0x08]] as [[UInt8]])
  func `a blank chip and one with a program are not warned of`(start: [UInt8]) throws {
    let bench = try SimulatedBench("nucleo-f207zg")
    bench.setCells(at: 0, start)
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug)) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    session.close()
    #expect(warnings == [])
  }
}
