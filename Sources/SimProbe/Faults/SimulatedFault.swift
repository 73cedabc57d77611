/// A fault of the catalogue as users read it.
public struct SimulatedFault: Sendable {
  /// The name to ask for: "jumpers-open", "firmware=sleep".
  public let name: String
  /// Where it sits.
  public let group: FaultGroup
  /// The meaning of the argument; nil where there is none.
  public let parameter: FaultParameter?
  /// The meaning of a second argument behind a slash; nil where there is none.
  public let secondParameter: FaultParameter?
  /// What is broken.
  public let broken: String
  /// What the host can see of it.
  public let visible: String
  /// The real report, document or erratum that it came from.
  public let origin: String
  /// The faults that a host cannot tell apart from this one.
  public let likeness: FaultLikeness
  /// Whether it can happen at a moment instead of being there from the start.
  public let canHappen: Bool
  /// Whether it can be over again.
  public let canEnd: Bool
}

extension Simulation {
  /// Every fault that can be simulated, by where it sits.
  public static var faults: [SimulatedFault] {
    FaultKind.all.map {
      SimulatedFault(
        name: $0.name, group: $0.group, parameter: $0.parameter, secondParameter: $0.secondParameter, broken: $0.broken,
        visible: $0.visible,
        origin: $0.origin, likeness: $0.likeness, canHappen: $0.canHappen,
        canEnd: $0.ending != nil)
    }
  }
}
