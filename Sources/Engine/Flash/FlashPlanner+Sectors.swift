// What is to become of each sector that the image touches.
extension FlashPlanner {
  /// What is to become of one sector.
  struct Work {
    var sector: Sector
    /// The bytes that it will hold.
    var content: [UInt8]
    /// The parts of it that the image or the kept bytes fill.
    var expected: [FlashBlock]
    var kept: [Range<UInt32>]
    var isEqual = false
    var isBlank = false
  }

  func work(on sector: Sector, _ image: FirmwareImage, _ options: PlanOptions) throws(PlanError) -> Work {
    let parts = image.segments(in: sector.closedRange).map { FlashBlock(address: $0.address, bytes: $0.bytes) }
    var content = image.bytes(in: sector.closedRange, filledWith: 0xFF)
    var work = Work(sector: sector, content: [], expected: parts, kept: [])
    for gap in FlashPlanner.gaps(between: parts.map(\.range), in: sector.range) where options.keepsOtherBytes {
      let bytes = try reading(gap)
      let start = Int(gap.lowerBound - sector.range.lowerBound)
      content.replaceSubrange(start..<start + bytes.count, with: bytes)
      if let used = FlashPlanner.programmedPart(of: bytes, at: gap.lowerBound) {
        work.kept.append(used.range)
        work.expected.append(used)
      }
    }
    work.content = content
    work.expected.sort { $0.address < $1.address }
    if options.skipsEqualSectors {
      work.isEqual = try holds(parts)
    }
    if !work.isEqual && work.kept.isEmpty && !options.erasesEverything {
      // What is kept has been read already: the gaps are blank.
      let unread = options.keepsOtherBytes ? parts.map(\.range) : [sector.range]
      if isWorthReading(unread, insteadOfErasing: sector) { work.isBlank = try areBlank(unread) }
    }
    return work
  }

  func holds(_ parts: [FlashBlock]) throws(PlanError) -> Bool {
    for part in parts {
      guard try reading(part.range) == part.bytes else { return false }
    }
    return true
  }

  /// Whether finding out that a sector is blank takes less time than erasing it unseen.
  private func isWorthReading(_ ranges: [Range<UInt32>], insteadOfErasing sector: Sector) -> Bool {
    let reading = ranges.reduce(Duration.zero) {
      $0 + timing.time(byteCount: $1.count, width: 4, bytesPerCommand: FlashReader.bytesPerCommand)
    }
    return reading < FlashTiming.erase(sector, parallelism).typical
  }

  /// Whether ranges hold nothing; reading stops soon after the first byte that is programmed.
  private func areBlank(_ ranges: [Range<UInt32>]) throws(PlanError) -> Bool {
    for range in ranges {
      var start = range.lowerBound
      // A sector that is in use mostly shows it at once, so the first piece is a small one.
      var byteCount = FlashPlanner.firstBlankCheckByteCount
      while start < range.upperBound {
        let end = min(range.upperBound, start + UInt32(byteCount))
        guard try reading(start..<end).allSatisfy({ $0 == 0xFF }) else { return false }
        start = end
        byteCount = FlashReader.bytesPerCommand
      }
    }
    return true
  }

  func reading(_ range: Range<UInt32>) throws(PlanError) -> [UInt8] {
    do throws(FlashError) {
      return try read(range)
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

  /// The bytes from the first to the last one that is not blank; nil when all are.
  static func programmedPart(of bytes: [UInt8], at address: UInt32) -> FlashBlock? {
    guard let first = bytes.firstIndex(where: { $0 != 0xFF }), let last = bytes.lastIndex(where: { $0 != 0xFF })
    else { return nil }
    return FlashBlock(address: address + UInt32(first), bytes: Array(bytes[first...last]))
  }
}

extension Sector {
  /// The addresses from the first byte to the last one, as images count them.
  var closedRange: ClosedRange<UInt32> { range.lowerBound...range.upperBound - 1 }
}

extension EraseStep {
  /// Whether the operation erases a sector.
  func erases(_ sector: Sector) -> Bool {
    switch self {
    case .sector(let other): other == sector
    case .banks(let banks): banks.contains(sector.bank)
    }
  }
}
