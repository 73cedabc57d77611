import Failures
import Testing

@testable import Engine
@testable import SimProbe

/// What a session says of the program that it lets go, and that every verb says the same.
@Suite("What became of the program")
struct ProgramLookTests {
  private static let base: UInt32 = 0x0800_0000
  /// A stack pointer, an entry and an endless loop at 8.
  private static let loop: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  private static func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  /// Reads memory on the bus of external SDRAM, where there is none; its HardFault handler is an endless loop.
  private static let dyingInExternalMemory = bytes(
    [0x2000_1000, 0x0800_0043] + [UInt32](repeating: 0x0800_0041, count: 14)
      // 40: b 40; 42: ldr r0, =0xC0000000; 44: ldr r1, [r0]; 46: b 46
      + [0x4801_E7FE, 0xE7FE_6801, 0xC000_0000])

  private func bench(_ content: [UInt8], at offset: Int = 0, _ faults: String...) throws -> SimulatedBench {
    let faults = try faults.map { try Fault($0) }
    let bench = try SimulatedBench("stm32f407vg") { $0.faults = faults }
    bench.setCells(at: offset, content)
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .milliseconds(20))
    return bench
  }

  /// Resets the chip and looks.
  private func reset(_ bench: SimulatedBench) throws -> ProgramLook {
    let session = TargetSession(probe: bench.probe())
    try session.open()
    try session.reset()
    let statement = session.close()
    #expect(statement.problems == [])
    return try #require(statement.program)
  }

  /// Only looks, as `info` does.
  private func look(_ bench: SimulatedBench) throws -> ProgramLook {
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
    try session.open()
    return try #require(session.close().program)
  }

  private func expectOneVerdict(
    _ bench: SimulatedBench, _ condition: Set<ProgramLook.Condition>, _ cause: FailureCause, saying text: String
  ) throws {
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    for look in [try look(bench), try reset(bench), try look(bench)] {
      #expect(condition.contains(look.condition) && look.causes.first == cause, "\(look)")
      #expect(look.text.contains(text), "\(look.text)")
      #expect(!look.isRunning)
    }
    #expect(report.findings.contains { $0.causes.contains(cause) }, "\(report.verdict)")
  }

  @Test func `a program that runs is said to run`() throws {
    let bench = try bench(Self.loop)
    #expect(try reset(bench).condition == .running)
    #expect(try look(bench).condition == .running)
  }

  @Test func `a program that sleeps is no failure`() throws {
    let bench = try bench(Self.loop, at: 0, "firmware=sleep")
    bench.simulation.board.chip.load(.sleep)
    bench.simulation.board.cyclePower()
    bench.simulation.run(for: .milliseconds(20))
    #expect(try reset(bench).isRunning)
  }

  @Test func `a program that is linked for another address is named`() throws {
    // Its reset handler is at 0x0800_8008, where nothing is.
    let bench = try bench([0x00, 0x10, 0x00, 0x20, 0x09, 0x80, 0x00, 0x08] + Self.loop[8...])
    try expectOneVerdict(bench, [.lockedUp, .faulted], .wrongAddress, saying: "")
  }

  @Test func `an application without its bootloader is named with its place`() throws {
    let bench = try bench(Self.loop, at: 0x8000)
    try expectOneVerdict(bench, [.lockedUp], .noProgram, saying: "holds a program at 0x0800_8000")
  }

  @Test func `a blank chip does not run`() throws {
    let look = try reset(try bench([]))
    #expect(look.condition == .lockedUp && look.causes == [.noProgram])
    #expect(look.text == "locked up: the flash is blank")
  }

  @Test func `a chip that starts its bootloader is named`() throws {
    try expectOneVerdict(try bench(Self.loop, at: 0, "boot0-high"), [.bootloader], .bootPinHigh, saying: "bootloader")
  }

  @Test func `a program that dies at external memory is named with the fault, the address and the instruction`() throws
  {
    let bench = try bench(Self.dyingInExternalMemory)
    try expectOneVerdict(bench, [.faulted], .programFaults, saying: "at 0xC000_0000 (CFSR.PRECISERR), at 0x0800_0044")
  }

  @Test func `a chip at read protection level 1 says that its power has to be cycled`() throws {
    let bench = try bench(Self.loop)
    bench.setOptions(user: 0x55EC)
    let look = try reset(bench)
    #expect(look.condition == .powerCycleNeeded && look.causes == [.powerCycleNeeded], "\(look)")
  }

  @Test func `a breakpoint that a debugger has left is named, and a reset takes it out`() throws {
    let bench = try bench(Self.loop, at: 0, "left-breakpoint")
    let report = Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
    #expect(report.findings.contains { $0.area == .core && $0.causes.first == .breakpointLeft }, "\(report.verdict)")
    #expect(try look(bench).causes.first == .breakpointLeft)
    #expect(try reset(bench).condition == .running)
    #expect(try look(bench).condition == .running)
    #expect(!bench.simulation.board.chip.core.flashPatch.isEnabled)
  }

  @Test(arguments: ["left-watchpoint", "left-catches", "left-masks", "left-unlocked"])
  func `what else a debugger leaves is told by a look, which changes nothing, and gone after a reset`(
    fault: String
  ) throws {
    let bench = try bench(Self.loop, at: 0, fault)
    var warnings: [String] = []
    for mode in [AttachMode.hotPlug, .hotPlug, .automatic] {
      let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: mode)) { event in
        if case .warning(let advice) = event { warnings.append(advice.text) }
      }
      try session.open()
      if mode != .hotPlug { try session.reset() }
      session.close()
    }
    #expect(warnings.count == 3, "\(warnings)")
    #expect(warnings.allSatisfy { $0.contains("has left in the chip") })
    let chip = bench.simulation.board.chip
    #expect(chip.core.debug.control == [])
    #expect(chip.core.debug.monitor.subtracting(.traceEnable) == [])
    #expect(!chip.core.watchpoint.isArmed)
    #expect(bench.isLockedAndIdle)
  }

  @Test func `an erase that somebody else has started is waited for, and told`() throws {
    let bench = try bench(Self.loop, at: 0, "left-erasing")
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe()) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    let image = try #require(FirmwareImage(address: Self.base, bytes: Self.loop))
    try session.open()
    try session.execute(session.plan(writing: image, isToBeExecuted: true))
    #expect(session.close().program?.condition == .running)
    #expect(warnings.first?.contains("under way") ?? false, "\(warnings)")
    #expect(bench.cells(0..<Self.loop.count) == Self.loop)
    #expect(bench.simulation.time > .seconds(4))
  }

  @Test func `option registers that were written and not programmed are told from stored ones`() throws {
    let bench = try bench(Self.loop, at: 0, "left-options")
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe()) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    #expect(session.protection?.writeProtectedSectors == [])
    #expect(warnings.contains { $0.contains("not started their programming") }, "\(warnings)")
    let image = try #require(FirmwareImage(address: Self.base, bytes: Self.loop))
    try session.execute(session.plan(writing: image))
    #expect(session.close().isClean)
  }

  @Test func `a protection level that was written and not programmed keeps nobody from writing`() throws {
    let bench = try bench(Self.loop)
    let chip = bench.simulation.board.chip
    for word in [0x0819_2A3B, 0x4C5D_6E7F] as [UInt32] {
      _ = chip.flash.writeRegister(at: FlashRegister.optionKey, word, .word, now: chip.present)
    }
    let control = chip.flash.readRegister(at: FlashRegister.optionControl, .word, now: chip.present)
    _ = chip.flash.writeRegister(
      at: FlashRegister.optionControl, control & ~0xFF00 | 0x5500, .word, now: chip.present)
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe()) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    #expect(warnings.contains { $0.contains("not started their programming") }, "\(warnings)")
    #expect(session.protection?.readProtection == .level0)
    let image = try #require(FirmwareImage(address: Self.base, bytes: Self.loop))
    try session.execute(session.plan(writing: image))
    #expect(session.close().isClean)
  }

  @Test func `an update that broke off behind a bootloader is told by whoever looks`() throws {
    let bench = try bench(Self.loop)
    bench.setCells(at: 0x8010, [1, 2, 3, 4])
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug)) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    session.close()
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.hasPrefix("an erased row stands in front of the data at 0x0800_8000") ?? false, "\(warnings)")
  }
}
