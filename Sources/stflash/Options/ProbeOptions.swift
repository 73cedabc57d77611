import ArgumentParser
import Engine

/// Which probe or port, and how to reach the target by it.
struct ProbeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The probe: any part of its serial, or its USB path as 'stflash list' shows it.", valueName: "serial"))
  var serial: String?

  @Option(
    help: ArgumentHelp(
      "A serial port in place of a probe: the chip's ROM bootloader does the work (docs/bootloaders.md); \"sim\" is that "
        + "of the simulated chip.", valueName: "path"),
    completion: .file())
  var port: String?

  @Flag(
    help: ArgumentHelp(
      "The chip's ROM bootloader on USB in place of a probe (docs/bootloaders.md); --serial says which where there are "
        + "several."))
  var dfu = false

  @Flag(
    help: ArgumentHelp(
      "With --dfu: first ask the running program for its bootloader, where it has a DFU interface; --serial says which."
    ))
  var detach = false

  @Option(
    help: ArgumentHelp("The baud rate of the port; 115200 if nothing is said.", valueName: "rate"),
    transform: Number.baudRate)
  var baud: Int?

  @Option(
    help: ArgumentHelp(
      "How the port's RTS and DTR, or GPIO of this computer, bring the chip into its bootloader and out of it: rts-boot0, "
        + "dtr-boot0, these with -inverted, or steps as stm32flash -i takes them (-rts&dtr,-dtr:rts&dtr,-dtr; "
        + "23&-24,24:-23&-24,24 for GPIO 23 at BOOT0 and 24 at NRST).", valueName: "steps"),
    completion: .list(BootSequence.presets.map(\.key)), transform: BootSequence.named)
  var bootSequence: BootSequence?

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

  /// What makes no sense with a port, or without one.
  func validate() throws {
    if port != nil, dfu { throw ValidationError("--port and --dfu exclude each other.") }
    if detach, !dfu { throw ValidationError("--detach needs --dfu.") }
    guard port != nil || dfu else { return }
    if port != nil, serial != nil { throw ValidationError("--serial is for USB, and --port names what is meant.") }
    if freq != nil {
      throw ValidationError("--freq is for a probe, and \(port == nil ? "--dfu" : "--port") takes none.")
    }
    if connect != nil { throw ValidationError("A bootloader is not connected to under reset or by a hot plug.") }
  }

  /// The clock for the engine.
  var clock: ClockChoice { freq.map { .atMost(kHz: $0) } ?? .standard }
}

extension BootSequence {
  /// The sequence that an argument names.
  fileprivate static func named(_ text: String) throws -> BootSequence {
    guard let sequence = BootSequence(text) else {
      let names = presets.map(\.key).joined(separator: ", ")
      throw ValidationError(
        "\"\(text)\" is neither of \(names), nor steps such as -rts&dtr,-dtr:rts&dtr,-dtr or 23&-24,24:-23&-24,24.")
    }
    return sequence
  }
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
