import Basics
import Failures
import LinkInterface

// Writing tests, only where they were asked for.
extension Diagnosis {
  /// How much RAM is written to: the start of SRAM1, which every F2 and F4 has.
  private static let ramByteCount = 1024
  private static let ramAddress: UInt32 = 0x2000_0000
  /// How often it is tried to put back what was taken out.
  ///
  /// A request to stop ends one attempt (the link reports it once); so does a link that fails for a moment.
  private static let restoreAttempts = 3

  /// Halts the core, tests RAM, and the sector that was named; the core runs on afterwards.
  func examineDeeply(_ attachment: Attachment, _ reads: FlashReads) throws(DebugError) {
    do throws(DebugError) {
      try attachment.core.halt()
      try examineRAM(attachment.link)
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(DiagnosisFinding(.ram, failedWith: error.report))
      return
    }
    guard let number = options.testedSector else { return }
    // What is taken for the sector's content is what will be put back.
    if reads.doubt != nil {
      note(
        DiagnosisFinding(.sector, .skipped, "what it holds cannot be read at the program's clock, so it is left alone"))
    } else {
      try withBanksInPlace(attachment.link) { () throws(DebugError) in try examineSector(number, attachment.link) }
    }
  }

  /// Puts banks that have changed places in their own for some work: the controller counts sectors by these.
  private func withBanksInPlace(_ link: STLink, _ body: () throws(DebugError) -> Void) throws(DebugError) {
    guard let device, try BankSwap.isOn(over: link, map: device.sectorMap, coreStandsStill: true) ?? false else {
      return try body()
    }
    try BankSwap.set(false, over: link)
    let result = Result { () throws(DebugError) in try body() }
    try insist { () throws(DebugError) in try BankSwap.set(true, over: link) }
    try result.get()
  }

  /// Writes patterns, reads them back, and puts back what was there, whatever came of that.
  private func examineRAM(_ link: STLink) throws(DebugError) {
    let (address, count) = (Diagnosis.ramAddress, Diagnosis.ramByteCount)
    let found = try link.readMemory(at: address, byteCount: count)
    let wrong = Result { () throws(DebugError) in try wrongBytes(link, from: address, count) }
    try insist { () throws(DebugError) in try link.writeMemory(found, at: address) }
    let wrongCount = try wrong.get()
    note(
      wrongCount == 0
        ? DiagnosisFinding(.ram, .good, "\(count.inBytes) written and read in four patterns, and restored")
        : DiagnosisFinding(
          .ram, .failed, "\(wrongCount.grouped) of \((4 * count).inBytes) read back wrong",
          causes: [.badCable, .capacitorMissing],
          category: .noTarget))
    try stopWhereAsked()
  }

  /// How many bytes of RAM do not read as they were written.
  private func wrongBytes(_ link: STLink, from address: UInt32, _ count: Int) throws(DebugError) -> Int {
    var wrong = 0
    for seed in [0x00, 0xFF, 0x55, 0xAA] as [UInt8] {
      // The offset is mixed in, so that an address line that is stuck shows too.
      let pattern = (0..<count).map { seed ^ UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
      try link.writeMemory(pattern, at: address)
      wrong += zip(try link.readMemory(at: address, byteCount: count), pattern).count { $0 != $1 }
    }
    return wrong
  }

  /// Tries to put something back until that is done or has failed too often; the last failure is thrown.
  private func insist<Failure>(_ putBack: () throws(Failure) -> Void) throws(Failure) {
    for _ in 1..<Diagnosis.restoreAttempts {
      do throws(Failure) {
        return try putBack()
      } catch {
        // The next attempt says whether this mattered.
        continue
      }
    }
    try putBack()
  }

  /// Ends the walk where somebody has asked for that while something was put back: the link has reported it then, and
  /// goes on.
  private func stopWhereAsked() throws(DebugError) {
    if options.interruption?.isRequested ?? false { throw .interrupted }
  }

  /// Erases and programs one sector and puts back what was there.
  private func examineSector(_ number: Int, _ link: STLink) throws(DebugError) {
    guard let device, let protection, let sector = device.sectorMap.sector(number: number) else {
      note(DiagnosisFinding(.sector, .skipped, "the chip has no sector \(number)"))
      return
    }
    do throws(ProtectionRefusal) {
      try protection.checkWritable([sector])
    } catch {
      note(DiagnosisFinding(.sector, failedWith: error.report))
      return
    }
    do throws(FlashError) {
      try rewrite(sector, link, SupplyConditions(millivolts: millivolts).parallelism().0)
    } catch {
      // What became of the content is the most important of all that can be said.
      let aftermath = error.failuresAfterwards.map { ": \($0)" }.joined()
      var finding = DiagnosisFinding(.sector, failedWith: error.report)
      finding.value += aftermath
      note(finding)
      return
    }
    try stopWhereAsked()
  }

  /// Writes a pattern and then, whatever came of that, what was there before.
  private func rewrite(_ sector: Sector, _ link: STLink, _ parallelism: Parallelism) throws(FlashError) {
    guard let device else { return }
    let controller = FlashController(access: link, map: device.sectorMap)
    let found = try FlashReader(access: link, observer: { _ in }).read(sector.range, phase: nil)
    var copy: String?
    do throws(FailureReport) {
      copy = try options.keeper?.keep(found, sector.range.lowerBound)
    } catch {
      note(
        DiagnosisFinding(
          .sector, .skipped, "no copy of its content can be kept, so it is left alone: \(error.report.summary)"))
      return
    }
    let test = Result { () throws(FlashError) in
      let pattern = (0..<UInt8(64)).flatMap { [$0, ~$0, $0 ^ 0x55, $0 ^ 0xAA] }
      try write(pattern, to: sector, controller, parallelism)
    }
    do throws(FlashError) {
      try insist { () throws(FlashError) in
        // Stopped or failed before anything was erased: then there is nothing to put back, and nothing to risk.
        if try holds(found, sector, link) { return }
        try write(found, to: sector, controller, parallelism)
      }
    } catch {
      var first = test.failure ?? error
      let place = copy.map { ", a copy of which is in \($0)" } ?? ""
      first.cleanupFailures.append(
        "sector \(sector.number) has lost its content\(place) (\(error.report.summary))")
      throw first
    }
    options.keeper?.discard()
    try test.get()
    note(DiagnosisFinding(.sector, .good, "sector \(sector.number) erased, programmed, compared and restored"))
  }

  private func holds(_ bytes: [UInt8], _ sector: Sector, _ link: STLink) throws(FlashError) -> Bool {
    let reader = FlashReader(access: link, observer: { _ in })
    return try FlashCaches(access: link).withFreshReads { () throws(FlashError) in
      try reader.read(sector.range, phase: nil) == bytes
    }
  }

  private func write(
    _ bytes: [UInt8], to sector: Sector, _ controller: FlashController, _ parallelism: Parallelism
  ) throws(FlashError) {
    let start = sector.range.lowerBound
    try controller.withUnlocked { () throws(FlashError) in
      try controller.erase(.sector(sector), parallelism)
      for block in FlashPlanner.blocks(of: bytes, at: start) {
        try DirectProgrammer(controller: controller).program(block, parallelism) { _ in }
      }
    }
    let access = controller.access
    try FlashCaches(access: access).withFreshReads { () throws(FlashError) in
      try Verifier(reader: FlashReader(access: access, observer: { _ in }), context: .afterWriting)
        .verify([FlashBlock(address: start, bytes: bytes)]) { _ in }
    }
  }
}

extension Result {
  /// The failure; nil after a success.
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
