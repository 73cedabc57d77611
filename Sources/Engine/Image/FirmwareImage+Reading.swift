extension FirmwareImage {
  /// Reads an image file's bytes; what format they are in is told by their content.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: the file's name, for messages; its extension never decides what the content is, but content that
  ///     contradicts it is refused.
  ///   - format: the format that the user insists on; nil to go by the content.
  ///   - baseAddress: where the bytes of a raw binary belong. For the other formats it may be given as long as it is
  ///     the image's own first address.
  ///   - takingKnownFormatsAsRaw: with `format` binary, whether to take even the bytes of an ELF, Intel HEX, S-record
  ///     or UF2 file as they are. Without it such content is refused, since it is nearly always a mistake.
  /// - Throws: `ImageError` for anything that is not an image to be flashed exactly as it stands.
  public static func read(
    _ bytes: [UInt8], name: String, format: ImageFormat? = nil, baseAddress: UInt32? = nil,
    takingKnownFormatsAsRaw: Bool = false
  ) throws(ImageError) -> FirmwareImage {
    guard !bytes.isEmpty else { throw ImageError(.emptyFile, in: name, format: format) }
    let recognised = ImageFormat(content: bytes)
    if let format, let recognised, format != recognised, !(format == .binary && takingKnownFormatsAsRaw) {
      throw ImageError(.recognised(as: recognised), in: name, format: format)
    }
    let image: FirmwareImage
    let decided = format ?? recognised ?? .binary
    switch decided {
    case .binary: return try readBinary(bytes, name: name, isForced: format == .binary, baseAddress: baseAddress)
    case .intelHex: image = try IntelHexReader.read(bytes, file: name)
    case .sRecord: image = try SRecordReader.read(bytes, file: name)
    case .elf: image = try ELFReader.read(bytes, file: name)
    case .uf2: image = try UF2Reader.read(bytes, file: name)
    }
    if let baseAddress, baseAddress != image.span.lowerBound {
      throw ImageError(.addressNotAccepted(given: baseAddress, own: image.span), in: name, format: decided)
    }
    return image
  }

  private static func readBinary(
    _ bytes: [UInt8], name: String, isForced: Bool, baseAddress: UInt32?
  ) throws(ImageError) -> FirmwareImage {
    let promised = ImageFormat(fileName: name).flatMap { $0 == .binary ? nil : $0 }
    if let promised, !isForced {
      throw ImageError(.unlikeItsName(promised: promised), in: name, format: nil)
    }
    guard let baseAddress else {
      throw ImageError(.needsBaseAddress, in: name, format: .binary)
    }
    guard let image = FirmwareImage(address: baseAddress, bytes: bytes) else {
      throw ImageError(
        .pastAddressSpace(address: baseAddress, byteCount: bytes.count), in: name, format: .binary)
    }
    return image
  }
}
