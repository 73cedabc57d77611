import ArgumentParser
import Engine
import LinkInterface
import Trace

/// `diagnose`: walks from the USB cable to the flash and says what is wrong and what to do.
struct DiagnoseCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose", abstract: "Find out what is wrong between this computer and the flash of the chip.",
    discussion: """
      Looks at USB, probe, supply, wires, core, chip, protection, flash and reset line, and tells each step as it goes. \
      Nothing is written to the flash. The program restarts, because the reset line is tested; with --hot-plug the \
      target is not touched at all.
      """)

  @Flag(help: "Also halt the core and write to its RAM; what was there is put back.")
  var deep = false

  @Option(
    help: ArgumentHelp(
      "With --deep: also erase and program this sector; what was there is put back.", valueName: "number"),
    transform: Number.index)
  var deepFlashSector: Int?

  @Option(
    help: ArgumentHelp(
      "Put everything that a bug report needs into this .zip file or folder, without serial numbers.",
      valueName: "file.zip|folder"),
    completion: .file())
  var report: String?

  @OptionGroup var session: SessionOptionGroup
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { (report.map { [FileUse("--report", $0, .writes)] } ?? []) + session.fileUses }

  func validate() throws {
    if deepFlashSector != nil && !deep {
      throw ValidationError("--deep-flash-sector needs --deep.")
    }
    if deep && session.probe.connect == .hotPlug {
      throw ValidationError("--deep halts the core, which --hot-plug excludes.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    let opened: any OpenedProbe
    do throws(CommandFailure) {
      opened = try session.openProbe(in: context)
    } catch {
      try end(DiagnosisReport(findings: [usbFinding(of: error)]), trace: [], in: context, after: error)
      return
    }
    if let deepFlashSector {
      context.reporter.report(
        .warning(
          "sector \(deepFlashSector) is erased, programmed with a pattern, and given its content back; "
            + "a copy is kept in a file until the chip has it back"))
    }
    let recording = MemoryRecording(of: opened, in: context)
    let kept = KeptContent(files: context.files)
    var options = try options(in: context)
    options.keeper = kept.keeper
    let diagnosis = Diagnosis(probe: recording.recorder, options: options) { finding in
      context.reporter.report(.finding(finding))
    }
    let findings = diagnosis.run()
    for copy in kept.left { context.reporter.report(.warning(copy.advice)) }
    let trace = recording.finish()
    try opened.finish()
    try end(findings, trace: trace, in: context, after: nil)
  }

  private func options(in context: CommandContext) throws(CommandFailure) -> Diagnosis.Options {
    Diagnosis.Options(
      clock: session.probe.clock, device: try session.target.override(),
      mayReset: session.probe.connect != .hotPlug, isDeep: deep, testedSector: deepFlashSector,
      interruption: context.interruption)
  }

  /// Where no probe could be opened, that is all there is to find.
  private func usbFinding(of failure: CommandFailure) -> DiagnosisFinding {
    DiagnosisFinding(
      .usb, .failed, failure.report.summary, causes: failure.report.causes, category: failure.report.category)
  }

  /// Writes the bundle, tells the verdict, and ends as the first failure demands.
  private func end(
    _ findings: DiagnosisReport, trace: [UInt8], in context: CommandContext, after failure: CommandFailure?
  ) throws(CommandFailure) {
    if failure != nil { findings.findings.forEach { context.reporter.report(.finding($0)) } }
    let result = DiagnosisResult(report: findings, bundle: report)
    if let report {
      try ReportBundle(result: result, trace: trace, commandLine: context.arguments)
        .write(to: report, with: context.files)
    }
    context.reporter.report(.result(result))
    if let failure { throw failure }
    if let failure = findings.failure { throw CommandFailure(failure) }
  }
}

extension KeptContent {
  /// The engine's way to it.
  fileprivate var keeper: ContentKeeper {
    ContentKeeper(
      keep: { [self] bytes, address throws(ContentKeeper.Failure) in
        do throws(FileSystemError) {
          return "\"\(try keep(bytes, at: address).path)\""
        } catch {
          throw ContentKeeper.Failure(error.report)
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
