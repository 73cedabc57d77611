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
    help: ArgumentHelp(
      "The firmware: raw binary, Intel HEX, S-record, ELF, UF2 or DfuSe; told by its content. FILE@ADDRESS for a raw binary."
    ),
    completion: .file(extensions: ImageOptions.nameEnds))
  var file: String

  @Argument(
    help: ArgumentHelp(
      "Where a raw binary goes, such as 0x08000000; the other formats say it themselves. Then more files, FILE@ADDRESS for "
        + "raw binaries.", valueName: "address"),
    completion: .file(extensions: ImageOptions.nameEnds))
  var rest: [String] = []

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

    @Flag(
      help: "Set the option bytes that the firmware holds, too, when everything else is there; 'verify' compares them.")
    var withOptions = false

    @Flag(help: "Program what the firmware holds for OTP, too, for ever; 'verify' compares it.")
    var withOtp = false

    @Option(
      help: ArgumentHelp(
        "Put bytes into the firmware: ADDRESS=FILE, or ADDRESS=0x12345678 for a word; may be given several times.",
        valueName: "patch"))
    var patch: [ImagePatch] = []
  }

  /// A file, and where it goes if it is a raw binary.
  struct Source {
    var path: String
    var address: UInt32?

    /// What the file is called in messages.
    var name: String { path == FileSystem.standardStream ? "standard input" : FileSystem.name(of: path) }

    /// Takes FILE@ADDRESS apart; what stands behind the last `@` and is no number belongs to the name.
    init(_ text: String) {
      path = text
      guard let at = text.lastIndex(of: "@"), at != text.startIndex,
        let address = try? Number.address(String(text[text.index(after: at)...]))
      else { return }
      path = String(text[..<at])
      self.address = address
    }
  }

  /// The files, in the order in which they were given.
  var sources: [Source] {
    var first = Source(file)
    guard let word = rest.first, let address = try? Number.address(word) else { return [first] + rest.map(Source.init) }
    first.address = address
    return [first] + rest.dropFirst().map(Source.init)
  }

  func validate() throws {
    if (try? Number.address(file)) != nil, let other = rest.first, (try? Number.address(other)) == nil {
      throw ValidationError("The file comes first: \(other) \(file).")
    }
    // A second word that begins as a number does is an address, or was meant to be one.
    guard let word = rest.first, word.first?.isNumber ?? false, !word.contains("@"), ImageFormat(fileName: word) == nil
    else { return }
    do throws(NumberError) {
      _ = try Number.address(word)
    } catch {
      throw ValidationError("The value '\(word)' is invalid for '<address>': \(error.description)")
    }
    if Source(file).address != nil { throw ValidationError("\(file) says its address already: leave \(word) out.") }
  }

  /// What the files are called in messages.
  var name: String {
    let names = sources.map(\.name)
    return names.count == 1 ? names[0] : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }

  /// The files as the command uses them.
  var fileUses: [FileUse] {
    sources.map { FileUse("FILE", $0.path, .reads) } + reading.patch.compactMap(\.fileUse)
  }

  /// Reads the files as one image with the patches in it, and says what of them is not part of it.
  ///
  /// - Parameter expectsProgram: whether a raw binary at the start of the flash has to begin as a program does.
  func image(in context: CommandContext, expectsProgram: Bool = false) throws(CommandFailure) -> FirmwareImage {
    var whole: FirmwareImage?
    var earlier: [(source: Source, image: FirmwareImage)] = []
    for source in sources {
      let image = try image(of: source, in: context, expectsProgram)
      for (other, otherImage) in earlier {
        guard let overlap = otherImage.overlap(with: image) else { continue }
        throw .usage(
          "\(other.name) and \(source.name) overlap: both have bytes for \(Hexadecimal.range(overlap))",
          remedies: ["Give each file a place of its own; --patch puts single bytes into a file"])
      }
      earlier.append((source, image))
      whole = whole.map { $0.joined(with: image) } ?? image
    }
    guard var whole else { throw .usage("no file was given") }
    for patch in reading.patch { whole = try patch.applied(to: whole, context.files) }
    return whole
  }

  private func image(
    of source: Source, in context: CommandContext, _ expectsProgram: Bool
  ) throws(CommandFailure) -> FirmwareImage {
    let bytes = try reporting { () throws(FileSystemError) in try context.files.read(source.path) }
    let options = ImageReadingOptions(
      format: reading.format?.imageFormat, baseAddress: source.address, takesContentAsIs: reading.asIs,
      expectsProgram: expectsProgram)
    let image: FirmwareImage
    do throws(ImageError) {
      image = try FirmwareImage.read(bytes, name: source.name, options)
    } catch {
      throw ImageOptions.failure(error)
    }
    for part in image.leftOut { context.reporter.report(.warning("left out of \(source.name): \(part)")) }
    return reading.opt ? try trimmed(image, source) : image
  }

  /// What is asked for of the image beside what lies in the flash.
  var parts: ImageParts { ImageParts(includesOTP: reading.withOtp, includesOptions: reading.withOptions) }

  /// What of the image is for the chip: all of it, or with --only-flash the part that lies in its flash and what else is asked
  /// for.
  func part(
    of image: FirmwareImage, for device: Device, _ reporter: any Reporter
  ) throws(CommandFailure) -> FirmwareImage {
    let flash = device.sectorMap.range
    let asked = parts.ranges
    let outside = image.parts(outside: flash).filter { part in !asked.contains { $0.overlaps(part.range) } }
    guard reading.onlyFlash, !outside.isEmpty else { return image }
    guard let part = image.part(in: [flash] + asked) else {
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
  private func trimmed(_ image: FirmwareImage, _ source: Source) throws(CommandFailure) -> FirmwareImage {
    guard let trimmed = image.withoutErasedTail() else {
      throw CommandFailure(
        FailureReport(
          .file, "\"\(source.path)\" holds nothing but erased bytes (0xFF), which --opt leaves out",
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
