import Engine

/// The plan of a write that is shown and not executed; what is for OTP and option bytes comes as events of its own.
struct ImagePlanResult: CommandResult {
  /// The plan.
  let plan: ImagePlan
  /// What the command line allows beside it.
  let permissions: OptionPermissions
  /// How the chip is called.
  let deviceName: String

  let name = "plan"
  let isConfirmation = false

  private var flash: PlanResult? { plan.flash.map(PlanResult.init) }
  private var otp: OTPPlanResult? {
    plan.otp.map { OTPPlanResult(deviceName: deviceName, plan: $0, words: permissions.commitments) }
  }
  private var options: OptionPlanResult? { plan.options.map { OptionPlanResult(plan: $0, permissions: permissions) } }

  var lines: [String] {
    (flash?.ownLines ?? []) + (otp.map { ["then OTP"] + $0.ownLines } ?? [])
      + (options.map { ["then the option bytes"] + $0.ownLines } ?? []) + ["nothing was touched"]
  }

  var members: [JSONMember] {
    (flash?.members ?? [JSONMember("target", .string(deviceName)), JSONMember("executed", .boolean(false))])
      + [
        JSONMember("otp", otp.map { .object($0.members) } ?? .null),
        JSONMember("options", options.map { .object($0.members) } ?? .null),
      ]
  }
}

/// A plan for the flash that is shown and not executed.
struct PlanResult: CommandResult {
  /// The plan.
  let plan: FlashPlan

  let name = "plan"
  let isConfirmation = false

  var lines: [String] { ownLines + ["nothing was touched"] }

  /// The lines before the one that says that nothing was touched.
  var ownLines: [String] { plan.lines + plan.warnings.map { "warning: \($0)" } }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(plan.deviceName)),
      JSONMember("widthBits", .integer(plan.parallelism.byteCount * 8)),
      JSONMember("imageBytes", .integer(plan.imageByteCount)),
      JSONMember("programmedBytes", .integer(plan.programmedByteCount)),
      JSONMember("erasedSectors", PlanResult.numbers(plan.erasedSectors)),
      JSONMember("equalSectors", PlanResult.numbers(plan.equalSectors)),
      JSONMember("blankSectors", PlanResult.numbers(plan.blankSectors)),
      JSONMember("programmedLast", PlanResult.stretches(plan.vectorRows.map(\.range))),
      JSONMember("kept", PlanResult.stretches(plan.kept)),
      JSONMember(
        "predictedSeconds",
        .object([
          JSONMember("erase", .seconds(plan.prediction.erase)),
          JSONMember("program", .seconds(plan.prediction.program)),
          JSONMember("verify", .seconds(plan.prediction.verify)),
        ])),
      JSONMember("warnings", .strings(plan.warnings)),
      JSONMember("executed", .boolean(false)),
    ]
  }

  private static func stretches(_ ranges: [Range<UInt32>]) -> JSONValue {
    .array(
      ranges.map {
        .object([JSONMember("address", .integer(Int($0.lowerBound))), JSONMember("bytes", .integer($0.count))])
      })
  }

  private static func numbers(_ sectors: [Sector]) -> JSONValue {
    .array(sectors.map { .integer($0.number) })
  }
}
