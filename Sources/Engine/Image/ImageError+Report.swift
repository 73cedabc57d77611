import Basics
public import Failures

extension ImageError {
  /// The failure as a user reads it: the file and the place first, then what is wrong there.
  public var report: FailureReport {
    let place = ([file] + [location?.text].compactMap { $0 }).joined(separator: ", ")
    let evidence = format.map { ["The file was read as \($0.title)"] } ?? []
    return FailureReport(.file, "\(place): \(cause)", evidence: evidence + facts, remedies: remedies)
  }

  private var cause: String {
    switch reason {
    case .emptyFile: "the file is empty"
    case .noData: "the file holds no bytes for the target"
    case .needsBaseAddress: "a raw binary does not say at which address it belongs"
    case .addressNotAccepted(let given, let own):
      "the file's bytes belong at \(Hexadecimal.range(own)), and the address given is \(Hexadecimal.word(given))"
    case .recognised(let found): "the content is \(found.title) and was to be read as \(format?.title ?? "another")"
    case .notFirmware(let content): "this is \(content.title) and no firmware"
    case .noProgram: "the bytes for the start of the flash are no program that the chip could start"
    case .programMisplaced(let table):
      "the file begins with a vector table, which the core cannot use at \(Hexadecimal.word(table.address))"
    case .unlikeItsName(let promised): "the name says \(promised.title) and the content is something else"
    case .pastAddressSpace(let address, let byteCount):
      "\(byteCount.inBytes) at \(Hexadecimal.word(address)) run past the last address, 0xFFFF_FFFF"
    case .overlap(let address, _, _, _): "a second, different byte for address \(Hexadecimal.word(address))"
    case .tooLarge(let limit): "the image is larger than \(limit.byteSize)"
    case .notWritable: "writing \(format?.title ?? "this format") is not supported"
    default: textCause ?? binaryCause
    }
  }

  private var textCause: String? {
    switch reason {
    case .startMark(let found):
      "a record has to begin with \(format == .sRecord ? "\"S\" and a digit" : "\":\"")" + ImageError.instead(of: found)
    case .digit(let column, let found):
      "column \(column) has to be a hexadecimal digit" + ImageError.instead(of: found)
    case .recordCut(let expected, let found):
      "the record is cut off: its length asks for \(expected) digits, \(found) are there"
    case .recordTooLong(let expected, let found):
      "the line goes on after its record: its length asks for \(expected) digits, \(found) are there"
    case .checksum(let expected, let found):
      "wrong checksum: the bytes make \(Hexadecimal.byte(expected)), the record says \(Hexadecimal.byte(found))"
    case .recordType(let type):
      format == .sRecord
        ? "S\(type) is not a record type of S-records" : "\(Hexadecimal.byte(type)) is not a record type of Intel HEX"
    case .recordLength(let type, let expected, let found):
      "a record of type \(type) has to hold \(expected.inBytes) and holds \(found)"
    case .endMissing: "the record that ends the file is missing"
    case .dataAfterEnd(let endLine): "a record follows the one that ends the file, on line \(endLine)"
    case .recordCount(let expected, let found):
      "the file says that it has \(expected) data records, and has \(found)"
    default: nil
    }
  }

  private var binaryCause: String {
    switch reason {
    case .truncated(let part, let expected, let found):
      "the file ends within \(part): \(expected.inBytes) needed, \(found) left"
    case .field(let name, let expected, let found): "\(name) is \(found); it has to be \(expected)"
    case .headersInSegment(let address):
      "the segment at \(Hexadecimal.word(address)) begins with the file's own headers, which do not belong in flash"
    case .foreignFamilies(let families): "the file is for \(ImageError.list(families))"
    case .severalFamilies(let families): "the file holds images for \(ImageError.list(families))"
    case .blocksMissing(let count, let first, let total):
      "\(count) of \(total) blocks are missing, the first of them number \(first)"
    case .suffixMissing: "the DFU suffix that ends the file is missing"
    case .suffixChecksum(let expected, let found):
      "wrong checksum: the bytes make \(Hexadecimal.word(expected)), the DFU suffix says \(Hexadecimal.word(found))"
    case .noInternalFlash: "the file holds nothing for the internal flash, which is alternate setting 0"
    case .blockTwice(let number, _): "block \(number) is there twice, with different content"
    default: "the file cannot be used"
    }
  }

  private var facts: [String] {
    switch reason {
    case .overlap(_, let first, let second, let other):
      [
        "\(Hexadecimal.byte(first)) according to \(other?.text ?? "an earlier part")",
        "\(Hexadecimal.byte(second)) according to \(location?.text ?? "a later part")",
      ]
    case .blockTwice(_, let other?): ["The other one is at \(other.text)"]
    case .noProgram(let table), .programMisplaced(let table):
      [
        "initial stack pointer \(Hexadecimal.word(table.initialStackPointer)), "
          + "reset handler \(Hexadecimal.word(table.resetHandler))"
      ]
    case .noInternalFlash(let targets): targets
    case .checksum: ["At least one character of the line is wrong"]
    default: []
    }
  }

  /// What to do; what a user interface offers besides, it adds itself.
  private var remedies: [Advice] {
    switch reason {
    case .emptyFile, .noData: ["Check that the build has produced the file that you mean"]
    case .needsBaseAddress:
      ["Give the address behind the file name; flash begins at \(MemoryMap.presumed.flash.lowerBound.hexadecimal)"]
    case .addressNotAccepted: ["Leave the address out"]
    case .recognised(let found): ["Have it read as \(found.title)"]
    case .notFirmware(let content): [content.remedy]
    case .noProgram: ["Check that the file is a raw binary for this chip", "If it is data, give the address for them"]
    case .programMisplaced:
      [
        "Give the address at which the firmware is linked; flash begins at \(MemoryMap.presumed.flash.lowerBound.hexadecimal)"
      ]
    case .unlikeItsName: ["Check where the file comes from"]
    case .pastAddressSpace, .tooLarge: ["Check the addresses in the linker script", "Check the address given"]
    case .overlap: ["Build again; when files were merged, find the two that claim this address"]
    case .notWritable: ["Choose a file name that ends in .bin, .hex or .srec"]
    case .headersInSegment: ["Link with -n (--nmagic)", "Convert with objcopy -O ihex and give that file"]
    case .foreignFamilies, .severalFamilies, .noInternalFlash: ["Give the file that was made for this chip"]
    case .field: ["Check that the file is a linked firmware for this chip"]
    default: ["The file is damaged: copy or build it again"]
    }
  }

  private static func list(_ families: [UF2Family]) -> String {
    families.prefix(6).map(\.name).joined(separator: ", ") + (families.count > 6 ? " and more" : "")
  }

  private static func instead(of found: UInt8?) -> String {
    guard let found else { return ", and the line ends" }
    let isPrintable = (0x21...0x7E).contains(found)
    return ", and is " + (isPrintable ? "\"\(Character(Unicode.Scalar(found)))\"" : "byte " + Hexadecimal.byte(found))
  }
}
