import Basics

/// Reads what a loader would put into memory from an ELF file: its loadable segments, by physical address.
///
/// Source: Tool Interface Standard, Executable and Linking Format, version 1.2, and ELF for the Arm Architecture (IHI
/// 0044). The physical address counts, because initialised data lies in flash and is copied to its virtual address by
/// the firmware's start-up code.
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
    var physicalAddress: UInt32
    var memorySize: Int
  }

  /// What the section header table says of one section.
  private struct Section {
    /// SHF_ALLOC: the section takes up memory while the program runs.
    private static let allocated: UInt32 = 2
    /// SHT_NOBITS: the section takes up no room in the file.
    private static let noBits: UInt32 = 8

    var type: UInt32
    var flags: UInt32
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
    let headers = try programHeaders()
    let sections = try sections()
    var assembler = SegmentAssembler(file: file, format: .elf)
    for header in headers where header.type == ProgramHeader.load && !header.fileRange.isEmpty {
      let content = try content(of: header, sections: sections)
      let skipped = UInt32(content.lowerBound - header.fileRange.lowerBound)
      let (address, overflow) = header.physicalAddress.addingReportingOverflow(skipped)
      guard !overflow else {
        throw error(
          .pastAddressSpace(address: header.physicalAddress, byteCount: header.fileRange.count), at: header.position)
      }
      try assembler.add(bytes[content], at: address, from: .offset(header.position))
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
      if header.type == ProgramHeader.load, !header.fileRange.isEmpty {
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
      physicalAddress: word(position + 12), memorySize: Int(word(position + 20)))
  }

  /// The sections; none when the file has been stripped of them.
  ///
  /// The table usually lies at the end, so that looking for it finds a file that was cut off.
  private func sections() throws(ImageError) -> [Section] {
    let count = Int(bytes.littleEndianHalfword(at: 48))
    guard count > 0 else { return [] }
    let positions = try table(
      "the section header table", offsetAt: 32, entrySizeAt: 46, count: count, entrySize: Size.sectionHeader)
    return positions.map { position in
      let offset = Int(word(position + 16))
      return Section(
        type: word(position + 4), flags: word(position + 8), fileRange: offset..<offset + Int(word(position + 20)))
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
    let starts = sections.filter(\.isContent).map(\.fileRange.lowerBound).filter(header.fileRange.contains)
    let start = starts.min() ?? header.fileRange.upperBound
    return start..<header.fileRange.upperBound
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
