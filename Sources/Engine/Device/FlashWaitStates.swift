/// How many wait states a read of the flash needs, by HCLK and supply.
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
