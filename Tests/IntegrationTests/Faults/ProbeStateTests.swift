import Engine
import Failures
import Testing

@testable import SimProbe

/// Probes that do not do what their version says, and a link that has latched up.
@Suite("Probes in a bad state")
struct ProbeStateTests {
  private static let image = FirmwareImage(
    address: 0x0800_0000, bytes: [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF, 1, 2, 3, 4])

  private func bench(_ fault: String, millivolts: Int = 3300) throws -> SimulatedBench {
    let bench = try SimulatedBench("stm32f407vg") { $0.faults = [try Fault(fault)] }
    bench.setCells(at: 0x100, [0x5A])
    bench.setSupply(millivolts)
    return bench
  }

  @Test(arguments: [14, 17, 20])
  func `a clone without 16-bit accesses programs at x8 where the supply allows x16`(level: Int) throws {
    let bench = try bench("probe-clone=\(level)", millivolts: 2400)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(usesLoader: false))
    defer { session.close() }
    try session.open()
    let plan = try session.plan(writing: try #require(Self.image))
    #expect(plan.parallelism == .x8)
    try session.execute(plan)
    #expect(bench.cells(0..<16) == Self.image?.segments[0].bytes)
  }

  @Test func `x16 that such a probe cannot make is refused before anything is touched`() throws {
    let bench = try bench("probe-clone=17", millivolts: 2400)
    let session = TargetSession(
      probe: bench.probe(), options: SessionOptions(parallelism: .x16, usesLoader: false))
    defer { session.close() }
    try session.open()
    #expect(throws: SessionError.self) { try session.plan(writing: try #require(Self.image)) }
    #expect(bench.cells(0x100..<0x101) == [0x5A])
  }

  @Test(arguments: [nil, Engine.Parallelism.x16], [false, true])
  func `a loader that is refused in the last moment leaves no x16 to such a probe`(
    asked: Engine.Parallelism?, isToBeExecuted: Bool
  ) throws {
    // It calls itself an F407, and has too little RAM for the loader of one.
    let bench = try SimulatedBench("stm32f410rb") {
      $0.faults = [try Fault("foreign-id=0x413"), try Fault("probe-clone=17")]
    }
    bench.setCells(at: 0x100, [0x5A])
    bench.setSupply(2400)
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(parallelism: asked))
    defer { session.close() }
    try session.open()
    let image = try #require(Self.image)
    let plan = try session.plan(writing: image, isToBeExecuted: isToBeExecuted)
    if asked == nil {
      #expect(try session.execute(plan).parallelism == .x8)
      #expect(bench.cells(0..<16) == image.segments[0].bytes)
    } else {
      #expect(throws: SessionError.self) { try session.execute(plan) }
    }
    #expect(bench.cells(0x100..<0x101) == [0x5A])
  }

  @Test(arguments: [AttachMode.automatic, .normal, .underReset])
  func `a latched link comes back by RESETSYS, and that is said`(mode: AttachMode) throws {
    let bench = try bench("probe-latched")
    var warnings: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: mode)) { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    try session.open()
    #expect(session.close().isClean)
    #expect(warnings.contains { $0.contains("RESETSYS") })
  }

  @Test func `a hot plug does not reset a latched link and says what would help`() throws {
    let bench = try bench("probe-latched")
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug))
    let error = #expect(throws: SessionError.self) { try session.open() }
    #expect(error?.report.remedies.first?.text.contains("RESETSYS") == true)
    #expect(!bench.sent.contains { $0.starts(with: [0xF2, 0x32]) })
  }
}
