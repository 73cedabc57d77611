import Engine
import Failures
import SimProbe
import Testing

@Suite("Diagnosis of simulated benches")
struct DiagnosisTests {
  private func findings(
    _ target: String, _ faults: [String] = [], _ options: Diagnosis.Options = Diagnosis.Options(),
    state: [UInt8]? = nil, millivolts: Int = 3300
  ) throws -> DiagnosisReport {
    var configuration = SimulationConfiguration(target: target)
    configuration.faults = try faults.map { try Fault($0) }
    configuration.state = state
    configuration.supplyMillivolts = millivolts
    return Diagnosis(probe: try Simulation(configuration).probe, options: options).run()
  }

  private func outcome(_ report: DiagnosisReport, _ area: DiagnosisFinding.Area) -> DiagnosisFinding.Outcome? {
    report.findings.last { $0.area == area }?.outcome
  }

  @Test func `a healthy blank board passes every step`() throws {
    let report = try findings("nucleo-f207zg")
    let areas = Set(report.findings.map(\.area))
    #expect(
      areas.isSuperset(of: [.usb, .probe, .supply, .wires, .chip, .protection, .options, .controller, .contents]))
    #expect(report.failure == nil)
    #expect(outcome(report, .contents) == .good)
    #expect(outcome(report, .resetLine) == .good)
  }

  @Test func `every finding says something, and whatever is not good has a cause`() throws {
    for faults in [[], ["jumpers-open"], ["unpowered"], ["nrst-open"], ["firmware=swd-reused"]] {
      for finding in try findings("nucleo-f411re", faults).findings {
        #expect(!finding.value.isEmpty && !finding.value.hasSuffix("."))
        if finding.outcome == .failed || finding.outcome == .warning && finding.area != .supply {
          #expect(!finding.causes.isEmpty, "\(finding)")
        }
      }
    }
  }

  @Test func `open jumpers on a Nucleo are named`() throws {
    let report = try findings("nucleo-f207zg", ["jumpers-open"])
    #expect(report.decisive?.area == .wires)
    #expect(report.decisive?.causes.first == .jumpersOpen)
    #expect(report.failure?.category == .noTarget)
  }

  @Test func `a chip without supply is named`() throws {
    let report = try findings("nucleo-f411re", ["unpowered=1200"])
    #expect(report.findings.contains { $0.area == .supply && $0.outcome == .warning })
    #expect(report.decisive?.area == .wires)
    #expect(report.decisive?.causes.first == .targetUnpowered)
  }

  @Test func `an open NRST is a warning`() throws {
    let report = try findings("nucleo-f411re", ["nrst-open"])
    #expect(report.findings.first { $0.area == .resetLine }?.causes == [.resetOpen])
    #expect(report.failure == nil)
  }

  @Test func `a program on the SWD pins is reached under reset, and the walk goes on`() throws {
    let report = try findings("nucleo-f411re", ["firmware=swd-reused"])
    #expect(report.findings.first { $0.outcome == .warning }?.causes.first == .pinsReused)
    #expect(outcome(report, .chip) == .good)
    #expect(outcome(report, .resetLine) == .good)
  }

  @Test func `a diagnosis that may not touch the target does not reset it`() throws {
    let report = try findings("nucleo-f411re", [], Diagnosis.Options(mayReset: false))
    #expect(outcome(report, .resetLine) == .skipped)
    let silent = try findings("nucleo-f411re", ["firmware=swd-reused"], Diagnosis.Options(mayReset: false))
    #expect(silent.decisive?.area == .wires)
  }

  @Test func `a program that resets its chip is named, and the rest of the chip is looked at all the same`() throws {
    let report = try findings("nucleo-f411re", ["firmware=reset-loop"])
    #expect(report.failure == nil)
    #expect(report.decisive?.area == .core)
    #expect(report.decisive?.causes.first == .resetLoop)
    #expect(outcome(report, .chip) == .good)
    #expect(outcome(report, .controller) == .good)
  }

  @Test func `a chip in its bootloader and a serial number of zeros are told`() throws {
    let report = try findings("nucleo-f411re", ["boot0-high"])
    #expect(report.failure == nil)
    #expect(report.decisive?.causes == [.bootPinHigh])
    #expect(try findings("nucleo-f411re", ["serial-duplicate"]).decisive?.causes == [.cloneProbe])
  }

  @Test(arguments: ["clock-limit=500", "swd-errors=100", "swd-errors=300", "swd-errors=1000"])
  func `errors on the wires are counted at falling clocks, and named whatever else they spoil`(fault: String) throws {
    let report = try findings("nucleo-f411re", [fault])
    let wires = report.findings.filter { $0.area == .wires }
    #expect(wires.count > 1)
    #expect(wires.allSatisfy { $0.outcome == .good || $0.causes.first == .badCable }, "\(wires)")
    #expect(report.decisive?.causes.first == .badCable)
  }

  @Test func `missing VCAP capacitors show when a sector is tested, and reading alone promises nothing`() throws {
    let reading = try findings("stm32f412ce", ["vcap-missing"])
    #expect(reading.verdict.hasSuffix("as far as reading tells"))
    #expect(reading.remedies.first?.remedies == [.testSector])
    let options = Diagnosis.Options(isDeep: true, testedSector: 0)
    #expect(try findings("stm32f412ce", ["vcap-missing"], options).failure?.causes.first == .capacitorMissing)
    #expect(try findings("stm32f412ce", [], options).remedies.isEmpty)
  }

  @Test func `nothing is written to the flash, not even in a deep diagnosis without a sector`() throws {
    var configuration = SimulationConfiguration(target: "stm32f411re")
    let first = try Simulation(configuration)
    configuration.state = first.saveState()
    let simulation = try Simulation(configuration)
    let report = Diagnosis(probe: simulation.probe, options: Diagnosis.Options(isDeep: true)).run()
    #expect(outcome(report, .ram) == .good)
    #expect(simulation.saveState() == configuration.state)
  }

  @Test func `a named sector is tested and has its content back`() throws {
    let simulation = try Simulation(SimulationConfiguration(target: "stm32f411re"))
    let session = TargetSession(probe: simulation.probe)
    try session.open()
    let image = try #require(
      FirmwareImage(address: 0x0800_4000, bytes: (0..<4096).map { UInt8(truncatingIfNeeded: $0 * 7) }))
    try session.execute(session.plan(writing: image))
    session.close()
    var configuration = SimulationConfiguration(target: "stm32f411re")
    configuration.state = simulation.saveState()
    let again = try Simulation(configuration)
    let report = Diagnosis(probe: again.probe, options: Diagnosis.Options(isDeep: true, testedSector: 1)).run()
    #expect(outcome(report, .sector) == .good)
    var after = SimulationConfiguration(target: "stm32f411re")
    after.state = again.saveState()
    let check = TargetSession(probe: try Simulation(after).probe)
    try check.open()
    try check.verify(image)
    check.close()
  }
}
