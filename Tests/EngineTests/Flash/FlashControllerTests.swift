import Failures
import LinkInterface
import Testing

@testable import Engine

@Suite("Flash controller")
struct FlashControllerTests {
  private func failure(_ bench: FlashBench, _ body: () throws -> Void) throws -> FlashError {
    try #require(#expect(throws: FlashError.self) { try body() })
  }

  private func write(_ bench: FlashBench, byteCount: Int = 600) throws {
    try bench.write(try TestImages.firmware(byteCount, seed: 1))
  }

  @Test func `keys go only to a locked controller`() throws {
    let bench = try FlashBench()
    try bench.controller.withUnlocked { () throws(FlashError) in
      try bench.controller.withUnlocked { () throws(FlashError) in }
    }
    #expect(bench.target.offences.isEmpty)
    #expect(bench.target.isLocked)
  }

  @Test func `a controller that a wrong key has blocked is told with its remedy`() throws {
    let bench = try FlashBench()
    bench.target.faults.isKeyBlocked = true
    let error = try failure(bench) { try write(bench) }
    #expect(error.cause == .keysRefused)
    #expect(!error.leavesFlashIncomplete)
    #expect(error.aftermath == ["nothing was erased or programmed"])
    #expect(error.report.remedies.map(\.text).joined().contains("Reset"))
  }

  @Test func `a lock that does not hold is an error of its own`() throws {
    let bench = try FlashBench()
    bench.target.faults.cannotLock = true
    let error = try failure(bench) { try write(bench) }
    #expect(error.cause == .lockRefused)
  }

  @Test func `a failed lock is told beside the first error`() throws {
    let bench = try FlashBench()
    bench.target.faults.cannotLock = true
    bench.target.faults.statusOfNextProgram = 0x40
    let error = try failure(bench) { try write(bench) }
    guard case .errorBits = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(error.lockFailure != nil)
    #expect(error.report.evidence.joined().contains("could not be locked"))
  }

  @Test(arguments: [
    (UInt32(0x02), "OPERR", FailureCategory.flash), (0x10, "WRPERR", .protected), (0x20, "PGAERR", .flash),
    (0x40, "PGPERR", .flash), (0x80, "PGSERR", .flash), (0x100, "RDERR", .protected),
  ])
  func `every error bit of an erase is seen and named`(bit: UInt32, name: String, category: FailureCategory) throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    bench.target.faults.statusOfNextErase = bit
    let error = try failure(bench) { try write(bench) }
    #expect(error.report.summary.contains(name))
    #expect(error.report.category == category)
    #expect(error.evidence.status?.rawValue == bit)
    #expect(error.evidence.sector?.number == 0)
    #expect(error.evidence.millivolts == 3300)
    #expect(error.evidence.optionControl?.rawValue == 0x0FFF_AAED)
    #expect(bench.target.isLocked)
  }

  @Test func `an error while programming names the first address that failed`() throws {
    let bench = try FlashBench()
    let plan = try bench.plan(try TestImages.firmware(600, seed: 1))
    bench.target.faults.statusOfNextProgram = 0x40
    let error = try failure(bench) { try bench.execute(plan) }
    #expect(error.evidence.address == 0x0800_0010)
    #expect(error.evidence.sector?.number == 0)
    #expect(error.report.evidence.contains { $0.contains("0x0800_0010") })
  }

  @Test func `old error bits are cleared before each operation`() throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    bench.target.faults.statusOfNextErase = 0xF0
    #expect(throws: FlashError.self) { try write(bench) }
    try write(bench)
    #expect(bench.target.offences.isEmpty)
  }

  @Test func `an erase that never ends runs into its limit`() throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    bench.target.faults.eraseHangs = true
    let before = bench.target.clock.now
    let error = try failure(bench) { try write(bench) }
    guard case .timeout(_, let limit) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(limit == .milliseconds(500))
    #expect(error.report.category == .timeout)
    // Its own limit, then the longest that an operation can take before it is given up for locking.
    #expect(bench.target.clock.now - before < .seconds(50))
    #expect(error.lockFailure != nil)
  }

  @Test func `a reset in the middle of an erase is recognised`() throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    let plan = try bench.plan(try TestImages.firmware(600, seed: 1))
    bench.target.faults.resetBeforeAccess = bench.target.accessCount + 12
    let error = try failure(bench) { try bench.execute(plan) }
    guard case .chipReset = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(error.report.remedies.map(\.text).joined().contains("watchdog"))
  }

  @Test(arguments: [
    (3300, false, Parallelism.x32), (2700, false, .x32), (2699, false, .x16), (2100, false, .x16),
    (2099, false, .x8), (1700, false, .x8), (3300, true, .x64), (2600, true, .x16),
  ])
  func `the width follows the supply`(millivolts: Int, vpp: Bool, width: Parallelism) throws {
    let supply = SupplyConditions(millivolts: millivolts, hasProgrammingVoltage: vpp)
    let (parallelism, warning) = try supply.parallelism()
    #expect(parallelism == width)
    #expect(warning == nil)
  }

  @Test(arguments: [nil, 0, 20, 1500])
  func `without a believable voltage the narrowest width is taken and told`(millivolts: Int?) throws {
    let (parallelism, warning) = try SupplyConditions(millivolts: millivolts).parallelism()
    #expect(parallelism == .x8)
    #expect(warning?.text.contains("x8") ?? false)
    #expect(try SupplyConditions(millivolts: millivolts, asked: .x32).parallelism().0 == .x32)
  }

  @Test func `a width too wide for the supply is refused`() throws {
    let error = try #require(
      #expect(throws: FlashError.self) { try SupplyConditions(millivolts: 2500, asked: .x32).parallelism() })
    #expect(error.cause == .widthTooWide(asked: .x32, limit: .x16, millivolts: 2500))
    #expect(error.report.category == .usage)
    #expect(try SupplyConditions(millivolts: 3300, asked: .x16).parallelism().0 == .x16)
  }

  @Test func `x64 needs the user's word for VPP`() throws {
    let error = try #require(
      #expect(throws: FlashError.self) { try SupplyConditions(millivolts: 3300, asked: .x64).parallelism() })
    #expect(error.cause == .programmingVoltageNeeded)
    #expect(error.report.remedies.flatMap(\.remedies) == [.nameProgrammingVoltage])
    let supply = SupplyConditions(millivolts: 2500, hasProgrammingVoltage: true, asked: .x64)
    #expect(throws: FlashError.self) { try supply.parallelism() }
  }

  @Test func `x64 programs words where VPP is there`() throws {
    var chip = FakeTarget.Chip()
    chip.hasProgrammingVoltage = true
    let bench = try FlashBench(chip)
    try write(bench, byteCount: 3000)
    #expect(bench.target.registerWrites.contains { $0.address == 0x4002_3C10 && $0.value == 0x301 })
  }

  @Test func `every limit is the data sheet's maximum, and what is expected is what was measured`() throws {
    let map = try #require(SectorMap(family: .f2f4, byteCount: 1 << 20, layout: .singleBank))
    #expect(FlashTiming.f2f4.erase(map.sectors[0], .x8).maximum == .milliseconds(800))
    #expect(FlashTiming.f2f4.erase(map.sectors[4], .x16).maximum == .milliseconds(1400))
    #expect(FlashTiming.f2f4.erase(map.sectors[5], .x32).typical == .milliseconds(970))
    #expect(FlashTiming.f2f4.massErase(map, .x8).maximum >= .seconds(32))
    #expect(FlashTiming.f2f4.massErase(map, .x32).typical == .milliseconds(8400))
  }
}
