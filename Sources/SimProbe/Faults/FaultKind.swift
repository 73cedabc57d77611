/// A row of the fault catalogue: what is broken, and how the simulation breaks it.
struct FaultKind: Sendable {
  /// What a fault does to the bench.
  ///
  /// No effect makes up an answer: each changes a part, a wire, a voltage or a cell, and the answers follow.
  enum Effect: Sendable {
    /// The parts are made differently.
    case parts(@Sendable (inout SimulationParts, Int) -> Void)
    /// A chip without a saved state comes with other contents; nothing has power yet.
    case contents(@Sendable (Chip, Int) -> Void)
    /// The same with two arguments.
    case firmware(@Sendable (Chip, Int, Int) -> Void)
    /// Something breaks, before power comes up or at any moment after it.
    case event(@Sendable (Simulation, Int) -> Void)
  }

  /// The name on the command line.
  let name: String
  /// Where the fault sits.
  let group: FaultGroup
  /// The meaning of the argument; nil where there is none.
  let parameter: FaultParameter?
  /// The meaning of a second argument; nil where there is none.
  let secondParameter: FaultParameter?
  /// What is broken.
  let broken: String
  /// What the host can see of it.
  let visible: String
  /// The real report, document or erratum that it came from.
  let origin: String
  /// The faults that a host cannot tell apart from this one.
  let likeness: FaultLikeness
  /// When it happens where nothing is said; nil for from the start.
  let usualMoment: FaultMoment?
  /// Why some parts do not have what it breaks; nil for those that do.
  let obstacle: @Sendable (SimulationParts, Int) -> String?
  /// What happens to the bench.
  let effect: Effect
  /// Makes good what the effect has broken; nil for what stays broken.
  let ending: (@Sendable (Simulation) -> Void)?

  init(
    _ name: String, _ group: FaultGroup, _ parameter: FaultParameter? = nil,
    second secondParameter: FaultParameter? = nil, broken: String, visible: String,
    origin: String, like likeness: FaultLikeness, usually usualMoment: FaultMoment? = nil,
    unless obstacle: @escaping @Sendable (SimulationParts, Int) -> String? = { _, _ in nil }, effect: Effect,
    ending: (@Sendable (Simulation) -> Void)? = nil
  ) {
    self.name = name
    self.group = group
    self.parameter = parameter
    self.secondParameter = secondParameter
    self.broken = broken
    self.visible = visible
    self.origin = origin
    self.likeness = likeness
    self.usualMoment = usualMoment
    self.obstacle = obstacle
    self.effect = effect
    self.ending = ending
  }

  /// Whether the fault can happen at a moment instead of being there from the start.
  var canHappen: Bool {
    if case .event = effect { true } else { false }
  }

  /// Every fault, by where it sits.
  static let all: [FaultKind] =
    wiring + supply + firmware + protection + chip + leftByDebugger + cells + probe + usb
    + serial + dfu

  /// The fault with this name.
  static func named(_ name: String) -> FaultKind? {
    all.first { $0.name == name }
  }

  /// Up to three names that differ from a text by little.
  static func names(similarTo text: String) -> [String] {
    let limit = max(2, text.count / 3)
    let near = all.map { ($0.name, EditDistance.between(text, $0.name)) }.filter { name, distance in
      distance <= limit || text.count >= 3 && name.contains(text)
    }
    return near.sorted { $0.1 < $1.1 }.prefix(3).map(\.0)
  }
}
