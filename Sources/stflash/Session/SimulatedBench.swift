import Basics
import Engine
import Failures
import LinkInterface
import LinkServer
import SimProbe
import Sockets

/// A simulated probe with its target, and the file in which the chip lives on between runs.
final class SimulatedBench: OpenedProbe {
  let probe: any USBDevice
  let isSimulated = true
  let simulatedTarget: String?
  /// The simulation, for whoever serves it to other programs.
  let simulation: Simulation
  /// How long the chip runs on after the command; nil for not at all.
  var furtherRun: Duration?
  /// What the chip's serial ports are connected to on this system.
  var serialLinks: [SerialLink] = []
  /// What tells the bench from others in the output; nil where there is only one.
  var name: String?
  private let state: StateFile?

  /// A state file that is locked for this run.
  private final class StateFile {
    let path: String
    private let lock: FileLock

    init(_ path: String) throws(FileSystemError) {
      self.path = path
      lock = try FileLock(for: path)
    }

    /// Whether there was no such file before this run.
    var isNew: Bool { lock.isMadeForLock }

    /// Puts the state of a new chip into a new file, so that a run that is killed leaves no empty one.
    func begin(with bytes: [UInt8], files: FileSystem) throws(FileSystemError) {
      try files.write(bytes, to: lock.descriptor, path)
    }
  }

  private let files: FileSystem
  private let reporter: any Reporter

  /// Sets up a simulation, from the state file if there is one and it exists.
  ///
  /// The file stays locked until the bench is let go of, and untouched until `finish`.
  init(
    _ configuration: SimulationConfiguration, stateFile: String?, in context: CommandContext
  ) throws(CommandFailure) {
    var configuration = configuration
    simulatedTarget = configuration.target
    if let stateFile {
      let state = try reporting { () throws(FileSystemError) in try StateFile(stateFile) }
      self.state = state
      if !state.isNew {
        configuration.state = try reporting { () throws(FileSystemError) in try context.files.read(stateFile) }
      }
    } else {
      state = nil
    }
    files = context.files
    reporter = context.reporter
    do throws(SimulationError) {
      simulation = try Simulation(configuration)
    } catch {
      throw CommandFailure(error.failureReport(stateFile: stateFile))
    }
    probe = simulation.probe
    if let state, state.isNew {
      let bytes = simulation.saveState()
      try reporting { () throws(FileSystemError) in try state.begin(with: bytes, files: context.files) }
    }
  }

  /// Tells each line that the chip's serial ports send.
  func showSerialOutput(to reporter: any Reporter) {
    simulation.onSerialOutput { [name] line in
      var shown = line
      if let name { shown.port = "\(name) \(line.port)" }
      reporter.report(.serial(shown))
    }
  }

  func runFirmware(_ interruption: Interruption) -> FirmwareRun? {
    if !serialLinks.isEmpty { return runBesideSystem(interruption) }
    guard let furtherRun, !interruption.isRequested else { return nil }
    simulation.beginObservation()
    // In steps, so that Ctrl-C ends it.
    var left = furtherRun
    while left > .zero, !interruption.isRequested {
      let step = min(left, .milliseconds(10))
      simulation.run(for: step)
      left -= step
    }
    return endRun(after: furtherRun - left)
  }

  /// Lets the chip run on beside the system, which its serial ports are connected to, for the time that was asked for or
  /// until the user ends it.
  private func runBesideSystem(_ interruption: Interruption) -> FirmwareRun? {
    guard !interruption.isRequested else { return nil }
    SignalHandling.beginServing()
    simulation.beginObservation()
    let start = simulation.time
    let device = ServedDevice(simulation.makeUSBPort(), name: name ?? simulation.configuration.target)
    let loop = EventLoop(interruption: interruption)
    serialConnections(by: device).forEach(loop.add)
    loop.run { [simulation, furtherRun] in furtherRun.map { simulation.time - start >= $0 } ?? false }
    return endRun(after: simulation.time - start)
  }

  private func endRun(after duration: Duration) -> FirmwareRun {
    simulation.flushSerialOutput()
    return FirmwareRun(
      target: name, duration: duration, state: simulation.coreState, fault: simulation.fault,
      programCounter: simulation.programCounter,
      hertz: simulation.coreHertz, pins: simulation.outputPins)
  }

  /// Tells of what the simulation made less than a real chip; that there is something only after a run that was asked for.
  private func reportUnmodelledAccesses() {
    let accesses = simulation.unmodelledAccesses
    for access in accesses { reporter.report(.unmodelled(access)) }
    let surprises = accesses.filter { $0.reason != .noClock && $0.programCounter != nil }
    if furtherRun != nil, !surprises.isEmpty {
      let peripherals = Set(surprises.compactMap(\.peripheral)).sorted().joined(separator: ", ")
      reporter.report(
        .warning(
          "the program used what the simulated chip has not or does not do"
            + "\(peripherals.isEmpty ? "" : " (\(peripherals))"); -vv lists it"))
    }
  }

  /// Writes what the chip holds now to the state file.
  func finish() throws(CommandFailure) {
    if let reads = simulation.earlyFlashReads { reporter.report(.warning(reads.sentence)) }
    for loop in simulation.loopsOutsideLimits { reporter.report(.warning(loop.sentence)) }
    reportUnmodelledAccesses()
    guard let state else { return }
    let bytes = simulation.saveState()
    do throws(FileSystemError) {
      try files.replace(state.path, with: bytes)
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension SimulationError {
  /// The failure as the command line shows it.
  func failureReport(stateFile: String?) -> FailureReport {
    switch self {
    case .unknownTarget(let name, _):
      FailureReport(
        .usage, "there is no board or chip \"\(name)\" that can be simulated",
        remedies: SimulationError.similar(name).map { "Did you mean --sim \($0)?" }
          + ["see all choices with \"stflash sim list\""])
    case .unknownProbe:
      FailureReport(.usage, text, remedies: ["see all choices with \"stflash sim list\""])
    case .fault:
      FailureReport(.usage, text, remedies: ["see what can be broken with \"stflash sim faults\""])
    case .supplyOutOfRange, .option, .boardPart:
      FailureReport(.usage, text)
    case .notAState, .newerState, .corruptState, .stateOfOtherChip:
      FailureReport(
        .file, "cannot use \"\(stateFile ?? "the state")\": \(text)", evidence: ["the file is untouched"],
        remedies: ["name another file with --sim-state to begin with a blank chip"])
    }
  }

  /// The names of boards and chips that are most like one that nobody knows.
  private static func similar(_ name: String) -> [String] {
    Likeness.nearest(to: name, among: Simulation.boards.map(\.name) + Simulation.chips.flatMap(\.names), most: 4)
  }
}

extension EarlyFlashReads {
  /// The reads in a sentence.
  fileprivate var sentence: String {
    let clock = Int(hertz / 1000).frequency
    let demand = needed.map { "\($0) needed" } ?? "no number of them is enough"
    let origin = programCounter.map { "by the instruction at \($0.hexadecimal)" } ?? "by the debugger"
    let times = count == 1 ? "one read" : "\(count.grouped) reads"
    return
      "simulated flash: HCLK \(clock) at \(millivolts.volts) with \(latency) wait states, \(demand): \(times) gave ones, "
      + "the first \(origin)"
  }
}

extension LoopOutsideLimits {
  /// The start in a sentence.
  fileprivate var sentence: String {
    func frequency(_ hertz: UInt64) -> String { Int(hertz / 1000).frequency }
    func range(_ limits: ClosedRange<UInt64>) -> String {
      "\(frequency(limits.lowerBound)) to \(frequency(limits.upperBound)) by the data sheet"
    }
    let origin = programCounter.map { " by the instruction at \($0.hexadecimal)" } ?? ""
    return "simulated clocks: the \(name) was started\(origin) with \(frequency(inputHertz)) at its VCO's input "
      + "(\(range(inputLimits))) and \(frequency(outputHertz)) at its output (\(range(outputLimits))); it has locked, "
      + "as silicon mostly does"
  }
}
