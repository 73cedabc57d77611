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
