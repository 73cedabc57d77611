/// Builds ELF files for tests: header, program headers, segment contents, section headers, in that order.
struct ELFBuilder {
  /// A program header and the bytes it points at.
  struct Segment {
    var type: UInt32 = 1
    var virtualAddress: UInt32 = 0x2000_0000
    var physicalAddress: UInt32
    var bytes: [UInt8]
    var extraMemory: UInt32 = 0
    /// Makes the segment begin at the start of the file instead, headers included.
    var coversHeaders = false
  }

  var segments: [Segment]
  var machine: UInt16 = 40
  var type: UInt16 = 2
  var entryPoint: UInt32 = 0x0800_0101
  var hasSections = true

  static let headerSize = 52
  static let programHeaderSize = 32
  static let sectionHeaderSize = 40

  /// Where the content of the first segment lies in the file.
  var contentStart: Int { ELFBuilder.headerSize + segments.count * ELFBuilder.programHeaderSize }

  /// Where the content of the last segment ends in the file.
  private var contentEnd: Int { contentStart + segments.reduce(0) { $0 + $1.bytes.count } }

  /// The section names: none, ".content" at 1, ".names" at 10.
  private static let names: [UInt8] = [0] + Array(".content".utf8) + [0] + Array(".names".utf8) + [0]

  func file() -> [UInt8] {
    var result = header()
    var offset = contentStart
    for segment in segments {
      result += programHeader(segment, offset: offset)
      offset += segment.bytes.count
    }
    for segment in segments {
      result += segment.bytes
    }
    return hasSections ? result + ELFBuilder.names + sectionHeaders() : result
  }

  private func header() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ELFBuilder.headerSize)
    bytes.replaceSubrange(0..<7, with: [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1])
    bytes.setHalfword(type, at: 16)
    bytes.setHalfword(machine, at: 18)
    bytes.setWord(1, at: 20)
    bytes.setWord(entryPoint, at: 24)
    bytes.setWord(UInt32(ELFBuilder.headerSize), at: 28)
    bytes.setWord(0x0500_0200, at: 36)
    bytes.setHalfword(UInt16(ELFBuilder.headerSize), at: 40)
    bytes.setHalfword(UInt16(ELFBuilder.programHeaderSize), at: 42)
    bytes.setHalfword(UInt16(segments.count), at: 44)
    if hasSections {
      bytes.setWord(UInt32(contentEnd + ELFBuilder.names.count), at: 32)
      bytes.setHalfword(UInt16(ELFBuilder.sectionHeaderSize), at: 46)
      bytes.setHalfword(UInt16(segments.count + 2), at: 48)
      bytes.setHalfword(UInt16(segments.count + 1), at: 50)
    }
    return bytes
  }

  private func programHeader(_ segment: Segment, offset: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ELFBuilder.programHeaderSize)
    let start = segment.coversHeaders ? 0 : offset
    let size = UInt32(offset + segment.bytes.count - start)
    bytes.setWord(segment.type, at: 0)
    bytes.setWord(UInt32(start), at: 4)
    bytes.setWord(segment.virtualAddress, at: 8)
    bytes.setWord(segment.physicalAddress, at: 12)
    bytes.setWord(size, at: 16)
    bytes.setWord(size + segment.extraMemory, at: 20)
    return bytes
  }

  /// A null section, then one PROGBITS section that is allocated for each segment, then the section names.
  private func sectionHeaders() -> [UInt8] {
    var result = [UInt8](repeating: 0, count: ELFBuilder.sectionHeaderSize)
    var offset = contentStart
    for segment in segments {
      var bytes = [UInt8](repeating: 0, count: ELFBuilder.sectionHeaderSize)
      bytes.setWord(1, at: 0)
      bytes.setWord(1, at: 4)
      bytes.setWord(2, at: 8)
      bytes.setWord(segment.virtualAddress, at: 12)
      bytes.setWord(UInt32(offset), at: 16)
      bytes.setWord(UInt32(segment.bytes.count), at: 20)
      result += bytes
      offset += segment.bytes.count
    }
    var names = [UInt8](repeating: 0, count: ELFBuilder.sectionHeaderSize)
    names.setWord(10, at: 0)
    names.setWord(3, at: 4)
    names.setWord(UInt32(contentEnd), at: 16)
    names.setWord(UInt32(ELFBuilder.names.count), at: 20)
    return result + names
  }
}
