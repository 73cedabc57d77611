import LinkInterface

/// Transfers of a session that are those right before them once more, at equal distances in time: a host that polls.
struct TransferRepetition: Equatable {
  /// How many transfers come again.
  let length: Int
  /// How often they come again.
  let count: Int
  /// The time from each to the next, in nanoseconds; nil where no time of them is known.
  let period: Int64?

  /// The longest loop that is looked for; what a host asks again and again is rarely more.
  private static let longest = 12
  /// The fewest transfers that a repetition is made of; fewer are easier to read as they are.
  private static let fewest = 4
  /// The longest period, in nanoseconds: a day.
  static let longestPeriod: Int64 = 86_400_000_000_000

  /// The shortest loop that goes on at a position; nil where none does.
  init?(in exchanges: [Exchange], at position: Int) {
    for length in stride(from: 1, through: min(Self.longest, position), by: 1) {
      let step = exchanges[position].step(from: exchanges[position - length])
      guard let step else { continue }
      var end = position
      while end < exchanges.count, exchanges[end].step(from: exchanges[end - length]) == step { end += 1 }
      let count = (end - position) / length
      guard count * length >= Self.fewest else { continue }
      (self.length, self.count, period) = (length, count, step.period)
      return
    }
    return nil
  }
}

extension Exchange {
  /// How far in time an exchange is from another one that it is otherwise equal to.
  fileprivate struct Step: Equatable {
    var period: Int64?
  }

  /// The step from an earlier exchange to this one; nil where they differ in more than their times.
  fileprivate func step(from earlier: Exchange) -> Step? {
    guard request == earlier.request, outcome == earlier.outcome, gaps == earlier.gaps else { return nil }
    switch (Exchange.distance(earlier.submitted, submitted), Exchange.distance(earlier.completed, completed)) {
    case (.unknown, .unknown): return Step(period: nil)
    case (.known(let period), .unknown), (.unknown, .known(let period)): return Step(period: period)
    case (.known(let first), .known(let second)) where first == second: return Step(period: first)
    default: return nil
    }
  }

  private enum Distance {
    /// Neither time is known.
    case unknown
    case known(Int64)
    /// One time is not known, or the later one comes first or very much later.
    case none
  }

  private static func distance(_ earlier: Duration?, _ later: Duration?) -> Distance {
    guard let earlier, let later else { return earlier == nil && later == nil ? .unknown : .none }
    let (first, second) = (earlier.wholeNanoseconds, later.wholeNanoseconds)
    guard second < Int64.max, second >= first, second - first <= TransferRepetition.longestPeriod else { return .none }
    return .known(second - first)
  }
}
