import Engine
import Failures
import LinkInterface
import Synchronization
import Testing

@testable import SimProbe

/// What a deep diagnosis takes out of a chip is in it again afterwards, however it ends.
@Suite("Deep diagnosis")
struct DeepDiagnosisTests {
  /// A copy that a test can look at.
  private final class Copy: Sendable {
    let kept = Mutex<[UInt8]?>(nil)

    var keeper: ContentKeeper {
      ContentKeeper(
        keep: { [self] bytes, _ in
          kept.withLock { $0 = bytes }
          return "a drawer"
        }, discard: { [self] in kept.withLock { $0 = nil } })
    }
  }

  /// Sector 1 of an F407: 16 KiB, of which the first bytes hold something.
  private static let sectorOffset = 0x4000
  private static let content = (0..<96).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }
  private static let ram: UInt32 = 0x2000_0000
  private static let ramWords = 0..<(256 as UInt32)

  private func bench() throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f407vg")
    bench.setCells(at: Self.sectorOffset, Self.content)
    for index in Self.ramWords {
      _ = bench.simulation.board.chip.bus.write(Self.ram + 4 * index, index &* 0x9E37_79B9, .word, by: .debugger)
    }
    return bench
  }

  private func diagnose(_ bench: SimulatedBench, _ interruption: Interruption? = nil, _ copy: Copy? = nil)
    -> DiagnosisReport
  {
    let options = Diagnosis.Options(
      isDeep: true, testedSector: 1, keeper: copy?.keeper, interruption: interruption)
    return Diagnosis(probe: bench.probe(), options: options).run()
  }

  private func ram(of bench: SimulatedBench) -> [UInt32?] {
    Self.ramWords.map { index in
      let access = bench.simulation.board.chip.bus.read(Self.ram + 4 * index, .word, by: .debugger)
      return if case .done(let word, _) = access { word } else { nil }
    }
  }

  private func sector(of bench: SimulatedBench) -> [UInt8] { bench.cells(0x4000..<0x8000) }

  @Test func `an interruption at any transfer leaves RAM and sector as they were`() throws {
    let whole = try bench()
    let (ramBefore, sectorBefore) = (ram(of: whole), sector(of: whole))
    #expect(diagnose(whole).failure == nil)
    #expect(ram(of: whole) == ramBefore && sector(of: whole) == sectorBefore)
    var wasStoppedInTheMiddle = false
    for batch in 1...whole.batchCount {
      let bench = try bench()
      let interruption = Interruption()
      let copy = Copy()
      bench.mishaps[batch] = .request(interruption)
      let report = diagnose(bench, interruption, copy)
      #expect(sector(of: bench) == sectorBefore, "the sector, interrupted at batch \(batch)")
      #expect(ram(of: bench) == ramBefore, "RAM, interrupted at batch \(batch)")
      #expect(copy.kept.withLock { $0 } == nil, "the copy, interrupted at batch \(batch)")
      #expect(bench.isLockedAndIdle, "the controller, interrupted at batch \(batch)")
      if report.findings.last(where: { $0.area == .sector })?.category == .interrupted { wasStoppedInTheMiddle = true }
    }
    #expect(wasStoppedInTheMiddle)
  }

  @Test func `a content that cannot be put back is in the copy, which the failure names`() throws {
    let whole = try bench()
    let sectorBefore = sector(of: whole)
    _ = diagnose(whole)
    var losses = 0
    for batch in stride(from: 1, through: whole.batchCount, by: 7) {
      let bench = try bench()
      let copy = Copy()
      bench.mishaps[batch] = .unplug
      let report = diagnose(bench, nil, copy)
      guard sector(of: bench) != sectorBefore else { continue }
      losses += 1
      #expect(copy.kept.withLock { $0 } == sectorBefore, "unplugged at batch \(batch)")
      #expect(report.findings.contains { $0.area == .sector && $0.value.contains("a drawer") })
    }
    #expect(losses > 0)
  }

  @Test func `a sector whose content cannot be kept is left alone`() throws {
    let bench = try bench()
    let keeper = ContentKeeper(
      keep: { _, _ throws(FailureReport) in
        throw FailureReport(.file, "the disk is full")
      }, discard: {})
    let erasedBefore = bench.eraseCounts
    let options = Diagnosis.Options(isDeep: true, testedSector: 1, keeper: keeper)
    let report = Diagnosis(probe: bench.probe(), options: options).run()
    #expect(
      report.findings.contains { $0.area == .sector && $0.outcome == .skipped && $0.value.contains("disk is full") })
    #expect(bench.eraseCounts == erasedBefore)
  }
}
