import Engine
import Failures
import LinkInterface
import SimProbe

/// Operations in which replies of the probe go wrong on USB, and what becomes of them.
///
/// Each is a bench of its own whose chip runs an old firmware. An operation has to succeed, and the chip to hold then what
/// it is said to hold, or it has to say that replies are lost.
struct LostReplies {
  /// What is done.
  enum Verb: String, CaseIterable, Sendable {
    case write
    case writeDirect = "write without the loader"
    case verify, read, erase, info, reset
  }

  /// What goes wrong with a reply.
  enum Mishap: String, CaseIterable, Sendable {
    case lost = "reply-lost"
    case cut = "reply-truncated"
    /// It comes when the time-out of its command is over.
    case late = "reply-late=4000"
    /// It comes so late that other replies are waited for in vain.
    case veryLate = "reply-late=5200"
    case stall = "usb-stall"
  }

  /// What became of an operation.
  enum Outcome: Sendable {
    /// It succeeded, and said so if anything was repeated.
    case done
    /// It failed and named the cause.
    case told(String)
  }

  /// What must not happen.
  enum Harm: Error, CustomStringConvertible {
    case falseSuccess
    case untold
    case otherCause(String)

    var description: String {
      switch self {
      case .falseSuccess: "it is called done, and that is not true"
      case .untold: "a reply was lost, and nobody was told"
      case .otherCause(let text): "the cause is not named: \(text)"
      }
    }
  }

  /// How many transfers the operation has that nothing disturbs.
  private(set) var transferCount = 0
  private let verb: Verb
  private let probe: String
  private let chip: [UInt8]
  private let old: FirmwareImage
  private let new: FirmwareImage

  private static let base: UInt32 = 0x0800_0000
  private static let byteCount = 5000

  /// Performs an operation once, undisturbed.
  init(_ verb: Verb, probe: String) throws {
    self.verb = verb
    self.probe = probe
    old = try LostReplies.image(step: 14)
    new = try LostReplies.image(step: 6)
    let maker = try Simulation(SimulationConfiguration(target: "stm32f407vg"))
    let session = TargetSession(probe: maker.probe)
    try session.open()
    try session.execute(try session.plan(writing: old, isToBeExecuted: true))
    session.close()
    chip = maker.saveState()
    let simulation = try LostReplies.bench(chip, probe, faults: [])
    var warnings: [String] = []
    try perform(on: simulation, &warnings)
    transferCount = simulation.device.transferCount
    guard warnings.isEmpty, isTrue(of: simulation) else { throw Harm.falseSuccess }
  }

  /// Lets a reply go wrong at each of some transfers, and looks at what becomes of the operation.
  func disturb(_ mishap: Mishap, at transfers: [Int]) throws -> Outcome {
    let faults = try transfers.map { try Fault("\(mishap.rawValue)@transfer=\($0)") }
    let simulation = try LostReplies.bench(chip, probe, faults: faults)
    var warnings: [String] = []
    do {
      try perform(on: simulation, &warnings)
    } catch let error as SessionError {
      let report = error.report
      let isNamed = report.causes.contains(.badUSB) || report.causes.contains(.probeWedged)
      guard isNamed else { throw Harm.otherCause("\(report.summary) \(report.evidence)") }
      return .told(([report.summary] + report.evidence).joined(separator: "; "))
    }
    guard isTrue(of: simulation) else { throw Harm.falseSuccess }
    // Every transfer but those after the last reply has one that is disturbed.
    if warnings.isEmpty, simulation.device.transferCount > transferCount { throw Harm.untold }
    return .done
  }

  private static func image(step: Int) throws -> FirmwareImage {
    let start: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7]
    let bytes = start + (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 * step ^ $0 >> 8) | 1 }
    guard let image = FirmwareImage(address: base, bytes: bytes) else { throw Harm.falseSuccess }
    return image
  }

  private static func bench(_ chip: [UInt8], _ probe: String, faults: [Fault]) throws -> Simulation {
    var configuration = SimulationConfiguration(target: "stm32f407vg")
    configuration.probeProfile = probe
    configuration.state = chip
    configuration.faults = faults
    let simulation = try Simulation(configuration)
    simulation.run(for: .milliseconds(10))
    return simulation
  }

  /// Performs the operation in a session of its own.
  ///
  /// - Parameter warnings: what was told of repeated commands.
  private func perform(on simulation: Simulation, _ warnings: inout [String]) throws {
    var told: [String] = []
    let session = TargetSession(
      probe: simulation.probe, options: SessionOptions(usesLoader: verb != .writeDirect)
    ) { event in
      if case .warning(let advice) = event, advice.text.contains("lost or cut") { told.append(advice.text) }
      if case .note(let advice) = event, ["the pipe", "asked twice"].contains(where: advice.text.contains) {
        told.append(advice.text)
      }
    }
    do {
      try session.open()
      try perform(in: session)
    } catch {
      session.close()
      throw error
    }
    let statement = session.close()
    guard statement.isClean else { throw Harm.otherCause("\(statement.problems) \(statement.reason ?? "")") }
    warnings = told
  }

  private func perform(in session: TargetSession) throws {
    switch verb {
    case .write, .writeDirect: try session.execute(try session.plan(writing: new, isToBeExecuted: true))
    case .verify: try session.verify(old, mayReset: true)
    case .read:
      let bytes = old.segments[0].bytes
      let read = try session.read(address: LostReplies.base, byteCount: bytes.count)
      guard read == bytes else { throw Harm.falseSuccess }
    case .erase: try session.execute(try session.plan(erasing: .sectors([0])), verifies: true)
    case .info: break
    case .reset: try session.reset()
    }
  }

  /// Whether the flash holds what the operation has promised.
  private func isTrue(of simulation: Simulation) -> Bool {
    let flash = simulation.flashContents(0..<0x8000)
    var expected = [UInt8](repeating: 0xFF, count: 0x8000)
    switch verb {
    case .write, .writeDirect: expected.replaceSubrange(0..<new.segments[0].bytes.count, with: new.segments[0].bytes)
    case .verify, .read, .info, .reset:
      expected.replaceSubrange(0..<old.segments[0].bytes.count, with: old.segments[0].bytes)
    case .erase: break
    }
    return flash == expected
  }
}
