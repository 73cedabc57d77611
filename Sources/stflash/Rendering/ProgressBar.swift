import Basics
import Engine

/// Draws how far a phase has come as one line of text.
struct ProgressBar {
  /// The phase.
  let phase: FlashPhase
  /// How many bytes it will move.
  let total: Int
  /// How many it has moved.
  var done = 0

  /// The narrowest bar that still says something.
  private static let fewestCells = 10
  private static let mostCells = 40

  /// The line for a terminal of so many columns: `programming [#####-----]  50 %  512 KiB of 1 MiB`.
  ///
  /// Where the bar does not fit the numbers stand alone.
  func line(columns: Int) -> String {
    let percent = total > 0 ? done * 100 / total : 100
    let name = phase.rawValue.padded(to: 11)
    let numbers = "\(String(percent).padded(left: 3)) %  \(amount)"
    let cells = min(ProgressBar.mostCells, columns - name.count - numbers.count - 6)
    guard cells >= ProgressBar.fewestCells else { return "\(name) \(numbers)" }
    let filled = total > 0 ? cells * done / total : cells
    let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: cells - filled)
    return "\(name) [\(bar)] \(numbers)"
  }

  /// The amount in one unit and at one width throughout, so that nothing on the line moves.
  private var amount: String {
    let (unit, divisor) = total >= 10_240 ? ("KiB", 1024) : ("bytes", 1)
    let whole = (total / divisor).grouped
    return "\((done / divisor).grouped.padded(left: whole.count)) of \(whole) \(unit)"
  }
}

extension String {
  /// The text with spaces behind it up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// The text with spaces before it up to a width.
  func padded(left width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - count)) + self
  }
}
