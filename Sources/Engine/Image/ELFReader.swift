import Basics

/// Reads what belongs into the target's memory from an ELF file: its loadable segments, by physical address, and the
/// allocated sections that no segment holds.
///
/// Source: Tool Interface Standard, Executable and Linking Format, version 1.2, and ELF for the Arm Architecture (IHI
/// 0044). The physical address counts, because initialised data lies in flash and is copied to its virtual address by
/// the firmware's start-up code. Linkers that know no physical addresses leave all of them 0; then the virtual ones
/// count. A section that was added to a linked file (objcopy --add-section) is in no segment, and GNU objcopy converts
/// it all the same; both rules are those of BFD (binutils, bfd/elf.c, _bfd_elf_make_section_from_shdr).
struct ELFReader {
  /// The first four bytes of e_ident.
  static let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]

  /// Sizes of the 32-bit structures, in bytes.
  private enum Size {
    static let header = 52
    static let programHeader = 32
    static let sectionHeader = 40
  }

  /// One entry of the program header table.
  private struct ProgramHeader {
    /// p_type of a loadable segment.
    static let load: UInt32 = 1

    var position: Int
    var type: UInt32
    var fileRange: Range<Int>
    var virtualAddress: UInt32
    var physicalAddress: UInt32
    var memorySize: Int

    /// Whether it brings bytes for the target.
    var isContent: Bool { type == ProgramHeader.load && !fileRange.isEmpty }
  }

  /// What the section header table says of one section.
  private struct Section {
    /// SHF_ALLOC: the section takes up memory while the program runs.
    private static let allocated: UInt32 = 2
    /// SHT_NOBITS: the section takes up no room in the file.
    private static let noBits: UInt32 = 8

    var position: Int
    var type: UInt32
    var flags: UInt32
    var address: UInt32
    var fileRange: Range<Int>

    /// Whether the section's bytes in the file are bytes for the target.
    var isContent: Bool {
      flags & Section.allocated != 0 && type != Section.noBits && !fileRange.isEmpty
    }
  }

  private let bytes: [UInt8]
  private let file: String

  /// Reads a whole file.
  static func read(_ bytes: [UInt8], file: String) throws(ImageError) -> FirmwareImage {
    try ELFReader(bytes: bytes, file: file).read()
  }

  private func read() throws(ImageError) -> FirmwareImage {
    try require(Size.header, at: 0, for: "the ELF header")
    for field in ELFField.checked {
      let found = field.isHalfword ? bytes.littleEndianHalfword(at: field.offset) : UInt16(bytes[field.offset])
      guard found == field.value else {
        throw fieldError(field.name, field.meaning, field.name(of: found), field.offset)
      }
    }
    let headers = try programHeaders().filter(\.isContent)
    let sections = try sections().filter(\.isContent).sorted { $0.fileRange.lowerBound < $1.fileRange.lowerBound }
    var assembler = SegmentAssembler(file: file, format: .elf)
    let hasPhysicalAddresses = headers.contains { $0.physicalAddress != 0 }
    for header in headers {
      let content = try content(of: header, sections: sections)
      let skipped = UInt32(content.lowerBound - header.fileRange.lowerBound)
      let start = hasPhysicalAddresses ? header.physicalAddress : header.virtualAddress
      let (address, overflow) = start.addingReportingOverflow(skipped)
      guard !overflow else {
        throw error(.pastAddressSpace(address: start, byteCount: header.fileRange.count), at: header.position)
      }
      try assembler.add(bytes[content], at: address, from: .offset(header.position))
    }
    for section in ELFReader.loose(sections, headers) {
      try require(section.fileRange.count, at: section.fileRange.lowerBound, for: "a section")
      try assembler.add(bytes[section.fileRange], at: section.address, from: .offset(section.position))
    }
    let entryPoint = bytes.littleEndianWord(at: 24)
    return FirmwareImage(
      segments: try assembler.finish(), entryPoint: entryPoint == 0 ? nil : entryPoint, format: .elf)
  }

  private func programHeaders() throws(ImageError) -> [ProgramHeader] {
    let count = Int(bytes.littleEndianHalfword(at: 44))
    guard count > 0 else { throw fieldError("the number of program headers", "at least 1", "0", 44) }
    let positions = try table(
      "the program header table", offsetAt: 28, entrySizeAt: 42, count: count, entrySize: Size.programHeader)
    var headers: [ProgramHeader] = []
    for position in positions {
      let header = programHeader(at: position)
      if header.isContent {
        try require(header.fileRange.count, at: header.fileRange.lowerBound, for: "a loadable segment")
        guard header.fileRange.count <= header.memorySize else {
          throw fieldError(
            "the segment's size in the file", "at most its size in memory, \(header.memorySize)",
            String(header.fileRange.count), position + 16)
        }
      }
      headers.append(header)
    }
    return headers
  }

  private func programHeader(at position: Int) -> ProgramHeader {
    let offset = Int(word(position + 4))
    return ProgramHeader(
      position: position, type: word(position), fileRange: offset..<offset + Int(word(position + 16)),
      virtualAddress: word(position + 8), physicalAddress: word(position + 12), memorySize: Int(word(position + 20)))
  }

  /// The sections; none when the file has been stripped of them.
  ///
  /// The table usually lies at the end, so that looking for it finds a file that was cut off.
  private func sections() throws(ImageError) -> [Section] {
    let count = Int(bytes.littleEndianHalfword(at: 48))
    guard count > 0 else {
      // With more than 65,279 sections the number stands elsewhere; no linked program has as many.
      guard word(32) == 0 else { throw fieldError("the number of sections", "at least 1", "0", 48) }
      return []
    }
    let positions = try table(
      "the section header table", offsetAt: 32, entrySizeAt: 46, count: count, entrySize: Size.sectionHeader)
    return positions.map { position in
      let offset = Int(word(position + 16))
      return Section(
        position: position, type: word(position + 4), flags: word(position + 8), address: word(position + 12),
        fileRange: offset..<offset + Int(word(position + 20)))
    }
  }

  /// The sections that no segment holds, out of sections in the order of the file.
  private static func loose(_ sections: [Section], _ headers: [ProgramHeader]) -> [Section] {
    var held: [Range<Int>] = []
    for range in headers.map(\.fileRange).sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = held.last, range.lowerBound <= last.upperBound {
        held[held.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        held.append(range)
      }
    }
    var rest = held[...]
    return sections.filter { section in
      rest = rest.drop { $0.upperBound <= section.fileRange.lowerBound }
      guard let range = rest.first else { return true }
      return range.lowerBound > section.fileRange.lowerBound || range.upperBound < section.fileRange.upperBound
    }
  }

  /// The part of a segment that belongs in the target's memory.
  ///
  /// Where the page before the first section has room, GNU ld begins the segment with the ELF header and the program
  /// headers. Firmware linked to 0x0800_C000 then has a segment that starts at 0x0800_0000, over the boot loader.
  private func content(of header: ProgramHeader, sections: [Section]) throws(ImageError) -> Range<Int> {
    let tableStart = Int(word(28))
    let tableSize = Int(bytes.littleEndianHalfword(at: 42)) * Int(bytes.littleEndianHalfword(at: 44))
    let table = tableStart..<tableStart + tableSize
    guard header.fileRange.overlaps(0..<Size.header) || header.fileRange.overlaps(table) else {
      return header.fileRange
    }
    guard !sections.isEmpty else {
      throw error(.headersInSegment(address: header.physicalAddress), at: header.position)
    }
    let first = ELFReader.start(ofFirst: sections, from: header.fileRange.lowerBound)
    return min(first ?? .max, header.fileRange.upperBound)..<header.fileRange.upperBound
  }

  /// Where the first section begins that begins at an offset or behind it, found by bisection.
  private static func start(ofFirst sections: [Section], from offset: Int) -> Int? {
    var candidates = sections[...]
    while !candidates.isEmpty {
      let middle = candidates.startIndex + candidates.count / 2
      if sections[middle].fileRange.lowerBound < offset {
        candidates = candidates[(middle + 1)...]
      } else {
        candidates = candidates[..<middle]
      }
    }
    return candidates.startIndex < sections.count ? sections[candidates.startIndex].fileRange.lowerBound : nil
  }

  /// The positions of a table's entries, after checking that all of it is in the file.
  private func table(
    _ part: String, offsetAt: Int, entrySizeAt: Int, count: Int, entrySize: Int
  ) throws(ImageError) -> StrideTo<Int> {
    let start = Int(word(offsetAt))
    let size = Int(bytes.littleEndianHalfword(at: entrySizeAt))
    guard size >= entrySize else {
      throw fieldError("the size of an entry of \(part)", "at least \(entrySize)", String(size), entrySizeAt)
    }
    try require(count * size, at: start, for: part)
    return stride(from: start, to: start + count * size, by: size)
  }

  private func require(_ count: Int, at offset: Int, for part: String) throws(ImageError) {
    guard count <= bytes.count - offset else {
      throw error(
        .truncated(part: part, expectedBytes: count, foundBytes: max(0, bytes.count - offset)), at: offset)
    }
  }

  private func word(_ offset: Int) -> UInt32 {
    bytes.littleEndianWord(at: offset)
  }

  private func fieldError(_ name: String, _ expected: String, _ found: String, _ offset: Int) -> ImageError {
    error(.field(name: name, expected: expected, found: found), at: offset)
  }

  private func error(_ reason: ImageError.Reason, at offset: Int) -> ImageError {
    ImageError(reason, in: file, format: .elf, at: .offset(offset))
  }
}
