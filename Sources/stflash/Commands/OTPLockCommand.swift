import ArgumentParser
import Engine

/// `otp lock BLOCK`: closes a block for ever.
struct OTPLockCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Lock a block, for ever.",
    discussion: "What is in the block stays, and what is still erased in it stays erased.")

  @Argument(help: ArgumentHelp("The block, 0 to 15."), transform: Number.index)
  var block: Int

  @OptionGroup(title: "Programming for ever") var lasting: LastingOptions
  @OptionGroup(title: "Afterwards") var running: RunningOptions
  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, running: running, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let session = bench.session
      context.reporter.report(.target(TargetFacts(device: bench.device, protection: bench.session.protection)))
      let plan = try reporting { () throws(SessionError) in try session.plan(lockingOTPBlock: block) }
      if lasting.plan { return OTPPlanResult(deviceName: bench.device.name, plan: plan, words: lasting.irreversible) }
      try reporting { () throws(SessionError) in try session.execute(plan, permittedBy: lasting.irreversible) }
      return WorkResult(
        name: "otpLocked",
        sentence: plan.isEmpty
          ? "block \(block) of the OTP of \(bench.device.name) is locked already: nothing was programmed,"
          : "locked block \(block) of the OTP of \(bench.device.name) for ever, verified,",
        facts: [JSONMember("block", .integer(block))],
        figures: bench.work.figures(isSimulated: bench.isSimulated), concernsProgram: false)
    }
  }
}
