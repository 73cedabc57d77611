import Basics

/// Zip files without compression (APPNOTE 6.3.10): what every system can open and nothing has to be built for.
enum ZipArchive {
  /// One file of an archive.
  struct Entry: Equatable {
    /// The name, in ASCII, without directories.
    var name: String
    /// The content, below 4 GiB.
    var bytes: [UInt8]
  }

  private static let localHeader: UInt32 = 0x0403_4B50
  private static let directoryHeader: UInt32 = 0x0201_4B50
  private static let endOfDirectory: UInt32 = 0x0605_4B50
  /// The version that stored entries need: 1.0.
  private static let versionNeeded: UInt16 = 10
  /// 1 January 1980 at midnight, so that the same content makes the same file (4.4.6).
  private static let date: UInt32 = 0x0021_0000

  /// An archive of these files, in their order.
  static func stored(_ entries: [Entry]) -> [UInt8] {
    var archive = Bytes()
    var directory = Bytes()
    for entry in entries {
      let offset = UInt32(archive.bytes.count)
      archive.append(localHeader)
      append(entry, to: &archive)
      archive.append(Array(entry.name.utf8) + entry.bytes)
      directory.append(directoryHeader)
      directory.append(versionNeeded)
      append(entry, to: &directory)
      // No comment, disk 0, no attributes.
      directory.append([UInt8](repeating: 0, count: 10))
      directory.append(offset)
      directory.append(Array(entry.name.utf8))
    }
    let start = UInt32(archive.bytes.count)
    archive.append(directory.bytes)
    archive.append(endOfDirectory)
    archive.append(0 as UInt32)
    archive.append(UInt16(entries.count))
    archive.append(UInt16(entries.count))
    archive.append(UInt32(directory.bytes.count))
    archive.append(start)
    archive.append(0 as UInt16)
    return archive.bytes
  }

  /// The fields that both headers of an entry have: version, flags, method, date, CRC, sizes, length of the name.
  private static func append(_ entry: Entry, to bytes: inout Bytes) {
    bytes.append(versionNeeded)
    bytes.append(0 as UInt32)
    bytes.append(date)
    bytes.append(CRC32.checksum(of: entry.bytes))
    bytes.append(UInt32(entry.bytes.count))
    bytes.append(UInt32(entry.bytes.count))
    bytes.append(UInt16(entry.name.utf8.count))
    bytes.append(0 as UInt16)
  }

  /// Bytes that grow by numbers, lowest byte first.
  private struct Bytes {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
      for shift in stride(from: 0, to: value.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }

    mutating func append(_ more: [UInt8]) { bytes += more }
  }
}
