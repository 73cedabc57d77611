import Testing

@testable import interruption_check

/// Replies that are lost, cut or late at some transfers of every verb; `interruption-check`, which scripts/test runs, tries
/// every one.
@Suite("Replies that go wrong on USB")
struct LostReplyTests {
  private static let probes = ["v2-old", "v2-1", "v3"]

  @Test(arguments: LostReplies.Verb.allCases, probes)
  func `a reply that goes wrong anywhere ends no operation`(verb: LostReplies.Verb, probe: String) throws {
    let operation = try LostReplies(verb, probe: probe)
    var failures: [String] = []
    for (number, mishap) in LostReplies.Mishap.allCases.enumerated() {
      // A prime, so that every kind of transfer has its turn, and each mishap others.
      let first = 1 + (37 * number + 11 * probe.count + 23 * verb.rawValue.count) % 120
      for transfer in stride(from: first, through: operation.transferCount, by: 263) {
        do {
          if case .told(let text) = try operation.disturb(mishap, at: [transfer]) {
            failures.append("\(mishap) at transfer \(transfer): \(text)")
          }
        } catch {
          Issue.record("\(mishap) at transfer \(transfer) of \(operation.transferCount): \(error)")
        }
      }
    }
    #expect(failures == [])
  }

  @Test func `two replies in a row end no operation, and a link that loses every third is given up and told of`() throws
  {
    let operation = try LostReplies(.write, probe: "v2-1")
    for transfer in [2, 151, 206] {
      guard case .done = try operation.disturb(.lost, at: [transfer, transfer + 2]) else {
        Issue.record("two replies lost from transfer \(transfer) on")
        continue
      }
    }
    let outcome = try operation.disturb(.lost, at: Array(stride(from: 20, to: 2000, by: 6)))
    guard case .told(let text) = outcome else {
      Issue.record("a link that loses every third reply was used to the end")
      return
    }
    #expect(text.contains("replies have been lost or cut in") || text.contains("it was tried 3 times"), "\(text)")
  }
}
