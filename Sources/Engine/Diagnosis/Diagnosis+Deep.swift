// Writing tests, only where they were asked for.
extension Diagnosis {
  /// How much RAM is written to: the start of SRAM1, which every F2 and F4 has.
  private static let ramByteCount = 1024
  private static let ramAddress: UInt32 = 0x2000_0000

  /// Halts the core, tests RAM, and the sector that was named; the core runs on afterwards.
  func examineDeeply(_ attachment: Attachment) throws(DebugError) {
    do throws(DebugError) {
      try attachment.core.halt()
      try examineRAM(attachment.link)
    } catch {
      guard error.isOfTheTarget else { throw error }
      note(DiagnosisFinding(.ram, failedWith: error.report))
      return
    }
    if let number = options.testedSector { examineSector(number, attachment.link) }
  }

  /// Writes patterns, reads them back, and puts back what was there.
  private func examineRAM(_ link: STLink) throws(DebugError) {
    let (address, count) = (Diagnosis.ramAddress, Diagnosis.ramByteCount)
    let found = try link.readMemory(at: address, byteCount: count)
    var wrong = 0
    for seed in [0x00, 0xFF, 0x55, 0xAA] as [UInt8] {
      // The offset is mixed in, so that an address line that is stuck shows too.
      let pattern = (0..<count).map { seed ^ UInt8(truncatingIfNeeded: $0 ^ $0 >> 8) }
      try link.writeMemory(pattern, at: address)
      wrong += zip(try link.readMemory(at: address, byteCount: count), pattern).count { $0 != $1 }
    }
    try link.writeMemory(found, at: address)
    note(
      wrong == 0
        ? DiagnosisFinding(.ram, .good, "\(count) bytes written and read in four patterns, and restored")
        : DiagnosisFinding(
          .ram, .failed, "\(wrong) of \(4 * count) bytes read back wrong", causes: [.badCable, .capacitorMissing],
          category: .noTarget))
  }

  /// Erases and programs one sector and puts back what was there.
  private func examineSector(_ number: Int, _ link: STLink) {
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
      note(DiagnosisFinding(.sector, .good, "sector \(number) erased, programmed, compared and restored"))
    } catch {
      note(DiagnosisFinding(.sector, failedWith: error.report))
    }
  }

  /// Writes a pattern and then, whatever came of that, what was there before.
  private func rewrite(_ sector: Sector, _ link: STLink, _ parallelism: Parallelism) throws(FlashError) {
    guard let device else { return }
    let controller = FlashController(access: link, map: device.sectorMap)
    let found = try FlashReader(access: link, observer: { _ in }).read(sector.range, phase: nil)
    let pattern = (0..<UInt8(64)).flatMap { [$0, ~$0, $0 ^ 0x55, $0 ^ 0xAA] }
    do throws(FlashError) {
      try write(pattern, to: sector, controller, parallelism)
    } catch {
      var error = error
      do throws(FlashError) {
        try write(found, to: sector, controller, parallelism)
      } catch let second {
        error.cleanupFailures.append("sector \(sector.number) has lost its content: \(second.report.summary)")
      }
      throw error
    }
    try write(found, to: sector, controller, parallelism)
  }

  private func write(
    _ bytes: [UInt8], to sector: Sector, _ controller: FlashController, _ parallelism: Parallelism
  ) throws(FlashError) {
    let start = sector.range.lowerBound
    try controller.withUnlocked { () throws(FlashError) in
      try controller.erase(sector, parallelism)
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
