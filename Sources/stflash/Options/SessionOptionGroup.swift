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

  /// The options for the engine.
  func sessionOptions(
    _ width: WidthOptions?, interruption: Interruption
  ) throws(CommandFailure) -> SessionOptions {
    SessionOptions(
      clock: probe.clock, device: try target.override(), parallelism: width?.width?.parallelism,
      hasProgrammingVoltage: width?.vpp ?? false, millivolts: target.voltage, interruption: interruption)
  }
}
