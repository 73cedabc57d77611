import Basics

// The flash controller, and what the flash holds; only read.
extension Diagnosis {
  func examineController(_ link: STLink) throws(DebugError) {
    guard device != nil else { return }
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

  func examineContents(_ link: STLink) throws(DebugError) {
    guard let device, let protection else { return }
    guard protection.readProtection == .level0, protection.codeProtectedSectors.isEmpty else {
      note(DiagnosisFinding(.contents, .skipped, "protected against reading"))
      return
    }
    do throws(FlashError) {
      let contents = try FlashSurvey.examine(FlashReader(access: link, observer: { _ in }), of: device)
      self.contents = contents
      note(contentsFinding(contents))
      showsBootloader = try FlashError.wrapping("reading what the chip has started") { () throws(DebugError) in
        try isBootloaderAtZero(link)
      }
    } catch {
      note(DiagnosisFinding(.contents, failedWith: error.report))
    }
  }

  /// Whether address 0, which shows what the chip has started, shows the system memory and not the flash (RM0090, 2.4).
  private func isBootloaderAtZero(_ link: STLink) throws(DebugError) -> Bool {
    let start = try link.readMemory(at: 0, byteCount: 8)
    let bootloader = try link.readMemory(at: FixedArea.systemMemory.range.lowerBound, byteCount: 8)
    let flash = try link.readMemory(at: FixedArea.flashStart, byteCount: 8)
    return start == bootloader && start != flash
  }

  private func contentsFinding(_ contents: FlashSurvey) -> DiagnosisFinding {
    switch contents {
    case .blank: DiagnosisFinding(.contents, .good, "blank")
    case .program(let table): DiagnosisFinding(.contents, .good, "a program: \(Diagnosis.text(table))")
    case .other(let table):
      DiagnosisFinding(
        .contents, .warning, "no program that could start: \(Diagnosis.text(table))", causes: [.otherContent])
    case .interrupted(let address):
      DiagnosisFinding(
        .contents, .warning, "data from \(address.hexadecimal) on and no vector table", causes: [.writeInterrupted])
    }
  }

  private static func text(_ table: VectorTable) -> String {
    "stack pointer \(table.initialStackPointer.hexadecimal), reset handler \(table.resetHandler.hexadecimal)"
  }
}
