public import Failures

/// Why a file is not a firmware image that can be used: the file, the place in it, and what is wrong there.
public struct ImageError: ReportableError, Sendable, Equatable {
  /// What is wrong with an image file.
  public enum Reason: Sendable, Equatable {
    // Any format.

    /// The file has no bytes.
    case emptyFile
    /// The file is well formed and holds no byte for the target.
    case noData
    /// A raw binary does not say where it belongs.
    case needsBaseAddress
    /// An address was given for a file that says itself where its bytes belong, and it is another one.
    case addressNotAccepted(given: UInt32, own: ClosedRange<UInt32>)
    /// The content is in a known format and was to be taken as another one.
    case recognised(as: ImageFormat)
    /// The content is no firmware at all.
    case notFirmware(ForeignContent)
    /// A raw binary goes to where the chip starts, and cannot be started.
    case noProgram(VectorTable)
    /// A raw binary begins with a vector table, at an address where the core cannot use it.
    case programMisplaced(VectorTable)
    /// The name promises a format that the content does not have.
    case unlikeItsName(promised: ImageFormat)
    /// Bytes run past 0xFFFF_FFFF.
    case pastAddressSpace(address: UInt32, byteCount: Int)
    /// Two parts of the file hold different bytes for the same address.
    case overlap(address: UInt32, first: UInt8, second: UInt8, otherLocation: ImageLocation?)
    /// The image is larger than any memory it could be for.
    case tooLarge(limit: Int)
    /// We read this format and do not write it.
    case notWritable

    // Text formats.

    /// A line does not begin with the mark of a record; nil when the line is shorter than the mark.
    case startMark(found: UInt8?)
    /// A character in the place of a hexadecimal digit is none. Columns count from 1.
    case digit(column: Int, found: UInt8)
    /// A line ends in the middle of a record.
    case recordCut(expectedDigits: Int, foundDigits: Int)
    /// A line goes on after its record.
    case recordTooLong(expectedDigits: Int, foundDigits: Int)
    /// A record's checksum does not fit its bytes.
    case checksum(expected: UInt8, found: UInt8)
    /// A record's type is not one of the format's.
    case recordType(UInt8)
    /// A record of this type has to hold another number of bytes.
    case recordLength(type: String, expected: Int, found: Int)
    /// The record that ends the file is missing, as in a file that was cut off.
    case endMissing
    /// Records follow the one that ends the file. `endLine` is where it stands.
    case dataAfterEnd(endLine: Int)
    /// The file's own count of its data records is another than their number.
    case recordCount(expected: Int, found: Int)

    // Binary formats.

    /// The file ends before a part of it does.
    case truncated(part: String, expectedBytes: Int, foundBytes: Int)
    /// A field holds a value that we do not accept; both in words.
    case field(name: String, expected: String, found: String)
    /// A loadable segment begins with the ELF file's own headers, and no section says where its content starts.
    case headersInSegment(address: UInt32)
    /// A UF2 file is for other chips.
    case foreignFamilies([UF2Family])
    /// A UF2 file holds images for several of the chips that we can program.
    case severalFamilies([UF2Family])
    /// A UF2 file lacks blocks.
    case blocksMissing(count: Int, first: Int, total: Int)
    /// A UF2 file holds a block number twice, with different content.
    case blockTwice(number: Int, otherLocation: ImageLocation?)
    /// A DfuSe file does not end with the DFU suffix, as one that was cut off.
    case suffixMissing
    /// The checksum in the DFU suffix does not fit the file.
    case suffixChecksum(expected: UInt32, found: UInt32)
    /// A DfuSe file holds nothing for the internal flash; what it holds, in words.
    case noInternalFlash([String])
  }

  /// What is wrong.
  public var reason: Reason
  /// The file's name as the caller gave it.
  public var file: String
  /// The format that the file was read as; nil when that had not been decided yet.
  public var format: ImageFormat?
  /// Where in the file; nil when the whole of it is meant.
  public var location: ImageLocation?

  /// Makes an error.
  public init(_ reason: Reason, in file: String, format: ImageFormat?, at location: ImageLocation? = nil) {
    self.reason = reason
    self.file = file
    self.format = format
    self.location = location
  }
}
