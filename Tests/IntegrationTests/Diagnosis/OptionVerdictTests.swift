import Failures
import Testing

@testable import Engine
@testable import SimProbe

/// Option bytes that make trouble by themselves are named, each once, by the diagnosis and by whoever opens a session.
@Suite("What option bytes do to a chip")
struct OptionVerdictTests {
  /// An endless loop.
  private static let program: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]

  private func bench(
    _ target: String, user: UInt16 = 0xAAEC, protection: UInt16? = nil, millivolts: Int = 3300, _ faults: String...
  ) throws -> SimulatedBench {
    let faults = try faults.map { try Fault($0) }
    let bench = try SimulatedBench(target) { $0.faults = faults }
    bench.setCells(at: 0, Self.program)
    bench.setOptions(user: user, protection: protection)
    bench.setSupply(millivolts)
    bench.simulation.run(for: .milliseconds(5))
    return bench
  }

  private func diagnose(_ bench: SimulatedBench) -> DiagnosisReport {
    Diagnosis(probe: bench.probe(), options: Diagnosis.Options(mayReset: false)).run()
  }

  /// What a session says when it opens.
  private func said(_ bench: SimulatedBench) throws -> [String] {
    var said: [String] = []
    let session = TargetSession(probe: bench.probe(), options: SessionOptions(attachMode: .hotPlug)) { event in
      if case .warning(let advice) = event { said.append(advice.text) }
      if case .note(let advice) = event { said.append(advice.text) }
    }
    try session.open()
    session.close()
    return said
  }

  @Test(arguments: [
    // BOR_LEV, a supply at which the chip still answers, what is said of it
    (UInt16(0xAAE0), 2850, "below 2.7 V (level 3)", true), (0xAAE0, 3300, "below 2.7 V (level 3)", false),
    (0xAAE4, 2540, "below 2.4 V (level 2)", true), (0xAAE4, 2700, "below 2.4 V (level 2)", false),
    (0xAAE8, 2210, "below 2.1 V (level 1)", true), (0xAAEC, 1800, "off", false),
  ])
  func `a brown-out level is a problem where the supply may not reach it`(
    user: UInt16, millivolts: Int, text: String, isProblem: Bool
  ) throws {
    let bench = try bench("stm32f407vg", user: user, millivolts: millivolts)
    let report = diagnose(bench)
    let finding = try #require(report.findings.first { $0.area == .options })
    #expect(finding.value.contains(text), "\(finding)")
    #expect(finding.causes == (isProblem ? [.brownOutLevel] : []), "\(finding)")
    #expect(report.problems.contains(finding) == isProblem)
    #expect(try said(bench).contains { $0.contains(text) } == isProblem)
  }

  @Test func `a chip that its brown-out level keeps in reset is silent, and the level is among the causes`() throws {
    let bench = try bench("stm32f407vg", user: 0xAAE0, millivolts: 2490)
    let report = diagnose(bench)
    #expect(report.decisive?.area == .wires)
    #expect(report.decisive?.causes.contains(.brownOutLevel) ?? false, "\(report.verdict)")
    #expect(report.failure?.causes.prefix(2).contains(.brownOutLevel) ?? false)
    // At 3.3 V no level explains it.
    let healthy = ConnectionEvidence(
      symptom: .silent, millivolts: 3300, isProbeOnBoard: false, hasTriedReset: true, resetLine: .notTested)
    #expect(!healthy.causes.contains(.brownOutLevel))
  }

  @Test(arguments: [
    (UInt16(0xAACC), "the watchdog starts at every reset (WDG_SW)", FailureCause.watchdogResets),
    (0xAAAC, "Stop mode resets (nRST_STOP)", .lowPowerResets),
    (0xAA6C, "Standby mode resets (nRST_STDBY)", .lowPowerResets),
    (0xAA2C, "Stop mode resets (nRST_STOP), Standby mode resets (nRST_STDBY)", .lowPowerResets),
  ])
  func `each bit that turns something into a reset is named`(user: UInt16, text: String, cause: FailureCause) throws {
    let bench = try bench("stm32f407vg", user: user)
    let report = diagnose(bench)
    #expect(report.problems.map(\.value) == [text])
    #expect(report.problems.first?.causes == [cause])
    #expect(try said(bench).filter { $0 == text }.count == 1)
  }

  @Test func `BFB2 and DB1M are told, and are no problem`() throws {
    let swapped = diagnose(try bench("stm32f429zi", user: 0xAAFC))
    #expect(swapped.findings.contains { $0.area == .options && $0.value.contains("BFB2") && $0.outcome == .good })
    let split = diagnose(try bench("stm32f429zg", protection: 0x4FFF))
    #expect(split.findings.contains { $0.area == .options && $0.value.contains("DB1M") && $0.outcome == .good })
    for report in [swapped, split] { #expect(!report.problems.contains { $0.area == .options }) }
    // 2 MiB are two banks whatever DB1M says.
    let large = diagnose(try bench("stm32f429zi", protection: 0x4FFF))
    #expect(!large.findings.contains { $0.value.contains("DB1M") })
  }

  @Test func `a verdict names every problem, and each once`() throws {
    // WDG_SW, nRST_STOP, a protected sector, and a probe with a serial number of zeros.
    let bench = try bench("stm32f407vg", user: 0xAA8C, protection: 0x0FFB, "serial-duplicate")
    let report = diagnose(bench)
    for text in ["WDG_SW", "nRST_STOP", "write-protected sectors: 2", "a serial number of zeros"] {
      #expect(report.verdict.ranges(of: text).count == 1, "\(text): \(report.verdict)")
    }
    #expect(report.problems.count == Set(report.problems.map(\.value)).count)
    for finding in report.findings where finding.outcome == .warning || finding.outcome == .failed {
      #expect(
        report.problems.contains { $0 == finding || $0.causes.first == finding.causes.first }, "\(finding) is not told")
    }
  }

  @Test func `a chip that its watchdog resets is told so once`() throws {
    let bench = try bench("stm32f407vg", user: 0xAACC)
    bench.simulation.run(for: .milliseconds(1200))
    let report = Diagnosis(probe: bench.probe()).run()
    #expect(report.problems.count { $0.causes.first == .watchdogResets } == 1, "\(report.verdict)")
  }
}
