import Engine
import Failures

/// What a write, an erase, a verification or a reset has done.
struct WorkResult: CommandResult {
  /// The name of the JSON event: "written", "erased", "verified", "reset".
  let name: String
  /// What was done, as a sentence without the figures.
  let sentence: String
  /// The same where the program runs in the end, if the sentence says so.
  var sentenceIfRunning: String?
  /// What was done, for JSON.
  let facts: [JSONMember]
  /// How long it took.
  let figures: WorkFigures
  /// Whether a program that does not run is worth a word: not after an erase, nor where nobody has started it.
  var concernsProgram = true
  /// What became of the program; nil where the core was not let go, or was not looked at.
  var program: ProgramLook?
  /// Whether the chip is left in its bootloader, so that somebody has to start its program.
  var waitsForStart = false

  /// Whether the program does something else than to run.
  private var hasStopped: Bool { concernsProgram && program.map { !$0.isRunning } ?? false }

  /// A program that does not run is told to the quiet, too.
  var isConfirmation: Bool { !hasStopped }

  var lines: [String] {
    let done = hasStopped ? sentence : sentenceIfRunning ?? sentence
    return ["\(done) in \(figures.text)"] + (waitsForStart && concernsProgram ? [Self.startAdvice] : [])
      + (hasStopped ? program?.warningLines ?? [] : [])
  }

  var members: [JSONMember] { facts + [JSONMember("program", program?.value ?? .null)] + figures.members }

  func completed(by statement: ClosingStatement) -> any CommandResult {
    var result = self
    result.program = statement.program
    result.waitsForStart = statement.waitsForStart
    return result
  }

  private static let startAdvice =
    "the chip is in its bootloader: 'stflash reset' starts the program, or a reset with BOOT0 low"
}

extension ProgramLook {
  /// What to tell of a program that does not run, and what to do; empty where it runs.
  var warningLines: [String] {
    guard !isRunning else { return [] }
    let report = FailureReport(.notRunning, "but its program does not run: \(text)", causes: causes)
    return [report.headline] + report.alternatives.map { "  or: \($0)" } + report.remedies.map { "  try: \($0.words)" }
  }

  /// The look as a JSON object.
  var value: JSONValue {
    .object([
      JSONMember("condition", .string(condition.rawValue)), JSONMember("running", .boolean(isRunning)),
      JSONMember("text", .string(text)), JSONMember("causes", .array(causes.map(JSONReporter.value(of:)))),
    ])
  }
}
