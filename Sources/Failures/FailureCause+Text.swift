/// What a cause means to the user.
struct CauseText: Sendable, Equatable {
  /// The cause as the end of a sentence: "… most likely the ST-LINK jumpers are off".
  var title: String
  /// What to do, in order, in the imperative.
  var remedies: [Advice]
  /// The one measurement that tells this cause from its neighbours; nil where the message itself has told.
  var check: String?
  /// Whether the summaries of the failures that it causes name it themselves.
  var isSaidBySummary = false
}

extension FailureCause {
  /// The cause as the end of a sentence, without a full stop.
  public var title: String { text.title }
  /// What to do about it, in order.
  public var remedies: [Advice] { text.remedies }
  /// The one measurement or jumper that tells this cause from the ones that look the same.
  public var check: String? { text.check }
  /// Whether a sentence says the same already, so that it need not be said twice.
  package func isNamed(in summary: String) -> Bool {
    text.isSaidBySummary || summary.contains(title)
  }

  private var text: CauseText {
    // A test goes through all causes; none is without its text.
    FailureCause.texts[self] ?? CauseText(title: rawValue, remedies: [])
  }

  private static let texts = [probeTexts, serialTexts, dfuTexts, boardTexts, programTexts, chipTexts]
    .reduce(into: [:]) { texts, part in texts.merge(part) { first, _ in first } }
}
