/// Operations in a row, or the mark that those before go on in the same way: what a listing shows.
public enum ListedOperation: Sendable, Equatable {
  /// One operation.
  case single(DecodedOperation)
  /// The operations right before, `period` of them, happen `count` times more, until `end`.
  case repeated(period: Int, count: Int, end: Duration?)
}

extension ListedOperation {
  /// The longest loop that is folded: what a host asks again and again while it waits is rarely more.
  private static let longestPeriod = 4
  /// The fewest operations that a mark stands for; fewer are easier to read as they are.
  private static let fewestFolded = 2

  /// A session's operations with loops that do nothing new folded.
  public static func list(_ operations: [DecodedOperation]) -> [ListedOperation] {
    let texts = operations.map(\.text)
    var listed: [ListedOperation] = []
    var position = 0
    while position < operations.count {
      listed.append(.single(operations[position]))
      position += 1
      // The shortest loop that ends here and goes on behind.
      for period in 1...min(longestPeriod, position) {
        let count = repetitions(of: period, at: position, in: texts)
        guard count * period >= fewestFolded else { continue }
        position += count * period
        listed.append(.repeated(period: period, count: count, end: operations[position - 1].end))
        break
      }
    }
    return listed
  }

  /// How often the operations before a position come again from it on.
  private static func repetitions(of period: Int, at position: Int, in texts: [String]) -> Int {
    var next = position
    while next < texts.count, texts[next] == texts[next - period] { next += 1 }
    return (next - position) / period
  }
}
