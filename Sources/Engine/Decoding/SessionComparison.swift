/// Where two sessions part, and what they have in common after that.
public struct SessionComparison: Sendable, Equatable {
  /// The first difference.
  public struct Parting: Sendable, Equatable {
    /// The position of the operation in both sessions, from 0.
    public var index: Int
    /// The operation of the first session; nil where it has ended.
    public var first: DecodedOperation?
    /// The operation of the second session; nil where it has ended.
    public var second: DecodedOperation?
  }

  /// A command that one session has more often after the parting.
  public struct Excess: Sendable, Equatable {
    /// The operation's text.
    public var text: String
    /// How much more often the second session has it; negative where the first has it more often.
    public var count: Int
  }

  /// The first difference; nil where there is none.
  public private(set) var parting: Parting?
  /// The number of operations of each session from the parting on.
  public private(set) var rest = (first: 0, second: 0)
  /// Operations from the parting on that both sessions have, in whatever order.
  public private(set) var commonCount = 0
  /// Operations that one session has more often from the parting on, the greatest differences first.
  public private(set) var excess: [Excess] = []

  /// Compares operation by operation; times do not count.
  public init(_ first: [DecodedOperation], _ second: [DecodedOperation]) {
    let index = zip(first, second).prefix { $0.text == $1.text }.count
    guard index < max(first.count, second.count) else { return }
    parting = Parting(
      index: index, first: index < first.count ? first[index] : nil,
      second: index < second.count ? second[index] : nil)
    rest = (first.count - index, second.count - index)
    var counts: [String: (first: Int, second: Int)] = [:]
    for operation in first[index...] { counts[operation.text, default: (0, 0)].first += 1 }
    for operation in second[index...] { counts[operation.text, default: (0, 0)].second += 1 }
    commonCount = counts.values.reduce(0) { $0 + min($1.first, $1.second) }
    excess = counts.filter { $1.first != $1.second }
      .map { Excess(text: $0, count: $1.second - $1.first) }
      .sorted { (abs($1.count), $0.text) < (abs($0.count), $1.text) }
  }

  /// Compares all that is stored.
  public static func == (left: SessionComparison, right: SessionComparison) -> Bool {
    left.parting == right.parting && left.rest == right.rest && left.commonCount == right.commonCount
      && left.excess == right.excess
  }
}
