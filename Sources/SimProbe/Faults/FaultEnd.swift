/// When a fault is over again.
public enum FaultEnd: Sendable, Equatable {
  /// At a moment, counted as those at which faults happen.
  case at(FaultMoment)
  /// So many nanoseconds after it has happened.
  case after(UInt64)

  /// Reads what stands behind the two dots: a moment, or a time behind a plus sign.
  init(_ text: String) throws(FaultError) {
    guard text.hasPrefix("+") else {
      self = .at(try FaultMoment(text))
      return
    }
    guard let time = FaultMoment.nanoseconds(text.dropFirst().lowercased()) else { throw .badMoment(text) }
    self = .after(time)
  }

  /// The end as `init(_:)` takes it.
  public var text: String {
    switch self {
    case .at(let moment): moment.text
    case .after(let nanoseconds): "+\(nanoseconds)ns"
    }
  }
}
