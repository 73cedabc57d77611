import Engine
import Failures
import LinkInterface
import Links

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

  func openSerialPort(_ name: String?, _ context: CommandContext) throws(CommandFailure) -> (any SerialLine)? {
    if let name { return try context.bus.openPort(name) }
    guard let port = context.bus.comPort(of: probe.identity.location) else { return nil }
    do throws(CommandFailure) {
      return try context.bus.openPort(port.path)
    } catch {
      // Nobody has named it, and the program may have another voice.
      context.reporter.report(.warning("the probe's COM port is not listened to: \(error.report.summary)"))
      return nil
    }
  }

  func finish() throws(CommandFailure) {}
}
