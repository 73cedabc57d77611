import ArgumentParser
import Basics
import Engine
import Failures

/// Which file holds the firmware, and how to read it.
struct ImageOptions: ParsableArguments {
  /// How firmware files' names usually end; completions offer these.
  ///
  /// Linkers call ELF files `.out` too, a name that promises nothing.
  private static let nameEnds = ImageFormat.allCases.flatMap(\.extensions) + ["out"]

  @Argument(
    help: ArgumentHelp("The firmware: raw binary, Intel HEX, S-record, ELF, UF2 or DfuSe; told by its content."),
    completion: .file(extensions: ImageOptions.nameEnds))
  var file: String

  @Argument(
    help: ArgumentHelp("Where a raw binary goes, such as 0x08000000; the other formats say it themselves."),
    transform: Number.address)
  var address: UInt32?

  @OptionGroup(title: "File") var reading: ImageReading

  /// How the file is read.
  struct ImageReading: ParsableArguments {
    @Option(
      help: ArgumentHelp("Read the file as this format: binary, ihex, srec, elf, uf2 or dfuse.", valueName: "format"))
    var format: FileFormat?

    @Flag(help: "Leave out the erased bytes (0xFF) at the end of the file, as st-flash does.")
    var opt = false

    @Flag(help: "Take the file's own bytes as a raw binary, whatever they are: an ELF file, an archive, a text.")
    var asIs = false

    @Flag(help: "Take only what lies in the flash, and list what the firmware holds for other memories.")
    var onlyFlash = false
  }

  /// What the file is called in messages.
  var name: String { file == FileSystem.standardStream ? "standard input" : FileSystem.name(of: file) }

  /// The file as the command uses it.
  var fileUses: [FileUse] { [FileUse("FILE", file, .reads)] }

  /// Reads the file as an image, and says what of the file is not part of it.
  ///
  /// - Parameter expectsProgram: whether a raw binary at the start of the flash has to begin as a program does.
  func image(in context: CommandContext, expectsProgram: Bool = false) throws(CommandFailure) -> FirmwareImage {
    let bytes = try reporting { () throws(FileSystemError) in try context.files.read(file) }
    let options = ImageReadingOptions(
      format: reading.format?.imageFormat, baseAddress: address, takesContentAsIs: reading.asIs,
      expectsProgram: expectsProgram)
    let image: FirmwareImage
    do throws(ImageError) {
      image = try FirmwareImage.read(bytes, name: name, options)
    } catch {
      throw ImageOptions.failure(error)
    }
    for part in image.leftOut { context.reporter.report(.warning("left out of \(name): \(part)")) }
    return reading.opt ? try trimmed(image) : image
  }

  /// What of the image is for the chip's flash: all of it, or with --only-flash the part that lies there.
  func part(
    of image: FirmwareImage, for device: Device, _ reporter: any Reporter
  ) throws(CommandFailure) -> FirmwareImage {
    let flash = device.sectorMap.range
    let outside = image.parts(outside: flash)
    guard reading.onlyFlash, !outside.isEmpty else { return image }
    guard let part = image.part(in: flash) else {
      throw CommandFailure(
        FailureReport(
          .usage, "\(name) holds nothing for the flash of \(device.name)", evidence: outside.map(\.description),
          remedies: ["Check that the image is linked for this chip"]))
    }
    for place in outside { reporter.report(.warning("left out of \(name): \(place)")) }
    return part
  }

  /// Runs a session's work with an image; what does not fit is told with what the command line can do about it.
  static func explaining<Result>(
    _ body: () throws(SessionError) -> Result, with image: FirmwareImage
  ) throws(CommandFailure) -> Result {
    do throws(SessionError) {
      return try body()
    } catch {
      var failure = CommandFailure(error)
      if case .plan(.outsideFlash(let parts, let flash, _)) = error {
        // Where a raw binary lies is the command line's word, and no linker's.
        if image.format == .binary {
          failure.report.remedies = ["Check the address; flash begins at \(flash.lowerBound.hexadecimal)"]
        }
        if parts.contains(where: { $0.place == .beyondFlash }) { failure.report.remedies.append(flashSize) }
        if image.part(in: flash) != nil {
          failure.report.remedies.append("To write the rest, give --only-flash")
        }
      }
      throw failure
    }
  }

  private static let flashSize: Advice = "Give the flash size with --flash-size if the chip has more than it says"

  /// An address too many or too few is the command line's fault, everything else the file's.
  private static func failure(_ error: ImageError) -> CommandFailure {
    var failure = CommandFailure(error)
    failure.report.remedies += remedies(for: error)
    switch error.reason {
    case .needsBaseAddress, .addressNotAccepted, .programMisplaced: failure.report.category = .usage
    default: break
    }
    return failure
  }

  /// What the options of the command line can do about it.
  private static func remedies(for error: ImageError) -> [Advice] {
    let asIs: Advice = "To write the file's own bytes to flash all the same, give --as-is"
    return switch error.reason {
    case .recognised(let found):
      error.format == .binary
        ? ["Leave --format out for that", asIs] : ["Leave --format out, or give --format \(FileFormat(found).rawValue)"]
    case .notFirmware, .noProgram, .programMisplaced: [asIs]
    case .unlikeItsName: ["If it is a raw binary, give --format binary"]
    case .suffixChecksum: ["If that is no DFU suffix, give --as-is"]
    default: []
    }
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
  case dfuse

  /// The name for one of the engine's formats.
  init(_ format: ImageFormat) {
    self = FileFormat.allCases.first { $0.imageFormat == format } ?? .binary
  }

  /// The engine's word for it.
  var imageFormat: ImageFormat {
    switch self {
    case .binary, .bin: .binary
    case .ihex, .hex: .intelHex
    case .srec: .sRecord
    case .elf: .elf
    case .uf2: .uf2
    case .dfuse: .dfuSe
    }
  }
}
