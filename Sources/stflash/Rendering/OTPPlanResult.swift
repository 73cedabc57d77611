import Basics
import Engine

/// A plan for OTP that is shown and not carried out.
struct OTPPlanResult: CommandResult {
  /// How the chip is called.
  let deviceName: String
  /// The plan.
  let plan: OTPPlan
  /// What the command line allows of what cannot be undone.
  let words: [String]

  let name = "otpPlan"
  let isConfirmation = false

  var lines: [String] { ["OTP of \(deviceName)"] + ownLines + ["nothing was touched"] }

  /// The lines between what it is of and that nothing was touched.
  var ownLines: [String] {
    (plan.isEmpty ? ["OTP holds that already: nothing to do"] : plan.lines)
      + plan.commitments.map { "cannot be undone: \($0.meaning)" } + missing.map { "needs \($0)" }
  }

  /// What the command line has to say in addition before the plan is carried out.
  private var missing: [String] {
    plan.commitments.filter { commitment in
      !words.contains { $0.lowercased() == commitment.words.lowercased() }
    }.map { "--irreversible \"\($0.words)\"" }
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(deviceName)),
      JSONMember(
        "programmed",
        .array(
          plan.data.map { block in
            .object([
              JSONMember("address", .integer(Int(block.address))),
              JSONMember("data", .string(Hexadecimal.text(block.bytes))),
            ])
          })),
      JSONMember("lockedBlocks", .array(plan.lockedBlocks.map { .integer($0) })),
      JSONMember("irreversible", .strings(plan.commitments.map(\.words))), JSONMember("needs", .strings(missing)),
      JSONMember("executed", .boolean(false)),
    ]
  }
}
