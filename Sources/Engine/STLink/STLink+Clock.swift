import Basics
public import Failures
import LinkInterface

/// A step down of the SWD clock that errors on the wires have forced.
public struct ClockReduction: Sendable, Equatable {
  /// The clock at which it went wrong, in kHz.
  public var fromKHz: Int
  /// The clock from then on, in kHz.
  public var toKHz: Int
  /// What went wrong.
  public var reason: String

  /// The step in one sentence, with what it means for the user.
  public var message: Advice {
    """
    SWD at \(fromKHz.frequency) gave errors (\(reason)); slowed down to \(toKHz.frequency). \
    Long or loose wires do this: \(.setClock(kHz: toKHz), or: "asking for that clock") avoids the attempt
    """
  }
}

// The SWD clock while the target is connected: slower where the wires do not carry it.
extension STLink {
  /// Below this nothing is tried by itself: what fails at 100 kHz does not fail for the clock.
  static let lowestAutomaticKHz = 100
  /// How many more times a garbled command is run at the slowest clock, where nothing but patience is left.
  private static let rerunsAtSlowestClock = 4

  /// Sets the SWD clock; a target that is connected is connected anew after that (`connect(atKHz:)`).
  ///
  /// - Parameter kHz: one of `clocksKHz`, or the next below is taken.
  public func setClock(kHz: Int) throws(DebugError) {
    (clockSetting, _) = try ProbeOpening(channel: channel, product: product)
      .setClock(.atMost(kHz: kHz), firmware: firmware)
  }

  /// Sets the SWD clock and connects, which begins with a line reset.
  ///
  /// - Throws: what `enter` throws; the new clock is set then all the same.
  public func connect(atKHz kHz: Int) throws(DebugError) {
    try setClock(kHz: kHz)
    try enter()
  }

  /// The clocks that may be tried after the one in use has failed, fastest first; empty where it cannot be changed.
  public var lowerClocksKHz: [Int] {
    guard let current = clockSetting.actualKHz else { return [] }
    return clocksKHz.filter { $0 < current && $0 >= STLink.lowestAutomaticKHz }
  }

  /// Runs a command that reaches the target; where the wires garble it in an attached session, connects anew and runs
  /// it again, at lower clocks if it must be.
  ///
  /// Only what may happen twice is run again (`RepeatableWrites`). Connecting anew neither halts nor resets the target.
  ///
  /// - Throws: the first failure where nothing helps; the clock is then the one that was set before.
  @discardableResult
  func runOnTarget(_ command: STLinkCommand, limit: Duration? = nil) throws(DebugError) -> [UInt8] {
    do throws(DebugError) {
      return try channel.run(command, limit: limit)
    } catch {
      guard recoversFromWireErrors, command.isRepeatable, let status = error.status, mayBeNoise(error) else {
        throw error
      }
      return try rerun(command, limit: limit, after: error, status)
    }
  }

  /// Wrong parity is the wires' fault and calls for a lower clock at once; a missing acknowledgement may have been a
  /// single lost request, or a reset of the target.
  private func rerun(
    _ command: STLinkCommand, limit: Duration?, after failure: DebugError, _ status: STLinkStatus
  ) throws(DebugError) -> [UInt8] {
    guard let original = clockSetting.actualKHz else { throw failure }
    let lower = lowerClocksKHz
    let slowest = Array(repeating: lower.last ?? original, count: STLink.rerunsAtSlowestClock)
    for kHz in (failure.fault?.kind == .lost ? [original] : []) + lower + slowest {
      do throws(DebugError) {
        try connect(atKHz: kHz)
        let reply = try channel.run(command, limit: limit)
        if kHz != original { note(ClockReduction(fromKHz: original, toKHz: kHz, reason: status.description)) }
        return reply
      } catch {
        guard let next = error.fault else { throw error }
        // A target that does not even connect is gone, unless its wires were noisy before, and a clean refusal is the
        // command's own answer.
        guard mayBeNoise(error) || next.kind == .silent && !clockReductions.isEmpty else { break }
      }
    }
    if clockSetting.actualKHz != original { try setClock(kHz: original) }
    throw failure
  }

  /// Where the wires have made errors, a refused access may have been garbled on its way, too.
  private func mayBeNoise(_ failure: DebugError) -> Bool {
    failure.mayBeOfTheWires || failure.status?.leavesStickyError ?? false && !clockReductions.isEmpty
  }

  func note(_ reduction: ClockReduction) {
    clockReductions.append(reduction)
    onClockReduction(reduction)
  }
}
