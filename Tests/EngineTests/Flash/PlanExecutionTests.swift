import Failures
import TestSupport
import Testing

@testable import Engine

@Suite("Plans carried out")
struct PlanExecutionTests {
  @Test(arguments: 0..<7, [true, false])
  func `after any plan the flash equals the image and untouched bytes are as before`(kind: Int, skips: Bool) throws {
    for round in 0..<3 {
      let seed = UInt64(kind * 1000 + round * 2 + (skips ? 1 : 0))
      var random = SeededGenerator(seed: seed)
      var chip = FakeTarget.Chip.zoo[kind]
      chip.millivolts = [3300, 2500, 1900, nil].randomElement(using: &random) ?? nil
      let bench = try FlashBench(chip)
      for sector in bench.device.sectorMap.sectors where Bool.random(using: &random) {
        bench.fill(sector.range.lowerBound..<sector.range.lowerBound + 5000, &random)
      }
      let image = try TestImages.scattered(in: bench.target.flash.count, &random)
      var wanted = bench.target.flash
      for segment in image.segments {
        let start = Int(segment.address - 0x0800_0000)
        wanted.replaceSubrange(start..<start + segment.bytes.count, with: segment.bytes)
      }
      try bench.write(image, PlanOptions(skipsEqualSectors: skips))
      #expect(bench.target.flash == wanted, "seed \(seed)")
      #expect(bench.target.isLocked && bench.target.control == 0x8000_0000, "seed \(seed)")
      #expect(bench.target.offences.isEmpty, "seed \(seed): \(bench.target.offences)")
    }
  }

  @Test func `a failure of the probe at any access leaves no valid vector table`() throws {
    try failEverywhere { $0.goneFromAccess = $1 }
  }

  @Test func `a fault of the target at any access leaves the controller locked and no valid vector table`() throws {
    try failEverywhere(locks: true, mayPass: true) { $0.faultAtAccess = $1 }
  }

  @Test func `an interruption at any access leaves the controller locked and no valid vector table`() throws {
    try failEverywhere(locks: true) { $0.interruptAtAccess = $1 }
  }

  @Test func `a reset of the chip at any access leaves the controller locked and no valid vector table`() throws {
    try failEverywhere(locks: true, mayPass: true) { $0.resetBeforeAccess = $1 }
  }

  /// Writes a firmware over another one with something going wrong at each access in turn.
  private func failEverywhere(
    locks: Bool = false, mayPass: Bool = false, _ inject: (inout FakeTarget.Faults, Int) -> Void
  ) throws {
    let image = try TestImages.firmware(17_000, seed: 7)
    var access = 0
    while true {
      let bench = try FlashBench(.f410x8)
      var random = SeededGenerator(seed: 8)
      bench.fill(0x0800_0000..<0x0800_8000, &random)
      let old = bench.vectors
      let plan = try bench.plan(image)
      let first = bench.target.accessCount + 1 + access
      inject(&bench.target.faults, first)
      do {
        try bench.execute(plan)
        if bench.target.accessCount < first { break }
        #expect(mayPass, "access \(access) did not matter")
        #expect(Array(bench.target.flash[0..<17_000]) == image.segments[0].bytes, "access \(access)")
      } catch let error as FlashError {
        let isUntouched = !error.leavesFlashIncomplete
        let complete = Array(image.segments[0].bytes.prefix(8))
        let vectors = bench.vectors
        // Only the very last step may fail with the vectors in place: everything before it has been verified.
        let isDone = vectors == complete && Array(bench.target.flash[0..<17_000]) == image.segments[0].bytes
        #expect(isUntouched ? vectors == old : vectors == blank || isDone || vectors == old, "access \(access)")
        if vectors == old { #expect(bench.target.erasedCodes.isEmpty, "access \(access): the old vectors survived") }
        if locks { #expect(bench.target.isLocked, "access \(access)") }
        #expect(!error.report.summary.isEmpty)
      }
      access += 1
    }
    #expect(access > 40)
  }

  private let blank = [UInt8](repeating: 0xFF, count: 8)

  @Test func `the vector sector is erased first and its first row programmed last`() throws {
    let bench = try FlashBench()
    var random = SeededGenerator(seed: 3)
    bench.fill(0x0800_0000..<0x0802_0000, &random)
    try bench.write(try TestImages.firmware(100_000, seed: 4))
    #expect(bench.target.erasedCodes == [0, 1, 2, 3, 4])
    #expect(bench.target.programmedAddresses.suffix(4) == [0x0800_0000, 0x0800_0004, 0x0800_0008, 0x0800_000C])
    let firstOfVectorSector = try #require(bench.target.programmedAddresses.firstIndex { $0 < 0x0800_4000 })
    #expect(bench.target.programmedAddresses[firstOfVectorSector...].allSatisfy { $0 < 0x0800_4000 })
  }

  @Test func `an application behind a boot loader gets its own first row last`() throws {
    let bench = try FlashBench()
    var random = SeededGenerator(seed: 5)
    try bench.write(try TestImages.image((0x0801_0000, random.bytes(70_000))))
    #expect(bench.target.programmedAddresses.last == 0x0801_000C)
  }

  @Test func `events tell the phases, the sectors and their times`() throws {
    let bench = try FlashBench()
    bench.target.flash[0] = 0
    try bench.write(try TestImages.firmware(5000, seed: 6))
    let phases = bench.events.events.compactMap { if case .phaseStarted(let phase, _) = $0 { phase } else { nil } }
    #expect(phases == [.erasing, .programming, .verifying])
    let erased = bench.events.events.compactMap { if case .sectorErased(_, let time) = $0 { time } else { nil } }
    #expect(erased.count == 1 && erased[0] > .milliseconds(100))
    for phase in phases {
      let last = bench.events.events.last { if case .progress(phase, _, _) = $0 { true } else { false } }
      guard case .progress(_, let done, let total) = last else {
        Issue.record("no progress of \(phase)")
        continue
      }
      #expect(done <= total)
    }
  }

  @Test func `caches are off while reading back and on again afterwards`() throws {
    let bench = try FlashBench()
    bench.target.flash[100] = 0
    bench.target.accessControl = 0x0705
    try bench.write(try TestImages.firmware(5000, seed: 9))
    #expect(bench.target.accessControl == 0x0705)
    #expect(bench.target.offences.isEmpty)
  }

  @Test func `caches come on again when the comparison fails`() throws {
    let bench = try FlashBench()
    bench.target.accessControl = 0x0605
    bench.target.faults.unprogrammable = 3000..<3001
    #expect(throws: FlashError.self) { try bench.write(try TestImages.firmware(5000, seed: 10)) }
    #expect(bench.target.accessControl == 0x0605)
  }

  @Test func `a firmware that fails verification never gets its vector table`() throws {
    let bench = try FlashBench()
    bench.target.faults.unprogrammable = 3000..<3004
    let error = try #require(
      #expect(throws: FlashError.self) { try bench.write(try TestImages.firmware(5000, seed: 11)) })
    #expect(bench.vectors == blank)
    #expect(error.leavesFlashIncomplete)
    #expect(error.report.category == .verify)
  }

  @Test func `without verification nothing is read back`() throws {
    let bench = try FlashBench()
    let plan = try bench.plan(try TestImages.firmware(5000, seed: 12))
    bench.target.faults.unprogrammable = 3000..<3001
    try bench.execute(plan, verifies: false)
    #expect(bench.vectors != blank)
  }

  @Test func `an erase is verified too`() throws {
    let bench = try FlashBench()
    bench.target.flash[0x4100] = 0x12
    bench.target.faults.unerasable = 0x4100..<0x4101
    let plan = try bench.planner().plan(erasing: .sectors([1]))
    let error = try #require(#expect(throws: FlashError.self) { try bench.execute(plan) })
    guard case .mismatch(let mismatch) = error.cause else {
      Issue.record("\(error)")
      return
    }
    #expect(mismatch.address == 0x0800_4100)
    #expect(mismatch.likelyCause == .notErased)
  }
}
