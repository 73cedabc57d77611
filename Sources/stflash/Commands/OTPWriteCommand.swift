import ArgumentParser
import Basics
import Engine

/// `otp write FILE ADDRESS`: programs bytes that nothing takes back.
struct OTPWriteCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Program the bytes of a file, for ever.",
    discussion: """
      The file's bytes are taken as they are. What OTP cannot become is refused before anything is programmed: bits that would \
      have to go from 0 to 1, locked blocks, lock bytes. What is programmed is read back and compared.
      """)

  @Argument(help: "The file with the bytes.", completion: .file())
  var file: String

  @Argument(help: ArgumentHelp("Where they go: 0x1FFF7800 is the first byte of block 0."), transform: Number.address)
  var address: UInt32

  @OptionGroup(title: "Programming for ever") var lasting: LastingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { [FileUse("FILE", file, .reads)] + session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let bytes = try reporting { () throws(FileSystemError) in try context.files.read(file) }
    let name = file == FileSystem.standardStream ? "standard input" : FileSystem.name(of: file)
    if bytes.isEmpty { throw .usage("\(name) is empty: there is nothing to program") }
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let session = bench.session
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let plan = try reporting { () throws(SessionError) in
        try session.plan(programming: bytes, intoOTPAt: address)
      }
      if lasting.plan { return OTPPlanResult(deviceName: bench.device.name, plan: plan, words: lasting.irreversible) }
      try reporting { () throws(SessionError) in try session.execute(plan, permittedBy: lasting.irreversible) }
      return WorkResult.otpWritten(plan, of: name, file, at: address, bench)
    }
  }
}

extension WorkResult {
  /// What was programmed into OTP from a file.
  ///
  /// - Parameter address: where its first byte is.
  static func otpWritten(
    _ plan: OTPPlan, of name: String, _ file: String, at address: UInt32, _ bench: TargetRun.Bench
  ) -> WorkResult {
    let place = "OTP of \(bench.device.name) at \(address.hexadecimal)"
    let locked = plan.lockedBlocks.map(String.init).joined(separator: ", ")
    let lock = plan.lockedBlocks.isEmpty ? "" : " and locked block \(locked)"
    return WorkResult(
      name: "otpWritten",
      sentence: plan.isEmpty
        ? "\(place) holds \(name) already: nothing was programmed,"
        : "programmed \(plan.byteCount.inBytes) of \(name) into \(place)\(lock), verified,",
      facts: [
        JSONMember("file", .string(file)), JSONMember("address", .integer(Int(address))),
        JSONMember("programmedBytes", .integer(plan.byteCount)),
        JSONMember("lockedBlocks", .array(plan.lockedBlocks.map { .integer($0) })),
      ],
      figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: false)
  }
}
