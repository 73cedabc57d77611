import Engine

/// A plan that is shown and not executed.
struct PlanResult: CommandResult {
  /// The plan.
  let plan: FlashPlan

  let name = "plan"
  let isConfirmation = false

  var lines: [String] { plan.lines + plan.warnings.map { "warning: \($0)" } + ["nothing was touched"] }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(plan.deviceName)),
      JSONMember("widthBits", .integer(plan.parallelism.byteCount * 8)),
      JSONMember("imageBytes", .integer(plan.imageByteCount)),
      JSONMember("programmedBytes", .integer(plan.programmedByteCount)),
      JSONMember("erasedSectors", PlanResult.numbers(plan.erasedSectors)),
      JSONMember("equalSectors", PlanResult.numbers(plan.equalSectors)),
      JSONMember("blankSectors", PlanResult.numbers(plan.blankSectors)),
      JSONMember(
        "kept",
        .array(
          plan.kept.map { range in
            .object([
              JSONMember("address", .integer(Int(range.lowerBound))), JSONMember("bytes", .integer(range.count)),
            ])
          })),
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

  private static func numbers(_ sectors: [Sector]) -> JSONValue {
    .array(sectors.map { .integer($0.number) })
  }
}
