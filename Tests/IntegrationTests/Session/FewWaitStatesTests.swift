import Engine
import Failures
import LinkInterface
import TestSupport
import Testing

@testable import SimProbe

/// A program that reads its flash too early, in front of every verb and every way to attach: what comes of it is right, or
/// it is said why it cannot be; never bytes that are none, never a blank chip, a clone or a difference that is none.
@Suite("Too few wait states")
struct FewWaitStatesTests {
  private static let base: UInt32 = 0x0800_0000
  private static let byteCount = 6000

  /// What the commands do with a session.
  enum Verb: String, CaseIterable {
    case look, read, readOTP, readOptions, readIdentity, verify, verifyAnother, verifyAndReset, planEqual, write
    case writeDirect, erase, reset, unprotect, diagnose, diagnoseDeeply, diagnoseSector
  }

  /// A bench with a firmware that has set up its clock, and what its flash holds.
  private struct Bench {
    let bench: SimulatedBench
    let content: [UInt8]
    let program: RacingFirmware
    var said: [String] = []

    init(_ target: String, _ program: RacingFirmware) throws {
      bench = try SimulatedBench(target)
      var random = SeededGenerator(seed: 5)
      content = program.bytes + random.bytes(FewWaitStatesTests.byteCount - program.bytes.count)
      self.program = program
      bench.setCells(at: 0, content)
      bench.setCells(at: 0x4000, Array(1...99))
      bench.simulation.board.cyclePower()
      bench.simulation.run(for: .milliseconds(8))
      let chip = bench.simulation.board.chip
      chip.synchronise()
      #expect(chip.flash.readsTooEarly, "\(target), \(program)")
    }

    /// Whether the flash holds what it held, but for what a verb has changed.
    var isAsBefore: Bool {
      Array(bench.flash[..<content.count]) == content && Array(bench.flash[0x4000..<0x4063]) == Array(1...99)
    }
  }

  /// Whether an error is the one that has to come where nothing better can be done.
  private func isTold(_ error: SessionError) -> Bool {
    error.report.causes.first == .fewWaitStates && error.report.category == .flash
  }

  private func perform(_ verb: Verb, _ mode: AttachMode, _ bench: inout Bench, _ situation: String) throws {
    if [.diagnose, .diagnoseDeeply, .diagnoseSector].contains(verb) {
      return try diagnose(verb, mode, bench, situation)
    }
    var said: [String] = []
    let session = TargetSession(
      probe: bench.bench.probe(), options: SessionOptions(attachMode: mode, usesLoader: verb != .writeDirect)
    ) { event in
      if case .warning(let advice) = event { said.append(advice.text) }
      if case .note(let advice) = event { said.append(advice.text) }
    }
    do throws(SessionError) {
      try session.open()
      try perform(verb, session, bench, situation)
    } catch {
      #expect(isTold(error), "\(situation): \(error.report)")
      #expect(mode == .hotPlug, "\(situation): \(error.report)")
      said.append(error.report.summary)
    }
    let statement = session.close()
    #expect(statement.problems == [], "\(situation)")
    said += statement.lines
    bench.said = said
    expectNoLies(said, situation)
  }

  private func expectNoLies(_ said: [String], _ situation: String) {
    for lie in ["clone", "blank", "differ", "erased at its start", "65535", "another"] {
      #expect(!said.contains { $0.contains(lie) }, "\(situation): \(said)")
    }
  }

  private func perform(
    _ verb: Verb, _ session: TargetSession, _ bench: Bench, _ situation: String
  ) throws(SessionError) {
    let image = FirmwareImage(address: Self.base, bytes: bench.content)
    var other = bench.content
    other[4000] ^= 1
    let another = FirmwareImage(address: Self.base, bytes: other)
    let identity: [UInt8]
    switch verb {
    case .look: break
    case .read:
      let bytes = try session.read(address: Self.base, byteCount: bench.content.count)
      #expect(bytes == bench.content, "\(situation)")
      #expect(session.device?.flashByteCount == bench.bench.flash.count, "\(situation)")
    case .readOTP: #expect(try session.read(address: 0x1FFF_7A00, byteCount: 4) == [0xFF, 0xFF, 0xFF, 0xFF])
    case .readOptions:
      let bytes = try session.read(address: 0x1FFF_C000, byteCount: 2)
      #expect(bytes[1] == 0xAA, "\(situation)")
    case .readIdentity:
      identity = try session.read(address: 0x1FFF_7A22, byteCount: 2)
      #expect(
        Int(identity[0]) | Int(identity[1]) << 8 == bench.bench.flash.count / 1024, "\(situation)")
    case .verify, .verifyAndReset:
      if let image { try session.verify(image, mayReset: verb == .verifyAndReset) }
    case .verifyAnother:
      guard let another else { return }
      do throws(SessionError) {
        try session.verify(another)
        Issue.record("\(situation): a difference is not seen")
      } catch {
        guard case .flash(let flash) = error, case .mismatch(let mismatch) = flash.cause else { throw error }
        #expect(mismatch.address == Self.base + 4000 && mismatch.differingByteCount == 1, "\(situation)")
      }
    case .planEqual:
      guard let image, let another else { return }
      #expect(try session.plan(writing: image, PlanOptions(skipsEqualSectors: true)).isEmpty, "\(situation)")
      #expect(
        try session.plan(writing: another, PlanOptions(skipsEqualSectors: true)).erasedSectors.map(\.number) == [0])
    case .write, .writeDirect:
      // Half of the sector is to be kept.
      guard let part = FirmwareImage(address: Self.base, bytes: Array(bench.content[..<3000])) else { return }
      try session.execute(try session.plan(writing: part, isToBeExecuted: true))
      #expect(bench.isAsBefore, "\(situation)")
    case .erase:
      try session.execute(try session.plan(erasing: .sectors([1])))
      #expect(bench.bench.flash[0x4000..<0x8000].allSatisfy { $0 == 0xFF }, "\(situation)")
    case .reset: try session.reset()
    case .unprotect: #expect(try session.liftWriteProtection().isEmpty)
    case .diagnose, .diagnoseDeeply, .diagnoseSector: break
    }
    if verb != .erase { #expect(bench.isAsBefore, "\(situation)") }
  }

  private func diagnose(_ verb: Verb, _ mode: AttachMode, _ bench: Bench, _ situation: String) throws {
    let options = Diagnosis.Options(
      mayReset: mode != .hotPlug, isDeep: verb != .diagnose, testedSector: verb == .diagnoseSector ? 1 : nil)
    let report = Diagnosis(probe: bench.bench.probe(), options: options).run()
    #expect(report.failure == nil, "\(situation): \(report.verdict)")
    #expect(report.problems.contains { $0.causes.first == .fewWaitStates }, "\(situation): \(report.verdict)")
    #expect(
      report.problems.count { $0.causes.first == .fewWaitStates } == 1, "\(situation): told once: \(report.verdict)")
    expectNoLies(report.findings.filter { $0.area != .ram }.map(\.value), situation)
    #expect(bench.isAsBefore, "\(situation)")
    if verb == .diagnoseSector {
      let sector = report.findings.last { $0.area == .sector }
      #expect(sector?.outcome == .good || sector?.value.contains("clock") ?? false, "\(situation): \(report.findings)")
    }
  }

  @Test(arguments: Verb.allCases)
  func `no verb believes what comes out of a flash that is read too early, however it attaches`(verb: Verb) throws {
    for program in [RacingFirmware.withoutWaitStates, .withOneWaitState, .tooFast, .withUnknownCrystal] {
      for mode in [AttachMode.automatic, .normal, .hotPlug, .underReset] {
        var bench = try Bench("stm32f407vg", program)
        try perform(verb, mode, &bench, "\(verb), \(mode), \(program)")
      }
    }
  }

  @Test(
    arguments: [
      "stm32f207zg", "stm32f429zi", "stm32f446re", "stm32f401cc", "stm32f411ce", "stm32f410rb", "stm32f413zh",
    ], [RacingFirmware.withoutWaitStates, .tooFast])
  func `nor does one on another part`(target: String, program: RacingFirmware) throws {
    for (verb, mode) in [(Verb.read, AttachMode.automatic), (.look, .hotPlug), (.diagnose, .automatic)] {
      var bench = try Bench(target, program)
      try perform(verb, mode, &bench, "\(target), \(verb), \(mode), \(program)")
      #expect(verb == .diagnose || !bench.said.isEmpty, "\(target), \(verb), \(program)")
    }
  }

  @Test(arguments: [Verb.look, .read, .readIdentity, .verify, .verifyAnother, .write, .diagnose])
  func `a board with another crystal than the program was built for is found out`(verb: Verb) throws {
    for mode in [AttachMode.automatic, .hotPlug] {
      var bench = try Bench("stm3220g-eval", .onWrongCrystal)
      try perform(verb, mode, &bench, "\(verb), \(mode)")
    }
  }

  @Test(arguments: [Verb.look, .read, .verify, .erase])
  func `a program that goes on in RAM runs on, unless it was reset to be read`(verb: Verb) throws {
    for mode in [AttachMode.automatic, .hotPlug] {
      var bench = try Bench("stm32f407vg", .runningInRAM)
      try perform(verb, mode, &bench, "\(verb), \(mode)")
      let chip = bench.bench.simulation.board.chip
      chip.synchronise()
      // FLASH_ACR is the program's again.
      #expect(chip.flash.latency == 0)
      if verb != .erase || mode == .hotPlug { #expect(chip.core.state == .running) }
    }
  }

  @Test func `what is wrong with the program is said by whoever looks at it`() throws {
    for mode in [AttachMode.hotPlug, .automatic] {
      let bench = try Bench("stm32f407vg", .withoutWaitStates)
      let session = TargetSession(probe: bench.bench.probe(), options: SessionOptions(attachMode: mode))
      try session.open()
      let program = try #require(session.close().program)
      #expect(program.causes == [.fewWaitStates] && !program.isRunning)
      #expect(program.text.hasSuffix("HCLK is 84 MHz, which needs 2 wait states, and FLASH_ACR sets 0"), "\(program)")
    }
  }
}
