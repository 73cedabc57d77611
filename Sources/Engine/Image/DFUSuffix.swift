import Basics

/// The 16 bytes with which a file for a DFU bootloader ends; dfu-suffix and PlatformIO append them to raw binaries too.
///
/// Source: USB Device Firmware Upgrade Specification 1.1, appendix B. From the last byte backwards: CRC (4 bytes),
/// length of the suffix (1), "DFU" read backwards (3), the release of the specification, vendor, product and device (2
/// each).
struct DFUSuffix {
  /// What the length has to be at least; a later specification may make the suffix longer.
  static let shortest = 16

  /// How many bytes the suffix has.
  var byteCount: Int
  /// The device that the file is for.
  var device: DFUFileDevice

  /// Finds the suffix of a file; nil where there is none.
  ///
  /// - Throws: `ImageError.Reason.suffixChecksum` where the mark is there and the checksum is another.
  init?(of file: [UInt8], name: String, format: ImageFormat?) throws(ImageError) {
    guard file.count > DFUSuffix.shortest else { return nil }
    let mark = file.count - 8
    let length = Int(file[file.count - 5])
    guard file[mark..<mark + 3].elementsEqual("UFD".utf8), length >= DFUSuffix.shortest, length < file.count else {
      return nil
    }
    let expected = CRC32.remainder(of: file.dropLast(4))
    let found = file.littleEndianWord(at: file.count - 4)
    guard found == expected else {
      throw ImageError(
        .suffixChecksum(expected: expected, found: found), in: name, format: format, at: .offset(file.count - 4))
    }
    byteCount = length
    let ids = file.count - 14
    device = DFUFileDevice(
      vendorID: file.littleEndianHalfword(at: ids + 2), productID: file.littleEndianHalfword(at: ids))
  }
}
