import ArgumentParser
import Engine
import Failures
import LinkInterface
import Trace

/// `diagnose`: walks from the USB cable to the flash and says what is wrong and what to do.
struct DiagnoseCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose", abstract: "Find out what is wrong between this computer and the flash of the chip.",
    discussion: """
      Looks at USB, probe, supply, wires, core, chip, protection, flash and reset line, and tells each step as it goes. \
      Nothing is written to the flash. The program restarts, because the reset line is tested; with --hot-plug the \
      target is not touched at all.
      """)

  @OptionGroup(title: "Diagnosing") var diagnosing: DiagnosingOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { (diagnosing.report.map { [FileUse("--report", $0, .writes)] } ?? []) + session.fileUses }

  func validate() throws {
    try session.validate()
    if probe.wait != nil {
      throw ValidationError("diagnose says what is wrong now; --wait is for commands that need the target.")
    }
    if probe.port != nil || probe.dfu, diagnosing.deep || diagnosing.report != nil {
      throw ValidationError(
        "--deep and --report need a probe: a bootloader shows neither core nor RAM, and is not recorded.")
    }
    if diagnosing.deep && session.probe.connect == .hotPlug {
      throw ValidationError("--deep halts the core, which --hot-plug excludes.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    if let opened = try openBootloader(in: context) { return try examine(byBootloader: opened, in: context) }
    // Found out before minutes of work whose result it is to hold.
    if let report = diagnosing.report {
      try reporting { () throws(FileSystemError) in try context.files.checkBundle(report) }
    }
    let opened: any OpenedProbe
    do throws(CommandFailure) {
      opened = try session.openProbe(in: context)
    } catch {
      let finding = usbFinding(of: error)
      context.reporter.report(.finding(finding))
      let outcome = outcome(of: DiagnosisReport(findings: [finding]), trace: [], in: context, after: error)
      context.reporter.report(.result(outcome.result))
      throw outcome.failure ?? error
    }
    if let deepFlashSector = diagnosing.deepFlashSector {
      context.reporter.report(
        .warning(
          "sector \(deepFlashSector) is erased, programmed with a pattern, and given its content back; "
            + "a copy is kept in a file until the chip has it back"))
    }
    try ProbeRun(opened: opened, context: context).callAsFunction { () throws(CommandFailure) in
      try examine(opened, in: context)
    }
  }

  private func examine(
    _ opened: any OpenedProbe, in context: CommandContext
  ) throws(CommandFailure) -> ProbeRun.Outcome {
    let recording = MemoryRecording(of: opened, in: context)
    let kept = KeptContent(files: context.files)
    var options = try options(in: context)
    options.keeper = kept.keeper
    /// What a replay parted from its recording with: its answers say nothing of a cable after that.
    var parting: CommandFailure?
    let diagnosis = Diagnosis(probe: recording.recorder, options: options) { finding in
      if finding.outcome == .failed {
        let plain = CommandFailure(FailureReport(finding.category ?? .probe, finding.value, causes: finding.causes))
        let explained = opened.explained(plain)
        if explained != plain { parting = explained }
      }
      if parting == nil { context.reporter.report(.finding(finding)) }
    }
    let findings = diagnosis.run()
    for copy in kept.left { context.reporter.report(.warning(copy.advice)) }
    let trace = recording.finish()
    if let parting { throw parting }
    return outcome(of: findings, trace: trace, in: context)
  }

  /// The chip's bootloader; nil where the chip is reached by a probe.
  private func openBootloader(in context: CommandContext) throws(CommandFailure) -> (any OpenedLink)? {
    do throws(CommandFailure) {
      return probe.dfu ? try session.openDFU(in: context) : try session.openPort(in: context)
    } catch {
      let finding = DiagnosisFinding(
        probe.port == nil ? .usb : .port, .failed, error.report.summary, causes: error.report.causes,
        category: error.report.category)
      context.reporter.report(.finding(finding))
      let outcome = outcome(of: DiagnosisReport(findings: [finding]), trace: [], in: context, after: error)
      context.reporter.report(.result(outcome.result))
      throw outcome.failure ?? error
    }
  }

  /// Walks from the port or the USB device to the flash by the chip's bootloader.
  private func examine(byBootloader opened: any OpenedLink, in context: CommandContext) throws(CommandFailure) {
    let options = try session.sessionOptions(
      nil, usualMode: .hotPlug, surveysFlash: false, interruption: context.interruption)
    try ProbeRun(opened: opened, context: context).callAsFunction { () throws(CommandFailure) in
      let findings = opened.diagnose(options) { context.reporter.report(.finding($0)) }
      if let failure = findings.failure.map({ CommandFailure($0) }), case let explained = opened.explained(failure),
        explained != failure
      {
        throw explained
      }
      return outcome(of: findings, trace: [], in: context)
    }
  }

  private func options(in context: CommandContext) throws(CommandFailure) -> Diagnosis.Options {
    Diagnosis.Options(
      clock: session.probe.clock, device: try session.target.override(),
      mayReset: session.probe.connect != .hotPlug, isDeep: diagnosing.deep, testedSector: diagnosing.deepFlashSector,
      interruption: context.interruption)
  }

  /// Where no probe could be opened, that is all there is to find.
  private func usbFinding(of failure: CommandFailure) -> DiagnosisFinding {
    DiagnosisFinding(
      .usb, .failed, failure.report.summary, causes: failure.report.causes, category: failure.report.category)
  }

  /// Writes the bundle; what was found is told whatever else goes wrong, and the first failure is the one to end with.
  private func outcome(
    of findings: DiagnosisReport, trace: [UInt8], in context: CommandContext, after failure: CommandFailure? = nil
  ) -> ProbeRun.Outcome {
    var outcome = ProbeRun.Outcome(
      result: DiagnosisResult(report: findings, bundle: diagnosing.report),
      failure: findings.failure.map { CommandFailure($0) },
      isToldInAnyCase: true)
    if let failure { outcome.add(failure) }
    guard let report = diagnosing.report else { return outcome }
    let bundle = ReportBundle(
      result: DiagnosisResult(report: findings, bundle: diagnosing.report), trace: trace,
      commandLine: context.arguments,
      privateTexts: privateTexts)
    do throws(CommandFailure) {
      try bundle.write(to: report, with: context.files)
    } catch {
      outcome.result = DiagnosisResult(report: findings, bundle: nil)
      outcome.add(error)
    }
    return outcome
  }

  /// What is the user's own in the command line.
  private var privateTexts: [(text: String, replacement: String)] {
    fileUses.map { ($0.path, "<\($0.role)>") } + (session.probe.serial.map { [($0, "<--serial>")] } ?? [])
  }
}

extension KeptContent {
  /// The engine's way to it.
  fileprivate var keeper: ContentKeeper {
    ContentKeeper(
      keep: { [self] bytes, address throws(FailureReport) in
        do throws(FileSystemError) {
          return "\"\(try keep(bytes, at: address).path)\""
        } catch {
          throw error.report
        }
      }, discard: { [self] in discard() })
  }
}

extension KeptContent.Copy {
  /// How to give the chip back what it has lost.
  fileprivate var advice: String {
    "the chip has not been given back what is in \"\(path)\"; "
      + "stflash write --as-is \(path) 0x0\(String(address, radix: 16)) does that"
  }
}

/// A recording that is kept in memory until it is known where it goes.
private final class MemoryRecording {
  private final class Bytes {
    var all: [UInt8] = []
  }

  let recorder: Recorder
  private let bytes: Bytes

  init(of opened: any OpenedProbe, in context: CommandContext) {
    let bytes = Bytes()
    self.bytes = bytes
    recorder = Recorder(
      opened.probe,
      options: RecordingFile.options(isRedacted: true, simulatedTarget: opened.simulatedTarget, in: context)
    ) { bytes.all += $0 }
  }

  /// Ends the recording; the bytes of a whole pcapng file.
  func finish() -> [UInt8] {
    recorder.finish()
    return bytes.all
  }
}
