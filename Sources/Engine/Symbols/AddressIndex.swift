/// Ranges of addresses, which may lie within each other, and what belongs to each.
struct AddressIndex<Element: Sendable>: Sendable {
  /// A range and what belongs to it.
  struct Entry: Sendable {
    var range: Range<Int>
    var element: Element
  }

  /// In the order of their beginnings; of the same beginning, the one that was given last is last.
  let entries: [Entry]
  /// How far the entries up to each reach.
  private let reach: [Int]

  /// Sorts the entries; among those with the same beginning, the later ones win.
  init(_ entries: [Entry]) {
    // `sorted` is stable.
    let sorted = entries.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var reach: [Int] = []
    reach.reserveCapacity(sorted.count)
    var furthest = 0
    for entry in sorted {
      furthest = max(furthest, entry.range.upperBound)
      reach.append(furthest)
    }
    self.entries = sorted
    self.reach = reach
  }

  /// The entry that holds an address and begins nearest to it, of those that fit.
  func nearest(to address: UInt32, where fits: (Element) -> Bool = { _ in true }) -> Entry? {
    let address = Int(address)
    var index = position(behind: address)
    while index > 0, reach[index - 1] > address {
      index -= 1
      if entries[index].range.contains(address), fits(entries[index].element) {
        return entries[index]
      }
    }
    return nil
  }

  /// The entry that begins last at an address or before it, whether it holds the address or not.
  func last(upTo address: UInt32) -> Entry? {
    let index = position(behind: Int(address))
    return index > 0 ? entries[index - 1] : nil
  }

  /// The number of entries that begin at an address or before it, found by bisection.
  private func position(behind address: Int) -> Int {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].range.lowerBound <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
