/// One fault of a simulated bench, as it is asked for: which, how strong, and from when on.
///
/// As text it is `NAME[=ARGUMENT][@MOMENT]`: "jumpers-open", "unpowered=1200", "unplugged@transfer=40".
public struct Fault: Sendable, Equatable {
  /// The row of the catalogue.
  let kind: FaultKind
  /// How strong, where or how often, in the unit of the kind's parameter; its usual value where nothing was said.
  let argument: Int
  /// When it happens; the kind's usual moment where nothing was said, nil for a fault that has been there all along.
  public let moment: FaultMoment?

  /// The name in the catalogue.
  public var name: String { kind.name }

  /// Reads a fault.
  ///
  /// - Throws: `FaultError` for an unknown name, an argument that does not fit, or a moment that makes no sense.
  public init(_ text: String) throws(FaultError) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (kind, argument) = try Fault.find(parts[0].lowercased())
    self.kind = kind
    self.argument = argument
    guard parts.count > 1 else {
      moment = kind.usualMoment
      return
    }
    moment = try FaultMoment(parts[1])
    guard kind.canHappen else { throw .cannotHappenLater(name: kind.name) }
  }

  /// Some kinds differ by a word behind the equals sign ("firmware=sleep"), which is part of their name.
  private static func find(_ text: String) throws(FaultError) -> (FaultKind, Int) {
    if let kind = FaultKind.named(text) { return (kind, kind.parameter?.usual ?? 0) }
    guard let sign = text.lastIndex(of: "="), let kind = FaultKind.named(String(text[..<sign])) else {
      throw .unknownName(text, similar: FaultKind.names(similarTo: text))
    }
    let number = String(text[text.index(after: sign)...])
    guard let parameter = kind.parameter else { throw .takesNoArgument(name: kind.name) }
    guard let value = FaultParameter.number(number), parameter.range.contains(value) else {
      throw .badArgument(number, name: kind.name, expected: parameter.text)
    }
    return (kind, value)
  }

  /// The fault as `init(_:)` takes it.
  public var text: String {
    let strength = kind.parameter.map { $0.usual == argument ? "" : "=\($0.format(argument))" } ?? ""
    let time = moment == kind.usualMoment ? nil : moment
    return name + strength + (time.map { "@\($0.text)" } ?? "")
  }

  /// Whether two faults are the same kind with the same strength at the same moment.
  public static func == (one: Fault, other: Fault) -> Bool {
    one.name == other.name && one.argument == other.argument && one.moment == other.moment
  }
}
