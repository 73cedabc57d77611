import ArgumentParser
import Basics
import Engine

/// `read FILE [ADDR SIZE]`: reads a range or a whole area of the chip into a file.
struct ReadCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "read", abstract: "Read the chip into a file.",
    discussion: """
      Without a range the whole area is read, the main flash unless --area names another; a range has to lie in the \
      area that is named. The file becomes raw \
      binary, Intel HEX or S-record by its extension or by --format; it is replaced only when everything was read.
      """)

  @Argument(
    help: ArgumentHelp("The file; may be left out for the option bytes and registers, which are shown then."),
    completion: .file())
  var file: String?

  @Argument(help: ArgumentHelp("The first address of the range."), transform: Number.address)
  var address: UInt32?

  @Argument(help: ArgumentHelp("The size of the range in bytes."), transform: Number.byteCount)
  var size: Int?

  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  /// What the numbers behind the file say; st-flash takes the option bytes' size alone, and they begin where they begin.
  private var range: (address: UInt32, byteCount: Int)? {
    if let address, let size { return (address, size) }
    guard reading.area == .option, let count = address else { return nil }
    return (MemoryMap.presumed.optionBytes.range.lowerBound, Int(count))
  }

  /// The area that is meant, whether it was named or not.
  private var wanted: NamedArea { reading.area ?? .main }

  var fileUses: [FileUse] { (file.map { [FileUse("FILE", $0, .writes)] } ?? []) + session.fileUses }

  func validate() throws {
    try session.validate()
    if let reason = wanted.absence { throw ValidationError(reason) }
    if file == nil && !wanted.canBeShown {
      throw ValidationError("A file is needed: read FILE [ADDR SIZE].")
    }
    if address != nil && range == nil {
      throw ValidationError("A range needs an address and a size: read FILE 0x08000000 1M.")
    }
    if range?.byteCount == 0 { throw ValidationError("A range of 0 bytes holds nothing to read.") }
    if let format = reading.format, ![.binary, .intelHex, .sRecord].contains(format.imageFormat) {
      throw ValidationError("A file can be written as binary, ihex or srec, not as \(format.rawValue).")
    }
    if wanted.memory == nil && file != nil {
      throw ValidationError("\(wanted.rawValue) is one register, which is shown: leave the file and the range out.")
    }
  }

  func run(in context: CommandContext) throws(CommandFailure) {
    if file == nil && wanted != .option2 { return try showRegisters(in: context) }
    if let file {
      try reporting { () throws(FileSystemError) in try context.files.checkWritable(file) }
    }
    if let file, range == nil, let plain = try session.openPlainDFU(in: context) {
      return try PlainDFURun(opened: plain, context: context).read(into: file)
    }
    let run = TargetRun(options: session, running: running, context: context)
    try run { bench throws(CommandFailure) in
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let content = try reporting { () throws(SessionError) in
        let content = try self.content(bench)
        if reading.reset { try bench.session.reset() }
        return content
      }
      guard let file else { return ShownContent(area: wanted, rows: content.rows) }
      return try save(content, as: file, bench, context.files)
    }
  }

  /// What was read: bytes from an address on.
  private struct Content {
    var address: UInt32
    var bytes: [UInt8]

    /// The bytes as little-endian words, each with its address.
    var rows: [ShownContent.Row] {
      stride(from: 0, to: bytes.count - 3, by: 4).map { start in
        ShownContent.Row(
          label: (address + UInt32(start)).hexadecimal,
          value: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
      }
    }
  }

  private func content(_ bench: TargetRun.Bench) throws(SessionError) -> Content {
    if let (address, byteCount) = range {
      let bytes =
        if let memory = reading.area?.memory {
          try bench.session.read(address: address, byteCount: byteCount, in: memory)
        } else {
          try bench.session.read(address: address, byteCount: byteCount)
        }
      return Content(address: address, bytes: bytes)
    }
    let (address, bytes) = try bench.session.read(wanted.memory ?? .main)
    return Content(address: address, bytes: bytes)
  }

  /// Shows option registers, which the session has read when it was opened; behind them what is stored, where it can be read.
  private func showRegisters(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, running: running, context: context)
    try run { bench throws(CommandFailure) in
      if wanted.memory != nil {
        context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      }
      var rows = bench.session.protection.map(wanted.registers) ?? []
      if rows.isEmpty {
        throw CommandFailure.usage("\(bench.device.name) has no register \(wanted.rawValue.uppercased())")
      }
      if let area = wanted.memory, bench.session.protection?.readProtection == .level0 {
        let (address, bytes) = try reporting { () throws(SessionError) in try bench.session.read(area) }
        rows += Content(address: address, bytes: bytes).rows
      }
      if reading.reset { _ = try reporting { () throws(SessionError) in try bench.session.reset() } }
      return ShownContent(area: wanted, rows: rows)
    }
  }

  private func save(
    _ content: Content, as file: String, _ bench: TargetRun.Bench, _ files: FileSystem
  ) throws(CommandFailure) -> any CommandResult {
    let name = FileSystem.name(of: file)
    let format = reading.format?.imageFormat ?? ImageFormat(fileName: name) ?? .binary
    guard let image = FirmwareImage(address: content.address, bytes: content.bytes) else {
      throw CommandFailure.usage("nothing was read: the range is empty or runs past the last address")
    }
    let bytes = try reporting { () throws(ImageError) in try ImageWriter.write(image, as: format, name: name) }
    try reporting { () throws(FileSystemError) in try files.replace(file, with: bytes) }
    return WorkResult(
      name: "read",
      sentence: "read \(content.bytes.count.inBytes) at \(content.address.hexadecimal) of \(bench.device.name) "
        + "into \(name) (\(format.title))",
      facts: [
        JSONMember("file", .string(file)), JSONMember("format", .string(format.rawValue)),
        JSONMember("address", .integer(Int(content.address))), JSONMember("bytes", .integer(content.bytes.count)),
      ],
      figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: reading.reset)
  }
}

/// What `read` reads, and into what.
struct ReadingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What to read; the main flash if nothing is said.", valueName: "area"))
  var area: NamedArea?

  @Option(help: ArgumentHelp("Write the file as this format: binary, ihex or srec.", valueName: "format"))
  var format: FileFormat?

  @Flag(help: "Reset the chip in the end.")
  var reset = false
}
