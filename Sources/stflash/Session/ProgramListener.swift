import Basics
import Engine
import Failures
import LinkInterface

/// Listens to a program for `run` and `attach`: sets the voices up, passes on what they say, and keeps how it ended.
final class ProgramListener {
  /// What the process tells the shell: the program's own exit code.
  var status = ExitStatus.success

  private var profile = ProgramCounterProfile()
  let symbols: ProgramSymbols?
  /// What programs call their RTT control block.
  private static let rttSymbol = "_SEGGER_RTT"
  private let listening: ListeningOptions
  private let ending: EndingOptions
  private let startsAnew: Bool
  private let context: CommandContext
  private let files: SemihostedFiles
  private let rawFiles: [Int: GrowingFile]
  private let traceFile: GrowingFile?

  /// Opens what the options name, so that what is wrong with it is told before a chip is touched.
  init(
    _ listening: ListeningOptions, _ ending: EndingOptions, startsAnew: Bool, program: [String],
    in context: CommandContext
  ) throws(CommandFailure) {
    self.listening = listening
    self.ending = ending
    self.startsAnew = startsAnew
    self.context = context
    files = try reporting { () throws(FileSystemError) in
      try SemihostedFiles(
        below: listening.semihostingDir, mayWrite: !listening.semihostingReadOnly, time: listening.semihostingTime,
        takesInput: listening.input != .none, context)
    }
    symbols = try Self.symbols(of: program, context)
    var raw: [Int: GrowingFile] = [:]
    for choice in listening.rttRaw {
      raw[choice.channel] = try reporting { () throws(FileSystemError) in
        try GrowingFile(choice.path, files: context.files)
      }
    }
    rawFiles = raw
    traceFile = try listening.swoRaw.map { (path) throws(CommandFailure) in
      try reporting { () throws(FileSystemError) in try GrowingFile(path, files: context.files) }
    }
  }

  /// Lets the program run and listens to it until it ends.
  func run(_ session: TargetSession, _ bench: TargetRun.Bench) throws(CommandFailure) -> any CommandResult {
    let report = try listen(
      session, bench, commandLine: listening.args, timeLimit: ending.timeout, leaving: nil)
    for remark in report.remarks + files.remarks { context.reporter.report(.warning(remark)) }
    try checkFiles()
    if case .exited(let exit) = report.end { status = ExitStatus(rawValue: Int32(exit.status)) }
    return RunResult(
      report: report, leaving: ending.leaving(after: report.end), deviceName: bench.device.name,
      profile: listening.swoProfile ? ProgramProfile(profile, naming: function(at:)) : nil,
      symbols: symbols)
  }

  /// Listens to one run of the program.
  ///
  /// - Parameter leaving: how the core is left; nil for as the user says, by how the run has ended.
  func listen(
    _ session: TargetSession, _ bench: TargetRun.Bench, commandLine: String, timeLimit: Duration?, leaving: RunLeaving?
  ) throws(CommandFailure) -> RunReport {
    var options = RunOptions()
    options.startsAnew = startsAnew
    options.catchesFaults = !ending.noCatch
    options.semihosting = listening.noSemihosting ? nil : files
    options.commandLine = commandLine
    options.symbols = symbols
    options.rtt = rttOptions
    options.swo = listening.swoOptions
    options.serial = try bench.openSerialLine(listening.tty, baudRate: listening.ttyBaud, context)
    defer { options.serial?.close() }
    options.inputTaker = listening.input.taker
    options.watches = ending.watches
    options.timeLimit = timeLimit
    options.resetMeaning = (ending.onReset ?? (startsAnew ? .end : .continue)).meaning
    return try reporting { () throws(SessionError) in
      try session.run(options, leaving: { [ending] in leaving ?? ending.leaving(after: $0) }) { [self] in tell($0) }
    }
  }

  /// Says when a file has not taken what was to go into it.
  func checkFiles() throws(CommandFailure) {
    for file in rawFiles.values + [traceFile].compactMap(\.self) {
      if let failure = file.failure { throw CommandFailure(failure) }
    }
  }

  /// Reads the symbols of the first file that is an ELF; what cannot be read is told and done without.
  static func symbols(of paths: [String], _ context: CommandContext) throws(CommandFailure) -> ProgramSymbols? {
    for path in paths where path != FileSystem.standardStream {
      let bytes = try reporting { () throws(FileSystemError) in try context.files.read(path) }
      guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { continue }
      do throws(SymbolsError) {
        return try ProgramSymbols(elf: bytes)
      } catch {
        context.reporter.report(.warning("\(FileSystem.name(of: path)): its symbols cannot be read: \(error)"))
      }
    }
    return nil
  }

  private var rttOptions: RTTOptions? {
    let waits = (listening.rttMode ?? (startsAnew ? .wait : .keep)) == .wait
    return switch listening.rtt {
    case .off: nil
    case .address(let address): RTTOptions(.address(address), makesProgramWait: waits)
    case .search: RTTOptions(.anywhere, makesProgramWait: waits)
    case .auto:
      if let symbols {
        // A program with symbols and without this one has no RTT.
        symbols.symbol(named: Self.rttSymbol).map { RTTOptions(.address($0.address), makesProgramWait: waits) }
      } else {
        RTTOptions(.anywhere, isExpected: false, makesProgramWait: waits)
      }
    }
  }

  private func function(at address: UInt32) -> String? { symbols?.symbol(at: address)?.symbol.name }

  private func tell(_ packet: ITMPacket, at time: Duration?) {
    profile.add(packet)
    if case .exception(let number, let event) = packet {
      context.reporter.report(.exception(number: number, event, at: time))
    }
  }

  private func tell(_ event: RunEvent) {
    switch event {
    case .output(let output):
      if case .rtt(let channel) = output.source, let file = rawFiles[channel] {
        // A file that takes no more is told in the end.
        try? file.append(output.bytes)
      } else if listening.plain {
        context.reporter.report(.plainOutput(output))
      }
    case .line(let line):
      if case .rtt(let channel) = line.source, rawFiles[channel] != nil { return }
      if !listening.plain { context.reporter.report(.line(line)) }
    case .reset(let flags):
      context.reporter.report(.warning("the chip was reset: \(flags.sentence); listening goes on"))
    case .traceBytes(let bytes):
      // A file that takes no more is told in the end.
      try? traceFile?.append(bytes)
    case .packet(let packet, let time): tell(packet, at: time)
    case .found(let what): context.reporter.report(.note(what))
    case .warning(let text): context.reporter.report(.warning(text))
    }
  }
}

extension ResetFlags {
  /// What has reset the chip, in words.
  var sentence: String {
    let kinds: [(Bool, String)] = [
      (self[.powerOn], "by its supply"), (self[.brownOut], "by a brown-out"),
      (self[.independentWatchdog], "by the independent watchdog"), (self[.windowWatchdog], "by the window watchdog"),
      (self[.lowPower], "by a low-power mode that the option bytes forbid"), (self[.software], "by its program"),
    ]
    // The run has begun with a reset like one by the program, so that another one sets no flag; PINRSTF every reset sets.
    let kind = kinds.first { $0.0 }?.1 ?? "by its program or its NRST pin"
    return names.isEmpty ? kind : "\(kind) (RCC_CSR: \(names.joined(separator: ", ")))"
  }
}
