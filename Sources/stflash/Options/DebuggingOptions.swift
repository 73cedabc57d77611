import ArgumentParser
import Engine

/// How a debug server is reached, and what it does beside debugging.
struct DebuggingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The TCP port that GDB connects to; 0 takes any that is free. 3333 if nothing is said, or the next one that is free.",
      valueName: "port"))
  var port: UInt16?

  @Option(help: ArgumentHelp("The IPv4 address to listen on.", valueName: "address"))
  var listen = "127.0.0.1"

  @Flag(help: "Speak over standard input and output: target extended-remote | stflash gdb --stdio.")
  var stdio = false

  @Flag(help: "End when the first GDB has gone.")
  var once = false

  @Flag(help: ArgumentHelp("Say what st-util says when it listens.", visibility: .hidden))
  var asStUtil = false

  @Flag(help: "Leave semihosting calls unanswered: the first one stops the program.")
  var noSemihosting = false

  @Option(
    help: ArgumentHelp(
      "Let the program open, make and remove files below this directory by semihosting; none without it.",
      valueName: "directory"),
    completion: .directory)
  var semihostingDir: String?

  @Option(help: ArgumentHelp("What semihosting tells as the program's command line.", valueName: "text"))
  var args: String = ""

  func validate() throws {
    if stdio && port != nil { throw ValidationError("--stdio and --port exclude each other.") }
    if noSemihosting && (semihostingDir != nil || !args.isEmpty) {
      throw ValidationError("--no-semihosting leaves nothing for --semihosting-dir and --args.")
    }
  }
}

/// Which probe a debug server uses, and how it reaches the target.
struct DebugProbeOptions: ParsableArguments {
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

  /// The same for whatever works behind a probe; a port of the chip's bootloader is none of these.
  var choices: ProbeOptions {
    var options = ProbeOptions()
    options.serial = serial
    options.port = nil
    // Every option has to be named: one that is not even unset ends the program, which GDBCommandTests would see.
    options.dfu = false
    options.detach = false
    options.baud = nil
    options.bootSequence = nil
    options.freq = freq
    options.connect = connect
    options.wait = wait
    return options
  }
}
