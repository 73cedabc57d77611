import Basics
import Failures

// The flash controller, and what the flash holds; only read.
extension Diagnosis {
  func examineController(_ link: STLink, _ reads: FlashReads) throws(DebugError) {
    guard device != nil else { return }
    if let timing = reads.culprit {
      note(DiagnosisFinding(.controller, .warning, timing.sentence, causes: [.fewWaitStates]))
    }
    do throws(DebugError) {
      note(controllerFinding(try link.read(FlashStatus.self), try link.read(FlashControl.self)))
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(DiagnosisFinding(.controller, failedWith: error.report))
    }
  }

  private func controllerFinding(_ status: FlashStatus, _ control: FlashControl) -> DiagnosisFinding {
    if status[.busy] {
      return DiagnosisFinding(
        .controller, .warning, "busy: an operation is under way (\(status), \(control))",
        causes: [.programDisturbs, .capacitorMissing])
    }
    if !control[.lock] {
      return DiagnosisFinding(
        .controller, .warning, "unlocked (\(control)): the program or a killed tool has left it so",
        causes: [.programDisturbs])
    }
    if status.hasError {
      return DiagnosisFinding(
        .controller, .good, "locked; error flags of an earlier operation: \(status.errorNames.joined(separator: " "))")
    }
    return DiagnosisFinding(.controller, .good, "locked, no error flags")
  }

  func examineContents(_ link: STLink, _ reads: FlashReads) throws(DebugError) {
    guard let device, let protection else { return }
    guard protection.readProtection == .level0, protection.codeProtectedSectors.isEmpty else {
      note(DiagnosisFinding(.contents, .skipped, "protected against reading"))
      return
    }
    if reads.doubt != nil {
      note(DiagnosisFinding(.contents, .skipped, "what the flash answers at the program's clock cannot be believed"))
      return
    }
    do throws(FlashError) {
      let areSwapped = try FlashError.wrapping("looking where the banks are") { () throws(DebugError) in
        try BankSwap.isOn(over: link, map: device.sectorMap, coreStandsStill: false)
      }
      // Where SYSCFG has no clock while the program runs, the ROM is taken to have done as BFB2 says.
      let swap = areSwapped ?? protection.startsFromBank2 ? BankSwap(flash: device.sectorMap.range) : nil
      let contents = try FlashSurvey.examine(
        FlashReader(access: link, observer: { _ in }, bankSwap: swap), of: device,
        startsFromBank2: protection.startsFromBank2, seeksGaps: true)
      self.contents = contents
      note(.contents(contents))
    } catch {
      note(DiagnosisFinding(.contents, failedWith: error.report))
    }
  }

}

extension DiagnosisFinding {
  /// What the flash holds.
  static func contents(_ contents: FlashSurvey) -> DiagnosisFinding {
    switch contents {
    case .blank: DiagnosisFinding(.contents, .good, "blank")
    case .program(let table): DiagnosisFinding(.contents, .good, "a program: \(text(table))")
    case .other(let table):
      DiagnosisFinding(
        .contents, .warning, "no program that could start: \(text(table))", causes: contents.causes)
    case .noTable, .gap:
      DiagnosisFinding(.contents, .warning, contents.warning ?? "", causes: contents.causes)
    }
  }

  private static func text(_ table: VectorTable) -> String {
    "stack pointer \(table.initialStackPointer.hexadecimal), reset handler \(table.resetHandler.hexadecimal)"
  }
}
