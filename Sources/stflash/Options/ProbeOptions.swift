import ArgumentParser
import Engine

/// Which probe, and how to reach the target with it.
struct ProbeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The probe: any part of its serial, or its USB path as 'stflash list' shows it.", valueName: "serial"))
  var serial: String?

  @Option(
    help: ArgumentHelp(
      "The SWD clock, such as 1800k or 4M; the fastest that the probe makes and that is not above it.",
      valueName: "frequency"),
    transform: Frequency.kilohertz)
  var freq: Int?

  @Flag(help: "How to reach the target.")
  var connect: ConnectMode?

  @Option(
    help: ArgumentHelp(
      "Wait so long for a target that does not answer yet, such as 10s: switch the board on, or hold its reset button and "
        + "let go.", valueName: "time"),
    transform: SimulatedTime.duration)
  var wait: Duration?

  /// The clock for the engine.
  var clock: ClockChoice { freq.map { .atMost(kHz: $0) } ?? .standard }
}

/// The ways to reach a target, each a flag.
enum ConnectMode: EnumerableFlag {
  case connectUnderReset
  case hotPlug
  case connectNormal

  static func name(for value: ConnectMode) -> NameSpecification {
    switch value {
    case .connectUnderReset: .customLong("connect-under-reset")
    case .hotPlug: .customLong("hot-plug")
    case .connectNormal: .customLong("connect-normal")
    }
  }

  static func help(for value: ConnectMode) -> ArgumentHelp? {
    switch value {
    case .connectUnderReset: "Connect while NRST is low, for firmware that sleeps or turns SWD off."
    case .hotPlug: "Connect without touching the target."
    case .connectNormal: "Connect to the target as it runs, and not under reset if that fails."
    }
  }

  /// The engine's word for it.
  var attachMode: AttachMode {
    switch self {
    case .connectUnderReset: .underReset
    case .hotPlug: .hotPlug
    case .connectNormal: .normal
    }
  }
}
