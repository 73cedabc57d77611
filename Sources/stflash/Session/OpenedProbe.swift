import Engine
import LinkInterface

/// A probe that a command has got hold of.
protocol OpenedProbe: OpenedLink {
  /// The probe.
  var probe: any USBDevice { get }
}

extension OpenedProbe {
  var clock: any LinkClock { probe.clock }

  func makeTarget(_ options: SessionOptions, observer: @escaping FlashObserver) -> any ProgrammableTarget {
    TargetSession(probe: probe, options: options, observer: observer)
  }
}

/// A probe on USB: nothing of it has to be kept.
struct PluggedOpenedProbe: OpenedProbe {
  let probe: any USBDevice
  let isSimulated = false

  func finish() throws(CommandFailure) {}
}
