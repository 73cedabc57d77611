import Basics

extension FirmwareImage {
  /// Reads an image file's bytes; what format they are in is told by their content.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: the file's name, for messages; its extension never decides what the content is, but content that
  ///     contradicts it is refused.
  ///   - format: as in `ImageReadingOptions`.
  ///   - baseAddress: as in `ImageReadingOptions`.
  /// - Throws: `ImageError` for anything that is not an image to be flashed exactly as it stands.
  public static func read(
    _ bytes: [UInt8], name: String, format: ImageFormat? = nil, baseAddress: UInt32? = nil
  ) throws(ImageError) -> FirmwareImage {
    try read(bytes, name: name, ImageReadingOptions(format: format, baseAddress: baseAddress))
  }

  /// Reads an image file's bytes as the options say.
  ///
  /// A DFU suffix at the end of a file of any format is taken off.
  ///
  /// - Throws: `ImageError` for anything that is not an image to be flashed exactly as it stands.
  public static func read(
    _ bytes: [UInt8], name: String, _ options: ImageReadingOptions
  ) throws(ImageError) -> FirmwareImage {
    guard !bytes.isEmpty else { throw ImageError(.emptyFile, in: name, format: options.format) }
    if options.takesContentAsIs { return try raw(bytes, name: name, at: options.baseAddress) }
    let recognised = ImageFormat(content: bytes)
    if let format = options.format, let recognised, format != recognised {
      throw ImageError(.recognised(as: recognised), in: name, format: format)
    }
    let decided = options.format ?? recognised ?? .binary
    let suffix = try DFUSuffix(of: bytes, name: name, format: decided)
    let content = suffix.map { Array(bytes.dropLast($0.byteCount)) } ?? bytes
    var image = try read(content, name: name, as: decided, hasSuffix: suffix != nil, options)
    image.dfuDevice = suffix?.device
    if let suffix, decided != .dfuSe {
      image.leftOut.append("the DFU suffix, \(suffix.byteCount.inBytes) at the end of the file")
    }
    return image
  }

  private static func read(
    _ bytes: [UInt8], name: String, as format: ImageFormat, hasSuffix: Bool, _ options: ImageReadingOptions
  ) throws(ImageError) -> FirmwareImage {
    let image: FirmwareImage
    switch format {
    case .binary: return try readBinary(bytes, name: name, hasSuffix: hasSuffix, options)
    case .intelHex: image = try IntelHexReader.read(bytes, file: name)
    case .sRecord: image = try SRecordReader.read(bytes, file: name)
    case .elf: image = try ELFReader.read(bytes, file: name)
    case .uf2: image = try UF2Reader.read(bytes, file: name)
    case .dfuSe:
      guard hasSuffix else { throw ImageError(.suffixMissing, in: name, format: .dfuSe) }
      image = try DfuSeReader.read(bytes, file: name)
    }
    if let baseAddress = options.baseAddress, baseAddress != image.span.lowerBound {
      throw ImageError(.addressNotAccepted(given: baseAddress, own: image.span), in: name, format: format)
    }
    return image
  }

  private static func readBinary(
    _ bytes: [UInt8], name: String, hasSuffix: Bool, _ options: ImageReadingOptions
  ) throws(ImageError) -> FirmwareImage {
    if let foreign = ForeignContent(bytes) { throw ImageError(.notFirmware(foreign), in: name, format: nil) }
    // dfu-util's own files are raw binaries with a suffix, and share the extension of ST's containers.
    let promised = ImageFormat(fileName: name).flatMap { $0 == .binary || $0 == .dfuSe && hasSuffix ? nil : $0 }
    if let promised, options.format != .binary {
      throw ImageError(.unlikeItsName(promised: promised), in: name, format: nil)
    }
    let image = try raw(bytes, name: name, at: options.baseAddress)
    if let table = image.vectorTable(at: image.span.lowerBound) {
      if options.expectsProgram, table.address == MemoryMap.presumed.flash.lowerBound, !table.isErased,
        table.isImpossible
      {
        throw ImageError(.noProgram(table), in: name, format: .binary)
      }
      if table.isPossible, !table.address.isMultiple(of: VectorTable.alignment) {
        throw ImageError(.programMisplaced(table), in: name, format: .binary)
      }
    }
    return image
  }

  private static func raw(_ bytes: [UInt8], name: String, at address: UInt32?) throws(ImageError) -> FirmwareImage {
    guard let address else { throw ImageError(.needsBaseAddress, in: name, format: .binary) }
    guard let image = FirmwareImage(address: address, bytes: bytes) else {
      throw ImageError(.pastAddressSpace(address: address, byteCount: bytes.count), in: name, format: .binary)
    }
    return image
  }
}
