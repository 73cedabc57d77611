import Engine
import LinkInterface
import Trace

/// A simulation's answers beside the recorded ones.
struct AnswersResult: CommandResult {
  /// An operation that was answered otherwise.
  struct Difference {
    var recorded: DecodedOperation
    var answered: DecodedOperation
  }

  /// The operations that were answered otherwise.
  private(set) var differences: [Difference] = []
  /// The operations that were compared.
  private(set) var operationCount = 0
  private let transferCount: Int
  private let probe: USBIdentity
  private let showsAll: Bool

  let name = "answers"
  let isConfirmation = false

  /// The differences that are shown unless all are wanted.
  private static let shownCount = 20

  /// Puts answers beside the session that they belong to.
  init(_ session: Recording, _ answers: [HostReplay.Answer], probe: USBIdentity, showsAll: Bool) {
    self.probe = probe
    self.showsAll = showsAll
    transferCount = answers.count
    let sent = Set(answers.map(\.position))
    let differing = Set(answers.filter { !$0.agrees }.map(\.position))
    var answered = session
    for answer in answers { answered.exchanges[answer.position] = answer.performed }
    for (recorded, own) in zip(DecodedSession(session).operations, DecodedSession(answered).operations) {
      guard recorded.transfers.contains(where: sent.contains) else { continue }
      operationCount += 1
      if recorded.transfers.contains(where: differing.contains) {
        differences.append(Difference(recorded: recorded, answered: own))
      }
    }
  }

  private var shown: ArraySlice<Difference> {
    showsAll ? differences[...] : differences.prefix(AnswersResult.shownCount)
  }

  var members: [JSONMember] {
    [
      JSONMember("operations", .integer(operationCount)), JSONMember("transfers", .integer(transferCount)),
      JSONMember("differing", .integer(differences.count)),
      JSONMember(
        "differences",
        .array(
          shown.map { difference in
            .object([
              JSONMember("number", .integer(difference.recorded.number)),
              JSONMember("recorded", .string(difference.recorded.text)),
              JSONMember("answered", .string(difference.answered.text)),
            ])
          })),
    ]
  }

  var lines: [String] {
    let head =
      "\(operationCount) operations, \(transferCount) transfers sent to the simulated \(probe.product ?? "probe"): "
      + (differences.isEmpty ? "all answered as recorded" : "\(differences.count) answered otherwise")
    let rows = shown.flatMap { difference in
      [
        "operation \(difference.recorded.number)", "- \(difference.recorded.text)", "+ \(difference.answered.text)",
      ]
    }
    let hidden = differences.count - shown.count
    return [head] + rows + (hidden > 0 ? ["and \(hidden) others (--full shows them)"] : [])
  }
}
