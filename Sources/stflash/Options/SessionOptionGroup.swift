import ArgumentParser
import Engine
import ProbeInterface

/// Everything that a command with a target behind a probe can be told.
struct SessionOptionGroup: ParsableArguments {
  @OptionGroup(title: "Probe")
  var probe: ProbeOptions

  @OptionGroup(title: "Target")
  var target: TargetOptions

  /// Opens the chosen probe.
  func openProbe(in context: CommandContext) throws(CommandFailure) -> any OpenedProbe {
    PluggedOpenedProbe(probe: try context.bus.open(matching: probe.serial))
  }

  /// The options for the engine; `usualMode` is how to reach the target where the user does not say.
  func sessionOptions(
    _ width: WidthOptions?, usualMode: AttachMode, interruption: Interruption
  ) throws(CommandFailure) -> SessionOptions {
    SessionOptions(
      attachMode: probe.connect?.attachMode ?? usualMode, clock: probe.clock, device: try target.override(),
      parallelism: width?.width?.parallelism,
      hasProgrammingVoltage: width?.vpp ?? false, millivolts: target.voltage, interruption: interruption)
  }
}
