import ArgumentParser
import Basics
import Engine

/// Which file holds the firmware, and how to read it.
struct ImageOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The firmware: raw binary, Intel HEX, S-record, ELF or UF2; told by its content."),
    completion: .file())
  var file: String

  @Argument(
    help: ArgumentHelp("Where a raw binary goes, such as 0x08000000; the other formats say it themselves."),
    transform: Number.address)
  var address: UInt32?

  @Option(
    help: ArgumentHelp("Read the file as this format: binary, ihex, srec, elf or uf2.", valueName: "format"))
  var format: FileFormat?

  @Flag(help: "Leave out the erased bytes (0xFF) at the end of the file, as st-flash does.")
  var opt = false

  @Flag(help: "Take the file's own bytes as a raw binary, even if they are an ELF, HEX, S-record or UF2 file.")
  var asIs = false

  /// Reads the file as an image.
  func image(from files: FileSystem) throws(CommandFailure) -> FirmwareImage {
    let bytes = try reporting { () throws(FileSystemError) in try files.read(file) }
    let image: FirmwareImage
    do throws(ImageError) {
      image = try FirmwareImage.read(
        bytes, name: FileSystem.name(of: file), format: asIs ? .binary : format?.imageFormat, baseAddress: address,
        takingKnownFormatsAsRaw: asIs)
    } catch {
      throw ImageOptions.failure(error)
    }
    try checkAlignment(of: image)
    return opt ? try trimmed(image) : image
  }

  /// An address too many or too few is the command line's fault, everything else the file's.
  private static func failure(_ error: ImageError) -> CommandFailure {
    var failure = CommandFailure(error)
    switch error.reason {
    case .needsBaseAddress, .addressNotAccepted: failure.report.category = .usage
    default: break
    }
    return failure
  }

  /// The image without the erased bytes at its end.
  private func trimmed(_ image: FirmwareImage) throws(CommandFailure) -> FirmwareImage {
    guard let trimmed = image.withoutErasedTail() else {
      throw CommandFailure(
        FailureReport(
          .file, "\"\(file)\" holds nothing but erased bytes (0xFF), which --opt leaves out",
          remedies: ["Leave --opt out, or erase the chip instead"]))
    }
    return trimmed
  }

  /// Refuses a raw binary at an address that no linker would have chosen.
  private func checkAlignment(of image: FirmwareImage) throws(CommandFailure) {
    let address = image.span.lowerBound
    guard image.format == .binary, !address.isMultiple(of: 4) else { return }
    let near = (address & ~3).hexadecimal
    throw CommandFailure(
      FailureReport(
        .usage, "the address \(address.hexadecimal) is not a multiple of 4",
        evidence: ["nothing was touched"],
        remedies: ["Give the address at which the firmware is linked, such as \(near)"]))
  }
}

/// The file formats by the names that the command line gives them; `ihex` and `binary` are st-flash's.
enum FileFormat: String, ExpressibleByArgument, CaseIterable {
  case binary
  case bin
  case ihex
  case hex
  case srec
  case elf
  case uf2

  /// The engine's word for it.
  var imageFormat: ImageFormat {
    switch self {
    case .binary, .bin: .binary
    case .ihex, .hex: .intelHex
    case .srec: .sRecord
    case .elf: .elf
    case .uf2: .uf2
    }
  }
}
