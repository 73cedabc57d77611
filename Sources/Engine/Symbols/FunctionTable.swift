/// Which functions of the source are at work at an address, those among them that were inlined (.debug_info).
///
/// When it is made, only the first entry of each unit is looked at; a question reads one unit.
struct FunctionTable: Sendable {
  private let sections: ELFSections
  private let units: [InformationUnit]
  /// The units that have code at an address; the elements are indices of `units`.
  private let byAddress: AddressIndex<Int>

  /// How many entries may refer to each other for a name.
  private static let originLimit = 8

  init(_ sections: ELFSections, information: [InformationUnit]) {
    self.sections = sections
    units = information
    var entries: [AddressIndex<Int>.Entry] = []
    // The GNU assembler's functions take up what lies behind them; the symbol table knows better.
    for (index, unit) in information.enumerated() where !unit.isAssembly {
      let ranges = (try? AddressRanges(sections: sections, unit: unit).ofUnit()) ?? []
      for range in ranges where sections.mayHoldCode(range.lowerBound) {
        entries.append(.init(range: Int(range.lowerBound)..<Int(range.upperBound), element: index))
      }
    }
    byAddress = AddressIndex(entries.reversed())
  }

  /// The functions at an address, the innermost first; `lines` knows the files.
  func functions(at address: UInt32, lines: LineTable) -> [SourceFunction] {
    guard let index = byAddress.nearest(to: address)?.element,
      let chain = try? chain(at: address, units[index])
    else { return [] }
    let unit = units[index]
    let lineUnit = unit.number(InformationUnit.AttributeName.lineTable)
    var location = lines.location(at: address)
    var functions: [SourceFunction] = []
    for entry in chain.reversed() {
      let names: (name: String?, linkage: String?) = (try? names(of: entry, unit)) ?? (nil, nil)
      let isInlined = entry.tag == DebugEntry.Tag.inlinedSubroutine
      functions.append(
        SourceFunction(
          name: names.name, linkageName: names.linkage, location: location, isInlined: isInlined))
      location = entry.callFile.flatMap { file in
        lineUnit.flatMap {
          lines.location(file: file, line: entry.callLine, column: entry.callColumn, unit: $0)
        }
      }
    }
    return functions
  }

  /// The function that holds an address, and those that were inlined there, the outermost first.
  private func chain(at address: UInt32, _ unit: InformationUnit) throws(SymbolsError)
    -> [DebugEntry]
  {
    guard let section = try sections.cursor(.information),
      let table = try sections.cursor(.abbreviations)
    else {
      return []
    }
    let abbreviations = try Abbreviations(table, at: unit.abbreviationsOffset)
    let ranges = AddressRanges(sections: sections, unit: unit)
    var cursor = try section.part(unit.entries)
    var chain: [DebugEntry] = []
    // How deep the function is whose end ends the search, and the entry that is read.
    var (end, depth) = (0, 0)
    while !cursor.isAtEnd {
      let code = try cursor.unsigned()
      if code == 0 {
        depth -= 1
        if depth <= end { break }
        continue
      }
      guard let abbreviation = abbreviations[code] else {
        throw cursor.error(.invalid("abbreviation \(code)"))
      }
      let entry = try DebugEntry(abbreviation, &cursor, unit.encoding)
      var descends = DebugEntry.Tag.scopes.contains(entry.tag) || depth == 0
      if [DebugEntry.Tag.subprogram, DebugEntry.Tag.inlinedSubroutine].contains(entry.tag) {
        let own = try ranges.of(entry)
        descends = own.isEmpty || own.contains { $0.contains(address) }
        if descends, !own.isEmpty {
          if entry.tag == DebugEntry.Tag.subprogram { (chain, end) = ([], depth) }
          chain.append(entry)
        }
      }
      guard entry.hasChildren else { continue }
      if !descends, let sibling = entry.sibling, sibling > cursor.position {
        try cursor.move(to: sibling)
      } else {
        depth += 1
      }
    }
    return chain
  }

  /// The names of a function, which may stand in the entry that it comes from, even in another unit.
  private func names(
    of entry: DebugEntry, _ unit: InformationUnit
  ) throws(SymbolsError) -> (name: String?, linkage: String?) {
    let texts = DebugTexts(sections: sections)
    var (entry, unit) = (entry, unit)
    var (name, linkage): (String?, String?)
    for _ in 0..<FunctionTable.originLimit {
      name = name ?? entry.name.flatMap { unit.text($0, texts) }
      linkage = linkage ?? entry.linkageName.flatMap { unit.text($0, texts) }
      guard name == nil || linkage == nil, let origin = entry.origin,
        let next = units.first(where: { $0.entries.contains(origin) })
      else { break }
      unit = next
      guard let origin = try self.entry(at: origin, of: next) else { break }
      entry = origin
    }
    return (name, linkage)
  }

  private func entry(at offset: Int, of unit: InformationUnit) throws(SymbolsError) -> DebugEntry? {
    guard let section = try sections.cursor(.information),
      let table = try sections.cursor(.abbreviations)
    else {
      return nil
    }
    var cursor = try section.part(unit.entries)
    try cursor.move(to: offset)
    let code = try cursor.unsigned()
    guard
      let abbreviation = try Abbreviations(table, at: unit.abbreviationsOffset, upTo: code)[code]
    else { return nil }
    return try DebugEntry(abbreviation, &cursor, unit.encoding)
  }
}
