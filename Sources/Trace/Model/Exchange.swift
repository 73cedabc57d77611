package import LinkInterface

/// One transfer of a recorded session: what was asked, how it ended, and when.
package struct Exchange: Sendable, Equatable {
  /// How a transfer ended.
  package enum Outcome: Sendable, Equatable {
    /// Done; the bytes that came in, none for a transfer that only goes out.
    case completed([UInt8])
    /// Not done; what had come in, and what had gone out, by then.
    case failed(USBStatus, partial: [UInt8], sent: Int)
    /// The recording does not tell.
    case unknown
  }

  /// What a recording does not tell of a transfer, besides the times.
  package struct Gaps: OptionSet, Sendable, Hashable {
    /// The bits of the set.
    package let rawValue: UInt8

    /// Makes a set from its bits.
    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// How many bytes were asked for: the request says as many as came.
    package static let requestedLength = Gaps(rawValue: 1)
    /// Some of the bytes that went out, or all: the request holds fewer than were sent.
    package static let outgoingBytes = Gaps(rawValue: 2)
    /// Some of the bytes that came in: the outcome holds fewer than came.
    package static let incomingBytes = Gaps(rawValue: 4)
  }

  /// What was asked.
  package var request: Transfer
  /// How it ended.
  package var outcome: Outcome
  /// When the request was made, from the start of the session; nil where the recording does not tell.
  package var submitted: Duration?
  /// When it had ended, from the start of the session; nil where the recording does not tell.
  package var completed: Duration?
  /// What else the recording does not tell.
  package var gaps: Gaps

  /// Makes an exchange.
  package init(
    _ request: Transfer, _ outcome: Outcome, submitted: Duration? = nil, completed: Duration? = nil, gaps: Gaps = []
  ) {
    self.request = request
    self.outcome = outcome
    self.submitted = submitted
    self.completed = completed
    self.gaps = gaps
  }

  /// The bytes that came in, whole or in part.
  package var incomingBytes: [UInt8] {
    switch outcome {
    case .completed(let bytes): bytes
    case .failed(_, let partial, _): partial
    case .unknown: []
    }
  }

  /// The time by which exchanges are put in order: that of the end where it is known.
  ///
  /// A host may ask for a reply before it has sent the command, so that the time of asking says little.
  var orderingTime: Duration {
    completed ?? submitted ?? .zero
  }
}
