// What is to become of each sector that the image touches.
extension FlashPlanner {
  /// What is to become of one sector.
  struct Work {
    var sector: Sector
    /// The bytes that it will hold.
    var content: [UInt8]
    /// The parts of it that the image fills.
    var parts: [Range<UInt32>]
    /// The parts of it that are kept.
    var kept: [Range<UInt32>] = []
    var isEqual = false
    var isBlank = false

    /// What is compared in the end: what is filled, in whole words, and the short gaps between, whose content is known too.
    ///
    /// Many small pieces become few: each would cost a command, and ends that are no whole words would have to be read.
    var expected: [FlashBlock] {
      let words = (parts + kept).sorted { $0.lowerBound < $1.lowerBound }.map(\.coveringWords)
      let whole = FlashBlock(address: sector.range.lowerBound, bytes: content)
      return words.joined(over: FlashPlanner.shortGapByteCount).compactMap(whole.part)
    }
  }

  /// A gap between two pieces that is cheaper to go through than to leave out.
  static let shortGapByteCount = skippedRowCount * rowByteCount

  func work(on sector: Sector, _ image: FirmwareImage, _ options: PlanOptions) throws(PlanError) -> Work {
    let parts = image.segments(in: sector.closedRange).map { FlashBlock(address: $0.address, bytes: $0.bytes) }
    var content = image.bytes(in: sector.closedRange, filledWith: 0xFF)
    // Nothing that the sector holds now outlives an erase of everything: no look at it could be a fact afterwards.
    if options.erasesEverything {
      return Work(sector: sector, content: content, parts: parts.map(\.range))
    }
    var work = Work(sector: sector, content: [], parts: parts.map(\.range))
    if options.keepsOtherBytes || options.skipsEqualSectors {
      try looking { () throws(FlashError) in try contents.readAhead(of: work.parts) }
    }
    let gaps = FlashPlanner.gaps(between: parts.map(\.range), in: sector.range)
    for gap in gaps where options.keepsOtherBytes {
      let used = try looking { () throws(FlashError) in try contents.programmedPart(of: gap) }
      guard let used else { continue }
      let start = Int(used.address - sector.range.lowerBound)
      content.replaceSubrange(start..<start + used.bytes.count, with: used.bytes)
      work.kept.append(used.range)
    }
    work.content = content
    if options.skipsEqualSectors {
      // Where other bytes are not to be kept, their presence is a difference: what the flash holds in the end must not
      // depend on whether equal sectors are skipped.
      work.isEqual = try looking { () throws(FlashError) in
        guard try contents.holds(parts) else { return false }
        return options.keepsOtherBytes ? true : try contents.areBlank(gaps)
      }
    }
    if !work.isEqual && work.kept.isEmpty {
      // What is kept has been read already: the gaps are blank.
      let unread = options.keepsOtherBytes ? parts.map(\.range) : [sector.range]
      if contents.isQuick || isWorthReading(unread, insteadOfErasing: sector) {
        work.isBlank = try looking { () throws(FlashError) in try contents.areBlank(unread) }
      }
    }
    return work
  }

  /// Whether finding out that a sector is blank takes less time than erasing it unseen.
  private func isWorthReading(_ ranges: [Range<UInt32>], insteadOfErasing sector: Sector) -> Bool {
    let reading = ranges.reduce(Duration.zero) {
      $0 + timing.time(byteCount: $1.count, width: 4, bytesPerCommand: FlashReader.bytesPerCommand)
    }
    return reading < device.sectorMap.family.timing.erase(sector, parallelism).typical
  }

  func looking<Result>(_ look: () throws(FlashError) -> Result) throws(PlanError) -> Result {
    do throws(FlashError) {
      return try look()
    } catch {
      throw .flash(error)
    }
  }

  static func gaps(between parts: [Range<UInt32>], in range: Range<UInt32>) -> [Range<UInt32>] {
    var start = range.lowerBound
    var gaps: [Range<UInt32>] = []
    for part in parts {
      if start < part.lowerBound { gaps.append(start..<part.lowerBound) }
      start = part.upperBound
    }
    if start < range.upperBound { gaps.append(start..<range.upperBound) }
    return gaps
  }
}

extension Sector {
  /// The addresses from the first byte to the last one, as images count them.
  var closedRange: ClosedRange<UInt32> { range.lowerBound...range.upperBound - 1 }
}
