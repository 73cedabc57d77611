/// Why a fault cannot be simulated.
public enum FaultError: Error, Sendable, Equatable {
  /// The catalogue has no such name; others that look like it.
  case unknownName(String, similar: [String])
  /// The fault has no degree.
  case takesNoArgument(name: String)
  /// The argument is no number or out of its range.
  case badArgument(String, name: String, expected: String)
  /// What stands behind the @ is no moment.
  case badMoment(String)
  /// The fault is in the parts from the start and cannot happen later.
  case cannotHappenLater(name: String)
  /// What the fault has broken stays broken.
  case doesNotEnd(name: String)
  /// The chip or the probe lacks what the fault would break.
  case notOnThisBench(name: String, reason: String)

  /// The error in a sentence, with the choices where there are some.
  public var text: String {
    switch self {
    case .unknownName(let name, let similar):
      "there is no fault \"\(name)\""
        + (similar.isEmpty ? "" : "; did you mean \(similar.joined(separator: " or "))?")
    case .takesNoArgument(let name): "the fault \(name) takes no argument"
    case .badArgument(let text, let name, let expected):
      "\"\(text)\" does not fit the fault \(name), which takes \(expected)"
    case .badMoment(let text): "\"@\(text)\" is no moment; there are \(FaultMoment.forms)"
    case .cannotHappenLater(let name):
      "the fault \(name) is there from the start and cannot happen at a moment"
    case .doesNotEnd(let name): "the fault \(name) does not end: what it has broken stays so"
    case .notOnThisBench(let name, let reason): "the fault \(name) cannot be simulated here: \(reason)"
    }
  }
}
