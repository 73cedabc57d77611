import Basics
import Engine
import Failures
import LinkInterface
import SimProbe

/// Changes of option bytes, and writes to OTP, that end at one of their USB transfers, and what is left of them.
///
/// Each is a bench of its own. Whatever is left, whoever comes next names it, and knows the way back: the change again, or the
/// factory's option bytes with an erase.
struct InterruptedOptions {
  typealias Interruption = InterruptedWrites.Interruption

  /// What is changed.
  enum Change: String, CaseIterable, Sendable {
    case fields = "BOR_LEV and WRP"
    case closing = "RDP 0 to 1"
    case opening = "RDP 1 to 0"
    case marking = "PCROP on a sector"
    case unmarking = "PCROP taken off"
    case oneTime = "OTP"

    /// The option bytes before it.
    var preparation: [String] {
      switch self {
      case .fields, .closing, .marking, .oneTime: []
      case .opening: ["RDP=level1"]
      case .unmarking: ["PCROP=1"]
      }
    }

    /// What is asked for.
    var assignments: [String] {
      switch self {
      case .fields: ["BOR_LEV=2.1V", "WRP=2"]
      case .closing: ["RDP=level1"]
      case .opening: ["RDP=level0"]
      case .marking: ["PCROP=1"]
      case .unmarking: ["PCROP=none"]
      case .oneTime: []
      }
    }

    var concernsCodeProtection: Bool { self == .marking || self == .unmarking }
  }

  /// What an interrupted change has left.
  enum Remains: String, CaseIterable, Sendable {
    case before = "what was there"
    case after = "what was asked for"
    case half = "half of the change"
    case erased = "erased option bytes"
  }

  /// What an interrupted change must not lead to.
  enum Harm: Error, CustomStringConvertible {
    case falseSuccess
    case strange([UInt16])
    case unnamed(String)
    case stillBroken(String)

    var description: String {
      switch self {
      case .falseSuccess: "the change is called done, and the chip says otherwise"
      case .strange(let halfwords): "left are \(halfwords.map { String($0, radix: 16) }), which nobody has asked for"
      case .unnamed(let text): "what is left is not named: \(text)"
      case .stillBroken(let text): "there is no way back: \(text)"
      }
    }
  }

  /// How many transfers the change has that nothing interrupts.
  private(set) var transferCount = 0
  private let target: String
  private let change: Change
  private let interruption: Interruption
  private let chip: [UInt8]
  private var before: [UInt16] = []
  private var after: [UInt16] = []
  private var wholeTime = Duration.zero

  private static let permissions = OptionPermissions(mayEraseEverything: true, commitments: ["PCROP", "OTP"])
  private static let firmware: [UInt8] = [0x00, 0x10, 0x00, 0x20, 0x09, 0x00, 0x00, 0x08, 0xFE, 0xE7, 0x00, 0xBF]
  private static let oneTimeAddress: UInt32 = 0x1FFF_7810
  private static let oneTimeBytes = (1...40).map(UInt8.init)
  private static let outage: Duration = .seconds(40)

  /// Performs the change once, undisturbed.
  init(_ interruption: Interruption, _ change: Change, target: String) throws {
    self.target = target
    self.change = change
    self.interruption = interruption
    let maker = try Simulation(SimulationConfiguration(target: target))
    try InterruptedOptions.write(over: maker.probe)
    if !change.preparation.isEmpty {
      try InterruptedOptions.set(change.preparation, over: SimulatedProbe(device: maker.device))
    }
    chip = maker.saveState()
    let simulation = try bench(faults: [])
    before = simulation.storedOptions
    let begin = simulation.time
    try perform(over: simulation.probe)
    (after, transferCount, wholeTime) = (
      simulation.storedOptions, simulation.device.transferCount, simulation.time - begin
    )
  }

  /// The transfers worth a cut: all of them, but of a long wait's polls, which are one like the other, every 61st.
  ///
  /// - Parameter isThorough: else every fifth, and all of the last, where the change takes long to repeat.
  func transfers(isThorough: Bool) -> [Int] {
    let takesLong = change == .opening || change.concernsCodeProtection
    let step = takesLong && !isThorough ? 5 : 1
    return (1...transferCount).filter { transfer in
      transfer > transferCount - 90 || (transfer <= 450 ? transfer.isMultiple(of: step) : transfer.isMultiple(of: 61))
    }
  }

  private func bench(faults: [Fault]) throws -> Simulation {
    var configuration = SimulationConfiguration(target: target)
    configuration.state = chip
    configuration.faults = faults
    let simulation = try Simulation(configuration)
    simulation.run(for: .milliseconds(10))
    return simulation
  }

  // MARK: - What is done

  /// Runs work in a session of its own.
  private static func session<Result>(
    over probe: any USBDevice, _ observer: @escaping FlashObserver = { _ in }, _ body: (TargetSession) throws -> Result
  ) throws -> Result {
    let session = TargetSession(probe: probe, observer: observer)
    defer { session.close() }
    try session.open()
    return try body(session)
  }

  private static func write(over probe: any USBDevice) throws {
    guard let image = FirmwareImage(address: 0x0800_0000, bytes: firmware) else { throw Harm.falseSuccess }
    try session(over: probe) { session in
      _ = try session.execute(try session.plan(writing: image, isToBeExecuted: true))
    }
  }

  private static func set(_ assignments: [String], over probe: any USBDevice) throws {
    try session(over: probe) { session in
      let plan = try session.plan(changing: try assignments.map { try OptionAssignment($0) })
      try session.execute(plan, permitting: permissions)
    }
  }

  private func perform(over probe: any USBDevice) throws {
    guard change == .oneTime else { return try InterruptedOptions.set(change.assignments, over: probe) }
    try InterruptedOptions.session(over: probe) { session in
      try session.execute(
        try session.plan(programming: InterruptedOptions.oneTimeBytes, intoOTPAt: InterruptedOptions.oneTimeAddress),
        permittedBy: InterruptedOptions.permissions.commitments)
    }
  }

  // MARK: - What is left

  /// Interrupts the change at a transfer, looks whether what is left is named, and goes the way back.
  func interrupt(at transfer: Int) throws -> Remains {
    let simulation = try bench(faults: [try fault(at: transfer)])
    let failure = report { try perform(over: simulation.probe) }
    waitForEnd(of: simulation)
    simulation.device.plugIn()
    let probe = { SimulatedProbe(device: simulation.device) }
    if change == .oneTime { return try remainsOfOTP(simulation, failure, probe) }
    let stored = simulation.storedOptions
    if failure == nil, stored != after { throw Harm.falseSuccess }
    let remains = try remains(stored)
    if remains == .erased {
      try expectNamedErased(probe, failure)
      try goBack(probe)
    } else {
      try expectShown(stored, probe)
      // A chip that has gone up comes down by name: what was asked for left RDP where it was, which is level 1 now.
      let again = report {
        if remains == .half {
          try InterruptedOptions.set(change.assignments + ["RDP=level0"], over: probe())
        } else {
          try perform(over: probe())
        }
      }
      if let again { throw Harm.stillBroken("\(again)") }
      if simulation.storedOptions != after { throw Harm.stillBroken("the change says that it is done") }
    }
    return remains
  }

  /// Lets the supply come back, or the controller end what it has been told to do.
  private func waitForEnd(of simulation: Simulation) {
    guard interruption == .powerCut else { return simulation.run(for: wholeTime) }
    repeat { simulation.run(for: .milliseconds(500)) } while [.unpowered, .inReset].contains(simulation.coreState)
  }

  private func fault(at transfer: Int) throws -> Fault {
    switch interruption {
    case .powerCut:
      try Fault("brown-out=\(InterruptedOptions.outage.components.seconds * 1000)@transfer=\(transfer)")
    case .unplugged: try Fault("unplugged@transfer=\(transfer)")
    }
  }

  /// What some work fails with; nil where it does not.
  private func report(_ body: () throws -> Void) -> FailureReport? {
    do {
      try body()
      return nil
    } catch {
      return (error as? SessionError)?.report ?? FailureReport(.flash, "\(error)")
    }
  }

  private func remains(_ stored: [UInt16]) throws -> Remains {
    if stored == before { return .before }
    if stored == after { return .after }
    // Only what is at level 0 has to go up first.
    let raised = [before[0] & 0x00FF | 0x5500] + before.dropFirst()
    if change == .unmarking, stored == raised { return .half }
    // The controller erases the whole sector before it programs it.
    guard interruption == .powerCut, stored.allSatisfy({ $0 == 0xFFFF }) else { throw Harm.strange(stored) }
    return .erased
  }

  /// `option` and `info` show what is stored, and say so where registers that were written and not started differ.
  private func expectShown(_ stored: [UInt16], _ probe: () -> any USBDevice) throws {
    var warnings: [String] = []
    let note: FlashObserver = { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    let reading = try InterruptedOptions.session(over: probe(), note) { try $0.readOptions() }
    guard !reading.differs || warnings.contains(where: { $0.contains("not started their programming") }) else {
      throw Harm.unnamed("a session says \(warnings)")
    }
    let shown = reading.lasting
    let fields = shown.layout.fields
    for field in fields {
      let halfword: UInt16
      switch (field.register, field.bits.lowerBound) {
      case (.control, ..<16): halfword = stored[0]
      case (.control, _): halfword = stored[1]
      default: halfword = stored[2]
      }
      let wanted = UInt32(halfword) >> (field.bits.lowerBound % 16) & (1 << UInt32(field.bits.count) - 1)
      guard shown[field] == wanted else { throw Harm.unnamed("\(field.name) is \(shown[field])") }
    }
    if stored[0] >> 8 != 0xAA { try expectRefusal(probe, [.readProtected]) }
  }

  /// A write is refused with one of the causes, and `diagnose` names it.
  private func expectRefusal(_ probe: () -> any USBDevice, _ causes: Set<FailureCause>) throws {
    guard let refusal = report({ try InterruptedOptions.write(over: probe()) }) else {
      throw Harm.unnamed("a write to a closed chip succeeds")
    }
    guard !causes.isDisjoint(with: refusal.causes),
      refusal.remedies.contains(where: { $0.remedies.contains(.liftAllProtection) })
    else { throw Harm.unnamed("a write says \(refusal)") }
    let diagnosis = Diagnosis(probe: probe()).run()
    guard diagnosis.problems.contains(where: { !causes.isDisjoint(with: $0.causes) }) else {
      throw Harm.unnamed("diagnose says \(diagnosis.verdict)")
    }
  }

  private func expectNamedErased(_ probe: () -> any USBDevice, _ failure: FailureReport?) throws {
    guard let failure, failure.evidence.contains(where: { $0.contains("its option bytes are erased") }) else {
      throw Harm.unnamed("the change says \(failure.map { "\($0)" } ?? "that it is done")")
    }
    var warnings: [String] = []
    let note: FlashObserver = { event in
      if case .warning(let advice) = event { warnings.append(advice.text) }
    }
    let reading = try InterruptedOptions.session(over: probe(), note) { try $0.readOptions() }
    guard reading.loaded.looksErased, warnings.contains(where: { $0.contains("option bytes are erased") }) else {
      throw Harm.unnamed("a session says \(warnings)")
    }
    try expectRefusal(probe, [.optionsErased])
  }

  private func goBack(_ probe: () -> any USBDevice) throws {
    let failure = report {
      try InterruptedOptions.session(over: probe()) { session in
        try session.liftAllProtection()
        let options = try session.readOptions().loaded
        if options != options.factory { throw Harm.stillBroken("\(options)") }
      }
      try InterruptedOptions.write(over: probe())
    }
    if let failure { throw Harm.stillBroken("\(failure)") }
  }

  // MARK: - OTP

  private func remainsOfOTP(
    _ simulation: Simulation, _ failure: FailureReport?, _ probe: () -> any USBDevice
  ) throws -> Remains {
    let start = Int(InterruptedOptions.oneTimeAddress & 0xFF)
    let found = Array(simulation.oneTimeContents[start..<start + InterruptedOptions.oneTimeBytes.count])
    let count = zip(found, InterruptedOptions.oneTimeBytes).count { $0 == $1 }
    if failure == nil, count != found.count { throw Harm.falseSuccess }
    if let failure, count > 0 {
      let told = failure.evidence.compactMap { $0.firstMatch(of: /(\d+) of 40 bytes are programmed/) }
        .compactMap { Int($0.1) }
      guard let number = told.first else { throw Harm.unnamed("\(count) bytes are programmed, and it says \(failure)") }
      if number > count { throw Harm.unnamed("\(count) bytes are programmed, and \(number) are told") }
    }
    if let again = report({ try perform(over: probe()) }) { throw Harm.stillBroken("\(again)") }
    if count == found.count { return .after }
    return found.allSatisfy { $0 == 0xFF } ? .before : .half
  }
}
