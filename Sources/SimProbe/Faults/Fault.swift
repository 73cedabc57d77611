/// One fault of a simulated bench, as it is asked for: which, how strong, and from when on.
///
/// As text it is `NAME[=ARGUMENT[/ARGUMENT]][@MOMENT[..END]]`: "jumpers-open", "unpowered=1200", "unplugged@transfer=40",
/// "nrst-low@..time=2s".
public struct Fault: Sendable, Equatable {
  /// The row of the catalogue.
  let kind: FaultKind
  /// How strong, where or how often, in the unit of the kind's parameter; its usual value where nothing was said.
  let argument: Int
  /// The same for the kind's second parameter.
  let secondArgument: Int
  /// When it happens; the kind's usual moment where nothing was said, nil for a fault that has been there all along.
  public let moment: FaultMoment?
  /// When it is over again; nil for a fault that stays.
  public let end: FaultEnd?

  /// The name in the catalogue.
  public var name: String { kind.name }

  /// Reads a fault.
  ///
  /// - Throws: `FaultError` for an unknown name, an argument that does not fit, or a moment that makes no sense.
  public init(_ text: String) throws(FaultError) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (kind, first, second) = try Fault.find(parts[0].lowercased())
    self.kind = kind
    argument = first
    secondArgument = second
    guard parts.count > 1 else {
      (moment, end) = (kind.usualMoment, nil)
      return
    }
    let times = parts[1].split(separator: "..", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let isUsual = times.count > 1 && times[0].isEmpty
    moment = isUsual ? kind.usualMoment : try FaultMoment(times[0])
    end = times.count > 1 ? try FaultEnd(times[1]) : nil
    if !isUsual, !kind.canHappen { throw .cannotHappenLater(name: kind.name) }
    if end != nil, kind.ending == nil { throw .doesNotEnd(name: kind.name) }
    if case .time(let begin) = moment ?? .time(0), case .at(.time(let over)) = end, over <= begin {
      throw .badMoment(parts[1])
    }
  }

  /// Some kinds differ by a word behind the equals sign ("firmware=sleep"), which is part of their name.
  private static func find(_ text: String) throws(FaultError) -> (FaultKind, Int, Int) {
    if let kind = FaultKind.named(text) { return (kind, kind.parameter?.usual ?? 0, kind.secondParameter?.usual ?? 0) }
    guard let sign = text.lastIndex(of: "="), let kind = FaultKind.named(String(text[..<sign])) else {
      throw .unknownName(text, similar: FaultKind.names(similarTo: text))
    }
    let numbers = text[text.index(after: sign)...].split(
      separator: "/", maxSplits: kind.secondParameter == nil ? 0 : 1, omittingEmptySubsequences: false)
    guard let parameter = kind.parameter else { throw .takesNoArgument(name: kind.name) }
    let first = try value(numbers[0], of: parameter, kind)
    guard let other = kind.secondParameter else { return (kind, first, 0) }
    return (kind, first, numbers.count > 1 ? try value(numbers[1], of: other, kind) : other.usual)
  }

  private static func value(
    _ text: Substring, of parameter: FaultParameter, _ kind: FaultKind
  ) throws(FaultError) -> Int {
    guard let value = FaultParameter.number(String(text)), parameter.range.contains(value) else {
      throw .badArgument(String(text), name: kind.name, expected: parameter.text)
    }
    return value
  }

  /// The fault as `init(_:)` takes it.
  public var text: String {
    var strength = kind.parameter.map { $0.usual == argument ? "" : "=\($0.format(argument))" } ?? ""
    if let parameter = kind.parameter, let second = kind.secondParameter, second.usual != secondArgument {
      strength = "=\(parameter.format(argument))/\(second.format(secondArgument))"
    }
    let begin = moment == kind.usualMoment ? nil : moment
    let time = (begin?.text ?? "") + (end.map { "..\($0.text)" } ?? "")
    return name + strength + (time.isEmpty ? "" : "@\(time)")
  }

  /// Whether two faults are the same kind with the same strength at the same moment.
  public static func == (one: Fault, other: Fault) -> Bool {
    one.name == other.name && one.argument == other.argument && one.secondArgument == other.secondArgument
      && one.moment == other.moment && one.end == other.end
  }
}
