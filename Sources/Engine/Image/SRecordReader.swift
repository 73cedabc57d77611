/// Reads Motorola S-records.
///
/// A record is `StLL…CC`: type, number of bytes that follow, address (two to four bytes, by type), data, and the
/// complement of the sum of everything from the length on. A file ends with a start record (S7 to S9); tools that know no
/// entry point may leave it out (srec_cat, bincopy), and a count of the data records that fits shows as well that nothing
/// is missing.
struct SRecordReader {
  /// What a record of a type is for.
  private enum Role {
    case header
    case data
    case count
    case start
  }

  /// What each record type is for, and how many bytes its address has; S4 is reserved.
  private static let types: [UInt8: (role: Role, addressBytes: Int)] = [
    0: (.header, 2), 1: (.data, 2), 2: (.data, 3), 3: (.data, 4), 5: (.count, 2), 6: (.count, 3), 7: (.start, 4),
    8: (.start, 3), 9: (.start, 2),
  ]

  private let file: String
  private var assembler: SegmentAssembler
  private var dataRecordCount = 0
  private var entryPoint: UInt32?
  private var endLine: Int?
  private var lastRole: Role?

  private init(file: String) {
    self.file = file
    assembler = SegmentAssembler(file: file, format: .sRecord)
  }

  /// Reads a whole file.
  static func read(_ text: [UInt8], file: String) throws(ImageError) -> FirmwareImage {
    var reader = SRecordReader(file: file)
    try RecordText.forEachLine(of: text) { line throws(ImageError) in try reader.read(line) }
    guard reader.endLine != nil || reader.lastRole == .count else {
      throw ImageError(.endMissing, in: file, format: .sRecord)
    }
    return FirmwareImage(
      segments: try reader.assembler.finish(), entryPoint: reader.entryPoint, format: .sRecord)
  }

  private mutating func read(_ line: RecordText.Line) throws(ImageError) {
    if let endLine { throw error(.dataAfterEnd(endLine: endLine), line) }
    let start = line.characters.startIndex
    guard line.characters[start] == UInt8(ascii: "S") else {
      throw error(.startMark(found: line.characters[start]), line)
    }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard line.characters.count > 1, digits.contains(line.characters[start + 1]) else {
      throw error(.startMark(found: line.characters.dropFirst().first), line)
    }
    let number = line.characters[start + 1] - digits.lowerBound
    let bytes = try RecordText.bytes(of: line, from: start + 2, in: file, format: .sRecord)
    guard let type = SRecordReader.types[number] else { throw error(.recordType(number), line) }
    try checkLength(of: bytes, number, type.role, shortest: type.addressBytes + 1, line)
    let checksum = bytes[bytes.count - 1]
    let expected = ~bytes.dropLast().reduce(0 as UInt8, &+)
    guard checksum == expected else { throw error(.checksum(expected: expected, found: checksum), line) }
    let payload = bytes[1..<bytes.count - 1]
    let address = payload.prefix(type.addressBytes).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
    try apply(type.role, address: address, payload.dropFirst(type.addressBytes), line)
  }

  /// Checks a record's length against its type and against the line; `shortest` is address and checksum.
  private func checkLength(
    of bytes: [UInt8], _ number: UInt8, _ role: Role, shortest: Int, _ line: RecordText.Line
  ) throws(ImageError) {
    let found = line.characters.count - 2
    let declared = Int(bytes.first ?? UInt8(shortest))
    let mayHoldData = role == .data || role == .header
    guard declared == shortest || mayHoldData && declared > shortest else {
      throw error(.recordLength(type: "S\(number)", expected: shortest, found: declared), line)
    }
    let expected = 2 + 2 * declared
    guard found >= expected else { throw error(.recordCut(expectedDigits: expected, foundDigits: found), line) }
    guard found == expected else { throw error(.recordTooLong(expectedDigits: expected, foundDigits: found), line) }
  }

  private mutating func apply(
    _ role: Role, address: UInt32, _ data: ArraySlice<UInt8>, _ line: RecordText.Line
  ) throws(ImageError) {
    lastRole = role
    switch role {
    case .header:
      break
    case .data:
      dataRecordCount += 1
      try assembler.add(data, at: address, from: .line(line.number))
    case .count:
      guard Int(address) == dataRecordCount else {
        throw error(.recordCount(expected: Int(address), found: dataRecordCount), line)
      }
    case .start:
      // Zero is what tools write that know no entry point.
      entryPoint = address == 0 ? nil : address
      endLine = line.number
    }
  }

  private func error(_ reason: ImageError.Reason, _ line: RecordText.Line) -> ImageError {
    ImageError(reason, in: file, format: .sRecord, at: .line(line.number))
  }
}
