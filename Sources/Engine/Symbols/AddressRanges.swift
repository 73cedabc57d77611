/// The addresses that an entry of debug information is about: from one to another, or a list (DWARF 5, 2.17).
struct AddressRanges {
  let sections: ELFSections
  let unit: InformationUnit

  /// The ranges of the unit's own first entry.
  func ofUnit() throws(SymbolsError) -> [Range<UInt32>] {
    let attributes = unit.attributes
    return try ranges(
      low: attributes[InformationUnit.AttributeName.lowAddress],
      high: attributes[InformationUnit.AttributeName.highAddress],
      isDistance: unit.isHighAddressDistance,
      list: attributes[InformationUnit.AttributeName.ranges])
  }

  /// The ranges of one of the unit's entries; empty where it has none, as a declaration.
  func of(_ entry: DebugEntry) throws(SymbolsError) -> [Range<UInt32>] {
    try ranges(
      low: entry.lowAddress, high: entry.highAddress, isDistance: entry.isHighAddressDistance,
      list: entry.ranges)
  }

  private func ranges(
    low: DebugForm.Value?, high: DebugForm.Value?, isDistance: Bool, list: DebugForm.Value?
  ) throws(SymbolsError) -> [Range<UInt32>] {
    if let list { return try unit.encoding.version >= 5 ? newList(list) : oldList(list) }
    guard let low, let high, let start = try address(low), let second = try address(high) else {
      return []
    }
    let end = isDistance ? start &+ second : second
    return end > start ? [start..<end] : []
  }

  /// An address, or a number in place of one.
  private func address(_ value: DebugForm.Value) throws(SymbolsError) -> UInt32? {
    switch value {
    case .number(let number): return UInt32(truncatingIfNeeded: number)
    case .numberedAddress(let number): return try address(number: number)
    default: return nil
    }
  }

  /// An address by its number in .debug_addr.
  private func address(number: Int) throws(SymbolsError) -> UInt32? {
    guard let base = unit.number(InformationUnit.AttributeName.addressBase),
      var cursor = try sections.cursor(.addresses)
    else { return nil }
    try cursor.move(to: base &+ number &* unit.encoding.addressSize)
    return UInt32(truncatingIfNeeded: try cursor.number(size: unit.encoding.addressSize))
  }

  /// The address from which a list counts at first.
  private func base() throws(SymbolsError) -> UInt32 {
    guard let low = unit.attributes[InformationUnit.AttributeName.lowAddress] else { return 0 }
    return try address(low) ?? 0
  }

  /// A list of .debug_ranges, up to version 4 (DWARF 4, 2.17.3).
  private func oldList(_ list: DebugForm.Value) throws(SymbolsError) -> [Range<UInt32>] {
    guard case .number(let offset) = list, var cursor = try sections.cursor(.ranges) else {
      return []
    }
    try cursor.move(to: Int(truncatingIfNeeded: offset))
    var base = try base()
    var ranges: [Range<UInt32>] = []
    while true {
      let start = UInt32(truncatingIfNeeded: try cursor.number(size: unit.encoding.addressSize))
      let end = UInt32(truncatingIfNeeded: try cursor.number(size: unit.encoding.addressSize))
      if start == 0, end == 0 { return ranges }
      if start == .max {
        base = end
      } else if end > start {
        AddressRanges.add(base &+ start, base &+ end, to: &ranges)
      }
    }
  }

  /// A list of .debug_rnglists (DWARF 5, 2.17.3 and 7.25).
  private func newList(_ list: DebugForm.Value) throws(SymbolsError) -> [Range<UInt32>] {
    guard var cursor = try sections.cursor(.rangeLists) else { return [] }
    switch list {
    case .number(let offset): try cursor.move(to: Int(truncatingIfNeeded: offset))
    case .numberedRanges(let number):
      guard let base = unit.number(InformationUnit.AttributeName.rangeListsBase) else { return [] }
      try cursor.move(to: base &+ number &* (unit.encoding.is64Bit ? 8 : 4))
      try cursor.move(to: base &+ (try cursor.offset(is64Bit: unit.encoding.is64Bit)))
    default: return []
    }
    var base = try base()
    var ranges: [Range<UInt32>] = []
    while true {
      switch try cursor.byte() {
      case 0: return ranges
      case 1: base = try address(number: try cursor.count()) ?? 0
      case 2:
        let (start, end) = (
          try address(number: try cursor.count()), try address(number: try cursor.count())
        )
        AddressRanges.add(start ?? 0, end ?? 0, to: &ranges)
      case 3:
        let start = try address(number: try cursor.count()) ?? 0
        AddressRanges.add(
          start, start &+ UInt32(truncatingIfNeeded: try cursor.unsigned()), to: &ranges)
      case 4:
        let start = base &+ UInt32(truncatingIfNeeded: try cursor.unsigned())
        AddressRanges.add(
          start, base &+ UInt32(truncatingIfNeeded: try cursor.unsigned()), to: &ranges)
      case 5: base = try plainAddress(&cursor)
      case 6:
        let start = try plainAddress(&cursor)
        AddressRanges.add(start, try plainAddress(&cursor), to: &ranges)
      case 7:
        let start = try plainAddress(&cursor)
        AddressRanges.add(
          start, start &+ UInt32(truncatingIfNeeded: try cursor.unsigned()), to: &ranges)
      case let kind: throw cursor.error(.unsupported("an entry of kind \(kind)"))
      }
    }
  }

  private func plainAddress(_ cursor: inout SectionCursor) throws(SymbolsError) -> UInt32 {
    UInt32(truncatingIfNeeded: try cursor.number(size: unit.encoding.addressSize))
  }

  private static func add(_ start: UInt32, _ end: UInt32, to ranges: inout [Range<UInt32>]) {
    if end > start { ranges.append(start..<end) }
  }
}
