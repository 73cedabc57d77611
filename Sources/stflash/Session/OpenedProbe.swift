import Engine
import ProbeInterface

/// A probe that a command has got hold of, and what is to be done with it in the end.
protocol OpenedProbe {
  /// The probe.
  var probe: any Probe { get }
  /// Whether it is simulated, so that times are simulated too.
  var isSimulated: Bool { get }

  /// Keeps what has to outlive the command; called once, after the probe has been closed, after a failure too.
  func finish() throws(CommandFailure)
}

/// A probe on USB: nothing of it has to be kept.
struct PluggedOpenedProbe: OpenedProbe {
  let probe: any Probe
  let isSimulated = false

  func finish() throws(CommandFailure) {}
}
