/// The interrupt lines between the peripherals and the core; some are shared, and high while one of their sources is.
final class InterruptLines {
  /// Tells that a line has changed.
  let changed = Signal<(line: Int, isHigh: Bool)>()

  /// How many sources hold each line high.
  private var holders: [Int: Int] = [:]

  /// A source of a line has risen or fallen.
  fileprivate func sourceChanged(of line: Int, _ isHigh: Bool) {
    let before = holders[line, default: 0]
    holders[line] = before + (isHigh ? 1 : -1)
    if before == 0 || before == 1 && !isHigh { changed.send((line, isHigh)) }
  }
}

extension Line {
  /// Makes the line a source of an interrupt, by its number in the vector table.
  func connect(to interrupts: InterruptLines, _ number: Int) {
    connect(to: interrupts) { $0.sourceChanged(of: number, $1) }
  }
}
