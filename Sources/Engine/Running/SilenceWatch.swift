import LinkInterface

/// Finds out what it means that a running target does not answer: a reset takes less than the time granted here, and so
/// does a supply that dips.
struct SilenceWatch {
  private static let limit: Duration = .milliseconds(500)
  private static let pause: Duration = .milliseconds(5)
  /// Less than this on the reference pin is no supply.
  private static let leastMillivolts = 1000

  /// What is behind it.
  enum Verdict {
    /// Not known yet: it may be over the next time.
    case goOn
    /// There is no supply.
    case lostPower(millivolts: Int)
    /// It does not come back.
    case silent
  }

  private let reconnect: () throws(DebugError) -> Void
  /// Since when; nil while it answers.
  private(set) var since: Duration?

  /// Makes one.
  ///
  /// - Parameter reconnect: gets the debug port of a target back that did not answer.
  init(reconnect: @escaping () throws(DebugError) -> Void) { self.reconnect = reconnect }

  /// It answers.
  mutating func end() { since = nil }

  /// It has not answered; a link that fails itself is thrown.
  mutating func note(_ access: any DebugAccess) throws(DebugError) -> Verdict {
    let now = access.clock.now
    guard let since else {
      // Whatever it was may be over, and then DHCSR tells best what it was.
      self.since = now
      return .goOn
    }
    if now - since < SilenceWatch.limit {
      access.clock.wait(for: SilenceWatch.pause)
      do throws(DebugError) {
        try reconnect()
      } catch {
        guard error.isOfTheTarget else { throw error }
      }
      return .goOn
    }
    if let millivolts = try access.targetMillivolts(), millivolts < SilenceWatch.leastMillivolts {
      return .lostPower(millivolts: millivolts)
    }
    return .silent
  }
}
