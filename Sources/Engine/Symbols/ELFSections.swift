import Basics

/// The sections of an ELF, by name: what the program says of itself beside its bytes.
///
/// Source: Tool Interface Standard, Executable and Linking Format, version 1.2. Loadable segments are `ELFReader`'s.
struct ELFSections: Sendable {
  /// What the section header table says of one section.
  struct Section: Sendable {
    /// SHF_ALLOC and SHF_EXECINSTR.
    private static let allocated: UInt32 = 0x2
    private static let executable: UInt32 = 0x4
    /// SHF_COMPRESSED.
    private static let compressed: UInt32 = 0x800

    var name: String
    var type: UInt32
    var flags: UInt32
    var address: UInt32
    var size: UInt32
    /// Where its bytes lie in the file; nil where the file has none for it.
    var fileRange: Range<Int>?
    /// sh_link: the section that belongs to it.
    var link: Int

    /// Whether it takes up memory while the program runs.
    var isAllocated: Bool { flags & Section.allocated != 0 }
    /// Whether it holds instructions.
    var isExecutable: Bool { flags & Section.executable != 0 }
    /// Whether its bytes are compressed.
    var isCompressed: Bool { flags & Section.compressed != 0 }
    /// The addresses that it takes up.
    var addresses: Range<Int> { Int(address)..<Int(address) + Int(size) }
  }

  /// The whole file.
  let bytes: [UInt8]
  /// Every section, in the order of the file; the first one is empty by the format.
  let all: [Section]
  /// e_entry, with its Thumb bit; nil where the file names none.
  let entryPoint: UInt32?

  private static let headerSize = 52
  private static let entrySize = 40
  /// SHT_NOBITS.
  private static let noBits: UInt32 = 8

  /// Reads the header and the section header table.
  init(_ bytes: [UInt8]) throws(SymbolsError) {
    self.bytes = bytes
    guard bytes.count >= ELFSections.headerSize, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
      throw SymbolsError(
        bytes.count < ELFSections.headerSize ? .truncated : .invalid("no ELF"), in: .header, at: 0)
    }
    for field in ELFField.checked {
      let found =
        field.isHalfword
        ? bytes.littleEndianHalfword(at: field.offset) : UInt16(bytes[field.offset])
      guard found == field.value else {
        let text = "\(field.name) is \(field.name(of: found)) and not \(field.meaning)"
        throw SymbolsError(.invalid(text), in: .header, at: field.offset)
      }
    }
    let entry = bytes.littleEndianWord(at: 24)
    entryPoint = entry == 0 ? nil : entry
    all = try ELFSections.sections(bytes)
  }

  /// The first section of a name.
  subscript(_ name: String) -> Section? {
    all.first { $0.name == name }
  }

  /// A cursor at the beginning of a section that is read under its name; nil where there is none.
  func cursor(_ part: SymbolsError.Part) throws(SymbolsError) -> SectionCursor? {
    guard let section = self[part.rawValue] else { return nil }
    return try cursor(section, as: part)
  }

  /// A cursor at the beginning of a section.
  func cursor(_ section: Section, as part: SymbolsError.Part) throws(SymbolsError) -> SectionCursor? {
    guard let range = section.fileRange else { return nil }
    guard !section.isCompressed else {
      throw SymbolsError(.unsupported("it is compressed"), in: part, at: 0)
    }
    return SectionCursor(bytes, range, part: part)
  }

  /// Whether an address is one of the program's, that is in a section that takes up memory.
  func isAllocated(_ address: UInt32) -> Bool {
    all.contains { $0.isAllocated && $0.addresses.contains(Int(address)) }
  }

  /// Whether code, or data that the linker has removed, may have been at an address.
  ///
  /// Linkers leave the debug information of removed sections where it is and set its addresses to 0 or to the end of
  /// the address space. At 0 itself a Cortex-M has its vector table, and never an instruction (ARMv7-M, B1.5.3).
  func mayHoldCode(_ address: UInt32) -> Bool {
    address != 0 && isAllocated(address)
  }

  /// The halfword that the file has for an address of memory; nil where it has none.
  func halfword(at address: UInt32) -> UInt16? {
    let place = Int(address)
    for section in all where section.isAllocated && section.addresses.contains(place) {
      guard let range = section.fileRange, place + 2 <= section.addresses.upperBound else {
        continue
      }
      return bytes.littleEndianHalfword(at: range.lowerBound + place - Int(section.address))
    }
    return nil
  }

  /// Whether the instruction before an address is a call: BL or BLX of Thumb (ARMv7-M, A7.7.18 and A7.7.19).
  func followsCall(_ address: UInt32) -> Bool {
    guard let last = halfword(at: address &- 2) else { return false }
    if last & 0xFF87 == 0x4780 { return true }
    guard last & 0xD000 == 0xD000, let first = halfword(at: address &- 4) else { return false }
    return first & 0xF800 == 0xF000
  }

  private static func sections(_ bytes: [UInt8]) throws(SymbolsError) -> [Section] {
    let table = Int(bytes.littleEndianWord(at: 32))
    let size = Int(bytes.littleEndianHalfword(at: 46))
    let count = Int(bytes.littleEndianHalfword(at: 48))
    guard count > 0 else { return [] }
    guard size >= entrySize else {
      throw SymbolsError(.invalid("entries of \(size.inBytes)"), in: .header, at: 46)
    }
    guard count * size <= bytes.count - table else {
      throw SymbolsError(.truncated, in: .sectionTable, at: 0)
    }
    var nameOffsets: [Int] = []
    var sections: [Section] = []
    for index in 0..<count {
      let entry = table + index * size
      nameOffsets.append(Int(bytes.littleEndianWord(at: entry)))
      sections.append(try section(bytes, entry: entry, inTable: index * size))
    }
    let namesIndex = Int(bytes.littleEndianHalfword(at: 50))
    guard namesIndex < count, let range = sections[namesIndex].fileRange else {
      throw SymbolsError(.invalid("section \(namesIndex) holds no names"), in: .header, at: 50)
    }
    var names = SectionCursor(bytes, range, part: .sectionNames)
    for (index, offset) in nameOffsets.enumerated() where offset != 0 {
      try names.move(to: offset)
      sections[index].name = try names.text()
    }
    return sections
  }

  private static func section(_ bytes: [UInt8], entry: Int, inTable: Int) throws(SymbolsError)
    -> Section
  {
    let word = { bytes.littleEndianWord(at: entry + $0) }
    let (type, size, offset) = (word(4), Int(word(20)), Int(word(16)))
    // The first entry may hold numbers that do not fit the header.
    let hasBytes = type != 0 && type != noBits
    guard !hasBytes || size <= bytes.count - offset else {
      throw SymbolsError(.truncated, in: .sectionTable, at: inTable)
    }
    return Section(
      name: "", type: type, flags: word(8), address: word(12), size: word(20),
      fileRange: hasBytes ? offset..<offset + size : nil, link: Int(word(24)))
  }
}
