import ArgumentParser
import Basics
import Engine
import Failures
import LinkInterface
import Trace

/// `trace diff A B`: where two recordings part.
struct TraceDiffCommand: StflashCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Tell where two recordings part, and what differs after that.",
    usage: "stflash trace diff <first> <second> <options>",
    discussion: "Times do not count. The exit code is 73 where the recordings differ.")

  @Argument(help: "The first recording.", completion: .file())
  var first: String

  @Argument(help: "The second recording.", completion: .file())
  var second: String

  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  var fileUses: [FileUse] { [FileUse("A", first, .reads), FileUse("B", second, .reads)] }

  func run(in context: CommandContext) throws(CommandFailure) {
    SignalHandling.endAtOnce()
    let sessions = [try recording.read(first, in: context).session, try recording.read(second, in: context).session]
    let decoded = sessions.map(DecodedSession.init)
    let comparison = SessionComparison(decoded[0].operations, decoded[1].operations)
    context.reporter.report(.result(ComparisonResult(comparison: comparison, counts: decoded.map(\.operations.count))))
    guard let parting = comparison.parting else { return }
    throw CommandFailure(
      FailureReport(
        .trace, "the recordings part at operation \(parting.index + 1)",
        evidence: byteEvidence(parting, decoded[0], decoded[1])))
  }

  /// The first byte that differs within the operations at which the sessions part.
  private func byteEvidence(
    _ parting: SessionComparison.Parting, _ first: DecodedSession, _ second: DecodedSession
  ) -> [String] {
    guard let one = parting.first, let other = parting.second else { return [] }
    for (left, right) in zip(one.transfers, other.transfers) {
      let exchanges = (first.session.exchanges[left], second.session.exchanges[right])
      let bytes = (exchanges.0.allBytes, exchanges.1.allBytes)
      guard bytes.0 != bytes.1 else { continue }
      let offset = zip(bytes.0, bytes.1).prefix { $0 == $1 }.count
      let values = [bytes.0, bytes.1].map { offset < $0.count ? Hexadecimal.text([$0[offset]]) : "nothing" }
      return ["byte \(offset) of transfer \(left + 1) and \(right + 1): \(values[0]) and \(values[1])"]
    }
    return ["transfers \(one.transfers.count) and \(other.transfers.count)"]
  }
}

extension Exchange {
  /// What went out, then what came in.
  fileprivate var allBytes: [UInt8] {
    switch request {
    case .bulkOut(_, let bytes), .controlOut(_, let bytes): bytes + incomingBytes
    case .bulkIn, .controlIn: incomingBytes
    }
  }
}
