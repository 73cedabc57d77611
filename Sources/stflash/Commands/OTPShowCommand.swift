import ArgumentParser
import Engine

/// `otp show`: the blocks, what is programmed in them, and which are locked.
struct OTPShowCommand: TargetCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the blocks: what is programmed, and which are locked.",
    discussion: "The chip is only looked at; 'stflash otp' alone does this.")

  @OptionGroup(title: "Connection") var probe: ProbeOptions
  @OptionGroup(title: "Target") var target: TargetOptions
  @OptionGroup(title: "Simulator") var simulator: SimulatorOptions
  @OptionGroup(title: "Simulator") var world: SimulatedWorldOptions
  @OptionGroup(title: "Recording") var trace: TraceOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { session.fileUses }

  func run(in context: CommandContext) throws(CommandFailure) {
    let run = TargetRun(options: session, usualMode: .hotPlug, surveysFlash: false, context: context)
    try run { bench throws(CommandFailure) in
      let session = bench.session
      let contents = try reporting { () throws(SessionError) in try session.readOTP() }
      return OTPResult(deviceName: bench.device.name, contents: contents)
    }
  }
}
