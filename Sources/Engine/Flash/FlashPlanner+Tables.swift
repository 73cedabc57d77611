import Basics

// Which rows a program can start from: they are programmed last, and the sectors that hold such rows are erased first.
extension FlashPlanner {
  /// How much of the begin of a sector is looked at for the vector table of an old program: a table, or a header of up to
  /// 512 bytes in front of one.
  private static let lookByteCount = 528
  /// How large headers are that boot loaders put in front of a table beside those: each place costs a command.
  private static let largeHeaders: [UInt32] = [0x400, 0x800, 0x1000]

  /// The rows of what a sector will hold that a program can start from, by rising address.
  ///
  /// Any row of 16 bytes may be one. VTOR takes a table at a multiple of 128 bytes at the least (ARMv7-M, B3.2.5), but a boot
  /// loader may load stack pointer and program counter itself, from behind a header of its own; and to hold back a row
  /// that only looks like a table costs next to nothing.
  func tableRows(in work: Work) -> [Range<UInt32>] {
    FlashPlanner.startableRows(in: work.content, at: work.sector.range.lowerBound, on: device)
  }

  static func startableRows(in bytes: [UInt8], at address: UInt32, on device: Device) -> [Range<UInt32>] {
    tables(in: bytes, at: address).filter(device.canStart).map { $0.address..<$0.address + UInt32(rowByteCount) }
  }

  /// Each row of some bytes taken for a vector table.
  private static func tables(in bytes: [UInt8], at address: UInt32) -> [VectorTable] {
    stride(from: 0, through: bytes.count - rowByteCount, by: rowByteCount).map { offset in
      VectorTable(
        address: address + UInt32(offset), initialStackPointer: bytes.littleEndianWord(at: offset),
        resetHandler: bytes.littleEndianWord(at: offset + 4))
    }
  }

  /// The rows to be held back until everything else has been verified, by rising address.
  ///
  /// Beside those that a program can start from the row where the table of the image has to be, whatever it holds: a
  /// blank one there tells that a write was broken off.
  func vectorRows(of works: [Work], _ image: FirmwareImage) -> [Range<UInt32>] {
    var rows = works.flatMap(tableRows)
    let own = vectorRowRange(vectorAddress(of: image))
    if rows.isEmpty || own.lowerBound == device.sectorMap.range.lowerBound, !rows.contains(own) {
      rows.insert(own, at: 0)
    }
    return rows
  }

  /// Whether the image brings a sector a row that a program can start from, or the row that the core starts from.
  func holdsTable(of image: FirmwareImage, _ sector: Sector) -> Bool {
    let own = vectorRowRange(vectorAddress(of: image))
    if own.lowerBound == device.sectorMap.range.lowerBound, sector.range.overlaps(own),
      !image.segments(in: own.lowerBound...own.upperBound - 1).isEmpty
    {
      return true
    }
    return image.segments(in: sector.closedRange).contains { segment in
      let start = (segment.address + UInt32(FlashPlanner.rowByteCount) - 1) & ~UInt32(FlashPlanner.rowByteCount - 1)
      let skipped = Int(start - segment.address)
      guard skipped < segment.bytes.count else { return false }
      return !FlashPlanner.startableRows(in: Array(segment.bytes[skipped...]), at: start, on: device).isEmpty
    }
  }

  /// Takes the sectors with the image's vector tables out of those that are left alone when any other has to change.
  ///
  /// Otherwise a write that breaks off would leave a valid vector table in front of half of the new firmware. A table that
  /// is only kept is not the image's: its sector is better left alone than erased and written again.
  func keepTableSectorsWithTheRest(_ works: inout [Work], _ image: FirmwareImage) {
    guard works.contains(where: { !$0.isEqual }) else { return }
    let rows = vectorRows(of: works, image).filter { !image.segments(in: $0.lowerBound...$0.upperBound - 1).isEmpty }
    for index in works.indices where rows.contains(where: works[index].sector.range.overlaps) {
      works[index].isEqual = false
    }
  }

  /// The sectors to be erased with those first that hold vector tables, now or in the end.
  ///
  /// A write that breaks off then leaves no table of an old program whose other sectors have been erased. Of the old
  /// programs those are found whose table is at the begin of a sector, or behind a header there. The sector that the core
  /// starts from at a reset is the very first, whatever it holds; after it come the old tables, and then those that the
  /// image brings.
  func tablesFirst(_ sectors: [Sector], holding rows: [Range<UInt32>]) throws(PlanError) -> [Sector] {
    // One sector beside that which is the very first stands where it stands, whatever it holds.
    let isStart = { (sector: Sector) in sector.range.contains(device.sectorMap.range.lowerBound) }
    guard sectors.count(where: { !isStart($0) }) > 1 else {
      return sectors.filter(isStart) + sectors.filter { !isStart($0) }
    }
    var (start, old, new, others): ([Sector], [(sector: Sector, entries: [UInt32])], [Sector], [Sector]) = (
      [], [], [], []
    )
    for sector in sectors {
      if isStart(sector) {
        start.append(sector)
        continue
      }
      let entries = try oldTables(in: sector).map(\.resetHandlerAddress)
      if !entries.isEmpty {
        old.append((sector, entries))
      } else if rows.contains(where: sector.range.overlaps) {
        new.append(sector)
      } else {
        others.append(sector)
      }
    }
    return start + FlashPlanner.tablesBeforePrograms(old) + new + others
  }

  /// Sectors with old tables in such an order that none goes before a table elsewhere that starts a program in it, as far
  /// as they do not start each other's.
  private static func tablesBeforePrograms(_ sectors: [(sector: Sector, entries: [UInt32])]) -> [Sector] {
    var (rest, ordered) = (sectors, [Sector]())
    while !rest.isEmpty {
      let free = rest.firstIndex { candidate in
        rest.allSatisfy {
          $0.sector == candidate.sector || !$0.entries.contains(where: candidate.sector.range.contains)
        }
      }
      ordered.append(rest.remove(at: free ?? 0).sector)
    }
    return ordered
  }

  /// The tables that a program can start from which a sector holds now, where they are looked for.
  private func oldTables(in sector: Sector) throws(PlanError) -> [VectorTable] {
    let start = sector.range.lowerBound
    var found = try tables(in: start..<start + UInt32(FlashPlanner.lookByteCount))
    for header in FlashPlanner.largeHeaders { found += try tables(in: vectorRowRange(start + header)) }
    return found
  }

  /// The tables that a program can start from which some rows of the flash hold now.
  private func tables(in rows: Range<UInt32>) throws(PlanError) -> [VectorTable] {
    let bytes = try looking { () throws(FlashError) in try contents.bytes(in: rows) }
    return FlashPlanner.tables(in: bytes, at: rows.lowerBound).filter(device.canStart)
  }

  /// Warns of programs that stay startable although this plan takes their first instruction away: their table is at the
  /// begin of a sector that is left alone.
  ///
  /// What else of such a program goes, no table tells. Linkers put a program behind its table: where each look costs a
  /// command of a slow link, only those are looked at that lie before something that goes.
  func warningsOfBrokenPrograms(_ plan: FlashPlan) throws(PlanError) -> [String] {
    let erased = plan.erasedSectors
    guard let end = erased.map(\.range.upperBound).max() else { return [] }
    let left = device.sectorMap.sectors.filter {
      !erased.contains($0) && !plan.equalSectors.contains($0) && (contents.isQuick || $0.range.lowerBound < end)
    }
    var warnings: [String] = []
    for sector in left {
      for table in try tables(in: vectorRowRange(sector.range.lowerBound)) {
        let entry = table.resetHandlerAddress
        guard let lost = erased.first(where: { $0.range.contains(entry) }),
          !plan.kept.contains(where: { $0.contains(entry) })
        else { continue }
        warnings.append(
          "the vector table at \(table.address.hexadecimal), which is left, starts a program at "
            + "\(entry.hexadecimal) in sector \(lost.number), which is overwritten: erase sector \(sector.number) too "
            + "if this image is no part of that program")
      }
    }
    return warnings
  }
}

extension Device {
  /// Whether the core can start a program from a table: stack pointer in RAM, reset handler odd and in the flash.
  func canStart(from table: VectorTable) -> Bool {
    isStackTop(table.initialStackPointer) && table.isThumb && sectorMap.range.contains(table.resetHandlerAddress)
  }
}
