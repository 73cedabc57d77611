import Basics
import LinkInterface
import TestSupport
import Trace

/// Random batches with what the probe answers and what a recording of them has to hold.
enum SessionScript {
  struct Batch {
    var transfers: [Transfer]
    var answer: AnsweringProbe.Answer
    var outcomes: [Exchange.Outcome]

    func exchanges(_ begin: Duration, _ end: Duration) -> [Exchange] {
      zip(transfers, outcomes).map { Exchange($0, $1, submitted: begin, completed: end) }
    }
  }

  private static let reasons: [LinkError.Reason] = [
    .timeout, .stall, .gone, .overflow, .other(code: -71, text: "EPROTO"),
  ]

  /// A batch that succeeds two times out of three.
  static func batch(_ random: inout SeededGenerator) -> Batch {
    let transfers = (0..<Int.random(in: 1...4, using: &random)).map { _ in transfer(&random) }
    let replies = transfers.map { reply(to: $0, &random) }
    let duration = Duration.microseconds(Int64.random(in: 1...2_000, using: &random))
    guard Int.random(in: 0..<3, using: &random) == 0 else {
      return Batch(
        transfers: transfers, answer: .init(result: .success(replies), duration: duration),
        outcomes: replies.map { .completed($0) })
    }
    return failed(transfers, replies, duration, &random)
  }

  private static func failed(
    _ transfers: [Transfer], _ replies: [[UInt8]], _ duration: Duration, _ random: inout SeededGenerator
  ) -> Batch {
    let index = Int.random(in: 0..<transfers.count, using: &random)
    let transfer = transfers[index]
    var reason = reasons.randomElement(using: &random) ?? .stall
    var sent = 0
    if case .bulkOut(_, let bytes) = transfer, Bool.random(using: &random), !bytes.isEmpty {
      sent = Int.random(in: 0..<bytes.count, using: &random)
      reason = .shortWrite(sent: sent)
    }
    let partial = transfer.isIn ? Array(replies[index].dropLast()) : []
    let completed = Array(replies.prefix(index))
    let error = LinkError(reason, at: index, of: transfers, completed: completed, partial: partial)
    var outcomes = completed.map { Exchange.Outcome.completed($0) }
    outcomes.append(.failed(USBStatus(reason), partial: partial, sent: sent))
    outcomes += transfers.dropFirst(index + 1).map { _ in .failed(.cancelled, partial: [], sent: 0) }
    return Batch(transfers: transfers, answer: .init(result: .failure(error), duration: duration), outcomes: outcomes)
  }

  private static func transfer(_ random: inout SeededGenerator) -> Transfer {
    Bool.random(using: &random)
      ? .bulkOut(.output(1), random.bytes(Int.random(in: 1...100, using: &random)))
      : .bulkIn(.input(1), byteCount: Int.random(in: 1...100, using: &random))
  }

  private static func reply(to transfer: Transfer, _ random: inout SeededGenerator) -> [UInt8] {
    guard case .bulkIn(_, let byteCount) = transfer else { return [] }
    return random.bytes(Int.random(in: 0...byteCount, using: &random))
  }
}
