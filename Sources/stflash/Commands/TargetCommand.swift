/// A command with a target behind a probe.
///
/// Each lists the groups of options itself. In a debug build ArgumentParser checks a group anew at every level above it:
/// groups within groups cost the tests more time than the simulated chips.
protocol TargetCommand: StflashCommand {
  var probe: ProbeOptions { get }
  var target: TargetOptions { get }
  var simulator: SimulatorOptions { get }
  var world: SimulatedWorldOptions { get }
  var trace: TraceOptions { get }
}

extension TargetCommand {
  /// What the command was told of probe and target.
  var session: SessionChoices {
    SessionChoices(probe: probe, target: target, simulator: simulator, world: world, trace: trace)
  }

  /// A command with a check of its own asks for this one first.
  func validate() throws {
    try session.validate()
  }
}
