import Basics

// In which order things happen, and by which operations.
extension FlashPlanner {
  /// Where the vector table is that makes the firmware valid: at the start of the flash if the image reaches into that
  /// sector, else where the image begins (an application behind a boot loader).
  func vectorAddress(of image: FirmwareImage) -> UInt32 {
    let start = device.sectorMap.range.lowerBound
    let lowest = image.span.lowerBound
    return device.sectorMap.sector(at: start)?.range.contains(lowest) ?? false ? start : lowest
  }

  func vectorRowRange(_ address: UInt32) -> Range<UInt32> {
    let start = address & ~UInt32(FlashPlanner.rowByteCount - 1)
    return start..<start + UInt32(FlashPlanner.rowByteCount)
  }

  func vectorTableWarnings(_ image: FirmwareImage) -> [String] {
    guard let table = image.vectorTable(at: device.sectorMap.range.lowerBound) else { return [] }
    var warnings: [String] = []
    if !device.isStackTop(table.initialStackPointer) {
      warnings.append(
        "the initial stack pointer \(table.initialStackPointer.hexadecimal) is outside the RAM of \(device.name)")
    }
    if !device.sectorMap.range.contains(table.resetHandlerAddress) {
      warnings.append(
        "the reset handler \(table.resetHandler.hexadecimal) is outside the flash of \(device.name)")
    } else if !table.isThumb {
      warnings.append(
        "the reset handler \(table.resetHandler.hexadecimal) is even, which is not Thumb code: the core will fault")
    }
    return warnings
  }

  /// The cheapest operations that erase these sectors, in the order in which these are given.
  ///
  /// Whole banks may be taken where all of their sectors are to be erased, or are blank, and nothing is to be put back
  /// into them.
  ///
  /// - Parameter byteCount: how much will be programmed afterwards.
  func eraseSteps(for sectors: [Sector], _ works: [Work], programming byteCount: Int) -> [EraseStep] {
    let map = device.sectorMap
    let erasable = Set(sectors + works.filter(\.isBlank).map(\.sector))
    let keeping = Set(works.filter { !$0.kept.isEmpty }.map(\.sector.bank))
    let whole = (1...map.bankCount).filter { bank in
      !keeping.contains(bank) && map.sectors.allSatisfy { $0.bank != bank || erasable.contains($0) }
    }
    let steps = sectors.map { EraseStep.sector($0) }
    guard !whole.isEmpty, let first = sectors.firstIndex(where: { whole.contains($0.bank) }) else { return steps }
    var byBanks = sectors[..<first].map { EraseStep.sector($0) } + [.banks(whole)]
    byBanks += sectors[first...].filter { !whole.contains($0.bank) }.map { EraseStep.sector($0) }
    let cost = { forecast.erasing($0) + forecast.programming(byteCount, erasing: $0) }
    return cost(byBanks) < cost(steps) ? byBanks : steps
  }

  /// Cuts a sector's content into blocks of whole rows, leaving out what is blank anyway.
  static func blocks(of content: [UInt8], at address: UInt32) -> [FlashBlock] {
    let rows = stride(from: 0, to: content.count, by: rowByteCount)
    var blocks: [FlashBlock] = []
    for start in rows where content[start..<start + rowByteCount].contains(where: { $0 != 0xFF }) {
      let row = content[start..<start + rowByteCount]
      if let last = blocks.last {
        let blank = Int(address) + start - Int(last.range.upperBound)
        if blank < skippedRowCount * rowByteCount {
          blocks[blocks.count - 1].bytes += [UInt8](repeating: 0xFF, count: blank) + row
          continue
        }
      }
      blocks.append(FlashBlock(address: address + UInt32(start), bytes: Array(row)))
    }
    return blocks
  }
}
