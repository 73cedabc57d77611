/// The interrupt lines between the peripherals and the core; some are shared, and high while one of their sources is.
final class InterruptLines {
  /// Called when a line changes.
  var changed: ((_ line: Int, _ isHigh: Bool) -> Void)?

  /// How many sources hold each line high.
  private var holders: [Int: Int] = [:]

  /// Makes a source of a line: a function that drives it.
  func source(_ line: Int) -> (Bool) -> Void {
    var isHigh = false
    return { [weak self] level in
      guard let self, level != isHigh else { return }
      isHigh = level
      let before = holders[line, default: 0]
      holders[line] = before + (level ? 1 : -1)
      if before == 0 || before == 1 && !level { changed?(line, level) }
    }
  }
}
