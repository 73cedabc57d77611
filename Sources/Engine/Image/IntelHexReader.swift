import Basics

/// Reads Intel HEX (Intel, Hexadecimal Object File Format Specification, revision A, 1988).
///
/// A record is `:LLAAAATT…CC`: number of data bytes, offset, type, data, and the two's complement of the sum of all of
/// them.
struct IntelHexReader {
  /// The record types, by number.
  private enum RecordType: UInt8 {
    case data = 0
    case endOfFile = 1
    case extendedSegmentAddress = 2
    case startSegmentAddress = 3
    case extendedLinearAddress = 4
    case startLinearAddress = 5

    /// The number of data bytes that a record of this type has; nil where it is free.
    var byteCount: Int? {
      switch self {
      case .data: nil
      case .endOfFile: 0
      case .extendedSegmentAddress, .extendedLinearAddress: 2
      case .startSegmentAddress, .startLinearAddress: 4
      }
    }
  }

  /// How the 16-bit offset of a data record becomes an address.
  private enum Base {
    /// The offset counts within a 64 KiB segment and wraps at its end.
    case segment(UInt32)
    /// The offset is the lower half of an address, and a record may run on past 64 KiB.
    case linear(UInt32)
  }

  /// Length, two bytes of offset, type and checksum: what a record has besides its data.
  private static let overhead = 5

  private let file: String
  private var assembler: SegmentAssembler
  private var base = Base.linear(0)
  private var entryPoint: UInt32?
  private var endLine: Int?

  private init(file: String) {
    self.file = file
    assembler = SegmentAssembler(file: file, format: .intelHex)
  }

  /// Reads a whole file.
  static func read(_ text: [UInt8], file: String) throws(ImageError) -> FirmwareImage {
    var reader = IntelHexReader(file: file)
    try RecordText.forEachLine(of: text) { line throws(ImageError) in try reader.read(line) }
    guard reader.endLine != nil else { throw ImageError(.endMissing, in: file, format: .intelHex) }
    return FirmwareImage(
      segments: try reader.assembler.finish(), entryPoint: reader.entryPoint, format: .intelHex)
  }

  private mutating func read(_ line: RecordText.Line) throws(ImageError) {
    if let endLine { throw error(.dataAfterEnd(endLine: endLine), line) }
    let first = line.characters[line.characters.startIndex]
    guard first == UInt8(ascii: ":") else { throw error(.startMark(found: first), line) }
    let bytes = try RecordText.bytes(
      of: line, from: line.characters.startIndex + 1, in: file, format: .intelHex)
    try checkLength(of: bytes, line)
    let sum = bytes.dropLast().reduce(0 as UInt8, &+)
    let checksum = bytes[bytes.count - 1]
    guard sum &+ checksum == 0 else { throw error(.checksum(expected: 0 &- sum, found: checksum), line) }
    guard let type = RecordType(rawValue: bytes[3]) else { throw error(.recordType(bytes[3]), line) }
    let data = bytes[4..<bytes.count - 1]
    if let expected = type.byteCount, data.count != expected {
      throw error(.recordLength(type: Hexadecimal.byte(type.rawValue), expected: expected, found: data.count), line)
    }
    try apply(type, offset: UInt32(bytes[1]) << 8 | UInt32(bytes[2]), data, line)
  }

  private func checkLength(of bytes: [UInt8], _ line: RecordText.Line) throws(ImageError) {
    let foundDigits = line.characters.count - 1
    let expectedDigits = 2 * (Int(bytes.first ?? 0) + IntelHexReader.overhead)
    guard foundDigits >= expectedDigits else {
      throw error(.recordCut(expectedDigits: expectedDigits, foundDigits: foundDigits), line)
    }
    guard foundDigits == expectedDigits else {
      throw error(.recordTooLong(expectedDigits: expectedDigits, foundDigits: foundDigits), line)
    }
  }

  private mutating func apply(
    _ type: RecordType, offset: UInt32, _ data: ArraySlice<UInt8>, _ line: RecordText.Line
  ) throws(ImageError) {
    let value = data.prefix(4).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    switch type {
    case .data: try addData(data, offset: offset, line)
    case .endOfFile: endLine = line.number
    case .extendedSegmentAddress: base = .segment(value << 4)
    case .extendedLinearAddress: base = .linear(value << 16)
    case .startSegmentAddress: setEntryPoint((value >> 16) << 4 &+ value & 0xFFFF)
    case .startLinearAddress: setEntryPoint(value)
    }
  }

  /// Adds the bytes of a data record; in segment addressing those beyond offset 0xFFFF go to the segment's start.
  private mutating func addData(
    _ data: ArraySlice<UInt8>, offset: UInt32, _ line: RecordText.Line
  ) throws(ImageError) {
    let location = ImageLocation.line(line.number)
    switch base {
    case .linear(let base):
      try assembler.add(data, at: base + offset, from: location)
    case .segment(let base):
      let beforeWrap = data.prefix(0x1_0000 - Int(offset))
      try assembler.add(beforeWrap, at: base + offset, from: location)
      try assembler.add(data[beforeWrap.endIndex...], at: base, from: location)
    }
  }

  /// Zero is what tools write that know no entry point.
  private mutating func setEntryPoint(_ address: UInt32) {
    entryPoint = address == 0 ? nil : address
  }

  private func error(_ reason: ImageError.Reason, _ line: RecordText.Line) -> ImageError {
    ImageError(reason, in: file, format: .intelHex, at: .line(line.number))
  }
}
