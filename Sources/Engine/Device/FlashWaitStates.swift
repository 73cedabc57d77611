/// How many wait states a read of the flash needs, by HCLK and supply.
///
/// Sources: RM0033 2.3.3, RM0090 3.5.1, RM0368 3.4.1, RM0383 3.4.1; F446 and F469 as F42x (RM0390 3.4.1, RM0386 3.5.1).
struct FlashWaitStates: Sendable, Equatable {
  /// The highest HCLK in MHz by the number of wait states, from 0 on, for each of four ranges of the supply.
  let megahertz: [[Int]]

  /// The supply in millivolts at which each range but the last begins.
  private static let rangeStarts = [2700, 2400, 2100]

  /// The wait states that a read needs; nil where no number of them is enough.
  func needed(atHertz hertz: Int, millivolts: Int) -> Int? {
    row(millivolts).firstIndex { hertz <= $0 * 1_000_000 }
  }

  /// The highest HCLK in MHz that the flash can follow at a supply.
  func fastestMegahertz(millivolts: Int) -> Int { row(millivolts).last ?? 0 }

  /// As many as any clock at any supply needs: more than needed only cost time.
  var most: Int { megahertz.reduce(0) { max($0, $1.count - 1) } }

  private func row(_ millivolts: Int) -> [Int] {
    let range = FlashWaitStates.rangeStarts.firstIndex { millivolts >= $0 } ?? FlashWaitStates.rangeStarts.count
    return megahertz[range]
  }
}

extension FlashWaitStates {
  static let f2 = FlashWaitStates(megahertz: [
    [30, 60, 90, 120], [24, 48, 72, 96, 120], [18, 36, 54, 72, 90, 108, 120], [16, 32, 48, 64, 80, 96, 112, 120],
  ])
  static let f40x = FlashWaitStates(megahertz: [
    [30, 60, 90, 120, 150, 168], [24, 48, 72, 96, 120, 144, 168], [22, 44, 66, 88, 110, 132, 154, 168],
    [20, 40, 60, 80, 100, 120, 140, 160],
  ])
  static let f42x = FlashWaitStates(megahertz: [
    [30, 60, 90, 120, 150, 180], [24, 48, 72, 96, 120, 144, 168, 180], [22, 44, 66, 88, 110, 132, 154, 176, 180],
    [20, 40, 60, 80, 100, 120, 140, 160, 168],
  ])
  static let f401 = FlashWaitStates(megahertz: [
    [30, 60, 84], [24, 48, 72, 84], [18, 36, 54, 72, 84], [16, 32, 48, 64, 80, 84],
  ])
  static let f41x = FlashWaitStates(megahertz: [
    [30, 64, 90, 100], [24, 48, 72, 96, 100], [18, 36, 54, 72, 90, 100], [16, 32, 48, 64, 80, 96, 100],
  ])
}
