/// Writes an image as a file's bytes, in the formats that carry plain memory content.
public enum ImageWriter {
  /// The most bytes that a raw binary may get; it has a byte for every address of its span, gaps included.
  static let binaryLimit = 0x1000_0000

  /// The file content for an image.
  ///
  /// - Parameters:
  ///   - image: what to write.
  ///   - format: raw binary, Intel HEX or S-record.
  ///   - name: the file's name, for messages; S-records carry it in their header.
  /// - Throws: `ImageError` for a format that we only read, and for a binary beyond `binaryLimit`.
  public static func write(
    _ image: FirmwareImage, as format: ImageFormat, name: String
  ) throws(ImageError) -> [UInt8] {
    switch format {
    case .binary: try binary(image, name: name)
    case .intelHex: intelHex(image)
    case .sRecord: sRecord(image, header: name)
    case .elf, .uf2, .dfuSe: throw ImageError(.notWritable, in: name, format: format)
    }
  }

  /// The bytes of the whole span, with 0xFF (erased flash) in the gaps unless another fill is given.
  ///
  /// - Throws: `ImageError.Reason.tooLarge` when the span has more than `binaryLimit` bytes.
  public static func binary(
    _ image: FirmwareImage, fill: UInt8 = 0xFF, name: String
  ) throws(ImageError) -> [UInt8] {
    guard image.span.count <= binaryLimit else {
      throw ImageError(.tooLarge(limit: binaryLimit), in: name, format: .binary)
    }
    return image.bytes(in: image.span, filledWith: fill)
  }

  /// Intel HEX with linear addresses: 16 data bytes a record, a type 04 record wherever the upper half changes, and a
  /// type 05 record for the entry point.
  public static func intelHex(_ image: FirmwareImage) -> [UInt8] {
    var text: [UInt8] = []
    var upperHalf: UInt32 = 0
    for segment in image.segments {
      forEachRow(of: segment, boundary: 0x1_0000) { address, bytes in
        if address >> 16 != upperHalf {
          upperHalf = address >> 16
          appendHexRecord(type: 4, offset: 0, bigEndian(upperHalf, byteCount: 2)[...], to: &text)
        }
        appendHexRecord(type: 0, offset: UInt16(truncatingIfNeeded: address), bytes, to: &text)
      }
    }
    if let entryPoint = image.entryPoint {
      appendHexRecord(type: 5, offset: 0, bigEndian(entryPoint, byteCount: 4)[...], to: &text)
    }
    appendHexRecord(type: 1, offset: 0, [], to: &text)
    return text
  }

  /// S-records: a header, S3 with 16 data bytes a record, and S7 with the entry point.
  ///
  /// - Parameters:
  ///   - image: what to write.
  ///   - header: the text of the S0 record, cut to the 40 characters that readers have to bear.
  ///   - withCount: whether a record with the number of data records goes before the end: S5, or S6 beyond 65,535.
  ///     More than 16,777,215 cannot be told and are left out.
  public static func sRecord(_ image: FirmwareImage, header: String, withCount: Bool = false) -> [UInt8] {
    var text: [UInt8] = []
    appendSRecord(type: 0, address: 0, addressBytes: 2, Array(header.utf8.prefix(40))[...], to: &text)
    var count: UInt32 = 0
    for segment in image.segments {
      forEachRow(of: segment, boundary: 0x1_0000_0000) { address, bytes in
        appendSRecord(type: 3, address: address, addressBytes: 4, bytes, to: &text)
        count += 1
      }
    }
    if withCount, count <= 0xFFFF {
      appendSRecord(type: 5, address: count, addressBytes: 2, [], to: &text)
    } else if withCount, count <= 0xFF_FFFF {
      appendSRecord(type: 6, address: count, addressBytes: 3, [], to: &text)
    }
    appendSRecord(type: 7, address: image.entryPoint ?? 0, addressBytes: 4, [], to: &text)
    return text
  }

  /// The number of data bytes in a record, as most tools write them.
  private static let rowByteCount = 16

  /// Cuts a segment into rows that do not cross a multiple of `boundary`.
  private static func forEachRow(
    of segment: FirmwareImage.Segment, boundary: Int, _ body: (UInt32, ArraySlice<UInt8>) -> Void
  ) {
    var offset = 0
    while offset < segment.bytes.count {
      let address = Int(segment.address) + offset
      let room = boundary - address % boundary
      let count = min(rowByteCount, room, segment.bytes.count - offset)
      body(UInt32(address), segment.bytes[offset..<offset + count])
      offset += count
    }
  }

  private static func appendHexRecord(
    type: UInt8, offset: UInt16, _ data: ArraySlice<UInt8>, to text: inout [UInt8]
  ) {
    text.append(UInt8(ascii: ":"))
    let head = [UInt8(data.count)] + bigEndian(UInt32(offset), byteCount: 2) + [type]
    let sum = head.reduce(0, &+) &+ data.reduce(0, &+)
    appendDigits(head[...], to: &text)
    appendDigits(data, to: &text)
    appendDigits([0 &- sum], to: &text)
    text += [0x0D, 0x0A]
  }

  private static func appendSRecord(
    type: UInt8, address: UInt32, addressBytes: Int, _ data: ArraySlice<UInt8>, to text: inout [UInt8]
  ) {
    text += [UInt8(ascii: "S"), UInt8(ascii: "0") + type]
    let head = [UInt8(addressBytes + data.count + 1)] + bigEndian(address, byteCount: addressBytes)
    let sum = head.reduce(0, &+) &+ data.reduce(0, &+)
    appendDigits(head[...], to: &text)
    appendDigits(data, to: &text)
    appendDigits([~sum], to: &text)
    text += [0x0D, 0x0A]
  }

  private static func appendDigits(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 0x0F)])
    }
  }

  private static let digits = Array("0123456789ABCDEF".utf8)

  /// The lower bytes of a number, highest first.
  private static func bigEndian(_ value: UInt32, byteCount: Int) -> [UInt8] {
    (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
