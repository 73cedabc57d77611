import Basics

extension FlashPlan {
  /// The plan as text, one step or fact a line, in the order of execution.
  public var lines: [String] {
    var lines = ["\(deviceName), \(sectorMap.byteCount.byteSize) of flash, \(parallelism.name)"]
    lines += equalSectors.map { "leave   \($0.description): holds the image already" }
    lines += blankSectors.map { "as is   \($0.description): blank" }
    lines += keptLines
    for (number, stage) in stages.enumerated() {
      lines += stage.operations.map { operation in
        switch operation {
        case .erase(.sector(let sector)): "erase   \(sector.description)"
        case .erase(.banks(let banks)):
          banks.count == sectorMap.bankCount ? "erase   everything" : "erase   bank \(banks[0])"
        case .program(let block):
          "program \(block.range.addresses) "
            + (number == 0 ? "(\(block.bytes.count.byteSize))" : "last (vector table)")
        }
      }
    }
    if isEmpty { lines.append("nothing to do") }
    lines.append(
      "about \(prediction.total.inWords): erase \(prediction.erase.inWords), "
        + "program \(prediction.program.inWords), verify \(prediction.verify.inWords)")
    return lines
  }

  /// How many stretches of a sector are shown one by one.
  private static let shownStretches = 4

  /// What is kept: each stretch, or one line for a sector where there are many.
  private var keptLines: [String] {
    sectorMap.sectors.flatMap { sector -> [String] in
      let stretches = kept.filter { sector.range.contains($0.lowerBound) }
      guard stretches.count > FlashPlan.shownStretches, let first = stretches.first, let last = stretches.last else {
        return stretches.map { "keep    \($0.addresses) (\($0.count.byteSize))" }
      }
      let count = stretches.reduce(0) { $0 + $1.count }
      let span = first.lowerBound..<last.upperBound
      return ["keep    \(stretches.count) stretches within \(span.addresses) (\(count.byteSize))"]
    }
  }
}
