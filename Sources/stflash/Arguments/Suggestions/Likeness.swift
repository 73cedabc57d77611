/// How alike two words are, for "did you mean".
enum Likeness {
  /// The candidates that a word may have been meant for, likeliest first: those that it begins, then those that differ
  /// in few letters.
  static func nearest(to word: String, among candidates: [String], most: Int = 3) -> [String] {
    let word = word.lowercased()
    let limit = max(1, word.count / 3)
    let ranked = candidates.compactMap { candidate -> (rank: Int, name: String)? in
      let isBeginning = word.count >= 3 && candidate.lowercased().hasPrefix(word)
      let distance = isBeginning ? 0 : distance(word, candidate.lowercased())
      return distance <= limit ? (distance, candidate) : nil
    }
    let best = ranked.map(\.rank).min() ?? 0
    return ranked.filter { $0.rank == best }.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(most)
      .map(\.name)
  }

  /// How many letters have to be put in, taken out, replaced, or swapped with their neighbour.
  static func distance(_ first: String, _ second: String) -> Int {
    let (first, second) = (Array(first), Array(second))
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for (row, letter) in first.enumerated() {
      var current = [row + 1]
      for (column, other) in second.enumerated() {
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[second.count]
  }
}
