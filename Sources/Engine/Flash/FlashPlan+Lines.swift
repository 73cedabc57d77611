import Basics

extension FlashPlan {
  /// The plan as text, one step or fact a line, in the order of execution.
  public var lines: [String] {
    var lines = ["\(deviceName), \(sectorMap.byteCount.byteSize) of flash, \(parallelism.name)"]
    lines += equalSectors.map { "leave   \($0.description): holds the image already" }
    lines += blankSectors.map { "as is   \($0.description): blank" }
    lines += kept.map { "keep    \($0.addresses) (\($0.count.byteSize))" }
    lines += operations.map { operation in
      switch operation {
      case .erase(.sector(let sector)): "erase   \(sector.description)"
      case .erase(.banks(let banks)):
        banks.count == sectorMap.bankCount ? "erase   everything" : "erase   bank \(banks[0])"
      case .program(let block): "program \(block.range.addresses) (\(block.bytes.count.byteSize))"
      }
    }
    lines += vectorRow.map { ["program \($0.range.addresses) last (vector table)"] } ?? []
    if isEmpty { lines.append("nothing to do") }
    lines.append(
      "about \(prediction.total.inSeconds): erase \(prediction.erase.inSeconds), "
        + "program \(prediction.program.inSeconds), verify \(prediction.verify.inSeconds)")
    return lines
  }
}
