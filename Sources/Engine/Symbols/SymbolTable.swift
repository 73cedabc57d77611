import Basics

/// The symbol table of a program (.symtab): addresses by name, names by address.
///
/// Source: Tool Interface Standard, Executable and Linking Format, version 1.2; ELF for the Arm Architecture (IHI
/// 0044), 5.5: bit 0 of a function's value is its Thumb bit, "$t", "$a" and "$d" mark code and data and name nothing.
struct SymbolTable: Sendable {
  /// st_info and st_shndx, as far as they are used.
  private struct Entry: Sendable {
    var address: UInt32
    var size: UInt32
    var nameOffset: Int
    var kind: ProgramSymbol.Kind
    var binding: UInt8
    var section: Int

    /// Which of several symbols at one address says most: sized before unsized, code before data before labels, and
    /// by binding: global, local, weak, because the many weak names of a default handler say nothing.
    var worth: Int {
      let byKind = [ProgramSymbol.Kind.label, .object, .function].firstIndex(of: kind) ?? 0
      let byBinding =
        [SymbolTable.weak, SymbolTable.local, SymbolTable.global].firstIndex(of: binding) ?? 0
      return (size > 0 ? 100 : 0) + 10 * byKind + byBinding
    }
  }

  private let sections: ELFSections
  private let names: SectionCursor?
  private let entries: [Entry]
  /// The symbols that stand for addresses of the program; the elements are indices of `entries`.
  private let byAddress: AddressIndex<Int>

  /// STB_LOCAL, STB_GLOBAL and STB_WEAK.
  private static let local: UInt8 = 0
  private static let global: UInt8 = 1
  private static let weak: UInt8 = 2
  /// SHT_SYMTAB.
  private static let symbolTableType: UInt32 = 2
  private static let entrySize = 16

  /// Reads the symbol table; a file that was stripped of it has no symbols.
  init(_ sections: ELFSections) throws(SymbolsError) {
    self.sections = sections
    guard let table = sections.all.first(where: { $0.type == SymbolTable.symbolTableType }),
      let cursor = try sections.cursor(table, as: .symbols)
    else {
      names = nil
      entries = []
      byAddress = AddressIndex([])
      return
    }
    guard sections.all.indices.contains(table.link),
      let names = try sections.cursor(sections.all[table.link], as: .symbolNames)
    else {
      throw SymbolsError(
        .invalid("its names are in section \(table.link), which has none"), in: .symbols, at: 0)
    }
    self.names = names
    entries = try SymbolTable.entries(cursor, names: names)
    byAddress = SymbolTable.index(entries, sections)
  }

  /// The symbol that holds an address; of code without sizes, the last label before it in its section.
  func symbol(at address: UInt32) -> ProgramSymbol? {
    if let index = byAddress.nearest(to: address)?.element, entries[index].size > 0 {
      return symbol(entries[index])
    }
    guard let index = byAddress.last(upTo: address)?.element, entries[index].size == 0,
      sections.all[entries[index].section].addresses.contains(Int(address))
    else { return nil }
    return symbol(entries[index])
  }

  /// The symbol of a name; of several, a global one before a weak one before a local one.
  func symbol(named name: String) -> ProgramSymbol? {
    guard let names, !name.isEmpty else { return nil }
    let found = entries.filter { names.holds(name.utf8, at: $0.nameOffset) }
    let best = [SymbolTable.global, SymbolTable.weak].lazy.compactMap { binding in
      found.first { $0.binding == binding }
    }.first
    return (best ?? found.first).flatMap(symbol)
  }

  /// The symbols that a section holds, in the order of the table.
  func symbols(inSection name: String) -> [ProgramSymbol] {
    guard let section = sections.all.firstIndex(where: { $0.name == name }) else { return [] }
    return entries.filter { $0.section == section }.compactMap(symbol)
  }

  private func symbol(_ entry: Entry) -> ProgramSymbol? {
    guard var names, (try? names.move(to: entry.nameOffset)) != nil, let name = try? names.text()
    else { return nil }
    return ProgramSymbol(name: name, address: entry.address, size: entry.size, kind: entry.kind)
  }

  /// The entries that have a name of their own; checks every name's place.
  private static func entries(_ table: SectionCursor, names: SectionCursor) throws(SymbolsError)
    -> [Entry]
  {
    var table = table
    var entries: [Entry] = []
    entries.reserveCapacity(table.end / entrySize)
    // The first one is empty by the format.
    if !table.isAtEnd { try table.skip(entrySize) }
    while !table.isAtEnd {
      let nameOffset = Int(try table.word())
      let (value, size) = (try table.word(), try table.word())
      let (information, _, section) = (
        try table.byte(), try table.byte(), Int(try table.halfword())
      )
      guard nameOffset < names.end else {
        throw table.error(.invalid("a name at byte \(nameOffset) of .strtab"))
      }
      guard let kind = kind(information & 0xF), section != 0, nameOffset != 0,
        !names.holdsMappingSymbol(at: nameOffset)
      else { continue }
      entries.append(
        Entry(
          address: kind == .function ? value & ~1 : value, size: size, nameOffset: nameOffset,
          kind: kind,
          binding: information >> 4, section: section))
    }
    return entries
  }

  /// STT_NOTYPE, STT_OBJECT, STT_FUNC, and STT_ARM_TFUNC of old tools; sections and files are no symbols to us.
  private static func kind(_ type: UInt8) -> ProgramSymbol.Kind? {
    switch type {
    case 0: .label
    case 1: .object
    case 2, 13: .function
    default: nil
    }
  }

  /// The symbols that lie in memory; labels only among code, because the linker script's stand for the edges of data.
  private static func index(_ entries: [Entry], _ sections: ELFSections) -> AddressIndex<Int> {
    let places = entries.indices.filter { index in
      let entry = entries[index]
      guard sections.all.indices.contains(entry.section) else { return false }
      let section = sections.all[entry.section]
      let isThere = section.isAllocated && section.addresses.contains(Int(entry.address))
      return isThere && (entry.kind != .label || section.isExecutable)
    }
    // Of symbols with the same address, the worthiest comes last, and of these the first one of the table.
    let sorted = places.map { (worth: entries[$0].worth, index: $0) }.sorted {
      ($0.worth, $1.index) < ($1.worth, $0.index)
    }
    return AddressIndex(
      sorted.map { _, index in
        let start = Int(entries[index].address)
        return .init(range: start..<start + Int(entries[index].size), element: index)
      })
  }
}
