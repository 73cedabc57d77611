import ArgumentParser
import Basics
import Engine

/// Which of a program's voices are listened to, and how.
struct ListeningOptions: ParsableArguments {
  @Flag(help: "Leave semihosting calls unanswered: the first one stops the program.")
  var noSemihosting = false

  @Option(
    help: ArgumentHelp(
      "Let the program open, make and remove files below this directory by semihosting; none without it.",
      valueName: "directory"),
    completion: .directory)
  var semihostingDir: String?

  @Flag(help: "Let the program read the files of --semihosting-dir and change none.")
  var semihostingReadOnly = false

  @Option(
    help: ArgumentHelp(
      "What semihosting tells as the time, in seconds since 1970, so that runs are alike; this computer's if nothing is "
        + "said.", valueName: "seconds"))
  var semihostingTime: UInt32?

  @Option(help: ArgumentHelp("What semihosting tells as the program's command line.", valueName: "text"))
  var args: String = ""

  @Option(
    help: ArgumentHelp(
      "Where RTT is: auto (by the file's symbol, else by a search of the RAM), search, an address, or off.",
      valueName: "place"),
    transform: RTTChoice.init(text:))
  var rtt = RTTChoice.auto

  @Option(
    help: ArgumentHelp(
      "What an RTT buffer does that is full: wait (nothing is lost; as before in the end), or keep (as the program has it). "
        + "wait for 'run', keep for 'attach'.", valueName: "mode"))
  var rttMode: RTTMode?

  @Option(
    help: ArgumentHelp(
      "Write the bytes of an RTT channel to a file as they come, and not as lines: 0=log.bin, 1=- for standard output, "
        + "such as for defmt-print; may be repeated.", valueName: "channel=file"),
    transform: RawOutputChoice.init(rttText:))
  var rttRaw: [RawOutputChoice] = []

  @Flag(help: "Listen to SWO, the ITM's stimulus ports: it takes the pin PB3 from the program.")
  var swo = false

  @Option(
    help: ArgumentHelp(
      "The rate of SWO, such as 500k; 2M if nothing is said, or the nearest that clock and probe allow.",
      valueName: "rate"),
    transform: ListeningOptions.hertz)
  var swoBaud: Int?

  @Option(
    help: ArgumentHelp(
      "The core's clock that the program sets, such as 168M, for SWO; else it is read from the chip.",
      valueName: "frequency"),
    transform: ListeningOptions.hertz)
  var swoClock: Int?

  @Flag(help: "Tell over SWO which exceptions are entered and left.")
  var swoExceptions = false

  @Flag(help: "Have the chip send over SWO when each thing was said, and show it.")
  var swoTimestamps = false

  @Flag(help: "Sample over SWO where the program is, and tell in the end where it was most.")
  var swoProfile = false

  @Option(help: ArgumentHelp("Write the bytes of SWO to a file as they come.", valueName: "file"), completion: .file())
  var swoRaw: String?

  @Option(
    help: ArgumentHelp(
      "The serial port that the program talks to: auto (the probe's COM port), a path, a port of the simulated chip (USART2), "
        + "or off.", valueName: "port"))
  var tty: String = "auto"

  @Option(
    help: ArgumentHelp("The baud rate of --tty, 8N1; 115200 if nothing is said.", valueName: "rate"),
    transform: Number.baudRate)
  var ttyBaud = 115_200

  @Option(
    help: ArgumentHelp(
      "Who gets what is typed: semihosting (when the program asks for it), rtt (channel 0), serial or none.",
      valueName: "voice"))
  var input = InputChoice.semihosting

  @Flag(help: "Print what the program says as it comes, without the voice's name in front.")
  var plain = false

  func validate() throws {
    if noSemihosting && (semihostingDir != nil || !args.isEmpty) {
      throw ValidationError("--no-semihosting leaves nothing for --semihosting-dir and --args.")
    }
    if semihostingReadOnly && semihostingDir == nil {
      throw ValidationError("--semihosting-read-only needs --semihosting-dir DIRECTORY.")
    }
    if rtt == .off && (!rttRaw.isEmpty || rttMode != nil || input == .rtt) {
      throw ValidationError("--rtt off leaves nothing for the other options of RTT.")
    }
    if !swo && (swoBaud != nil || swoClock != nil || swoExceptions || swoProfile || swoTimestamps || swoRaw != nil) {
      throw ValidationError("The --swo-... options need --swo.")
    }
    if tty == "off" && input == .serial { throw ValidationError("--tty off leaves nobody for --input serial.") }
    if rttRaw.count != Set(rttRaw.map(\.channel)).count {
      throw ValidationError("--rtt-raw names a channel twice.")
    }
  }

  /// The files that the options name.
  var fileUses: [FileUse] {
    rttRaw.map { FileUse("--rtt-raw", $0.path, .writes) } + (swoRaw.map { [FileUse("--swo-raw", $0, .writes)] } ?? [])
  }

  /// How SWO is listened to; nil for not at all.
  var swoOptions: SWOOptions? {
    guard swo else { return nil }
    return SWOOptions(
      baud: swoBaud ?? 2_000_000, clockHertz: swoClock, tracesExceptions: swoExceptions,
      samplesProgramCounter: swoProfile, hasTimestamps: swoTimestamps)
  }

  /// A rate or a clock: "2M", "500k" and "168m" as st-trace takes them, and a bare number in baud or hertz.
  private static func hertz(_ text: String) throws -> Int {
    if let number = Int(text), number > 0 { return number }
    return try Frequency.kilohertz(text.uppercased()) * 1000
  }
}

/// Where an RTT control block is looked for.
enum RTTChoice: Equatable {
  /// By the file's symbol, else anywhere.
  case auto
  /// Anywhere in the RAM.
  case search
  /// At an address.
  case address(UInt32)
  /// Nowhere.
  case off

  init(text: String) throws {
    switch text {
    case "auto": self = .auto
    case "search": self = .search
    case "off": self = .off
    default: self = .address(try Number.address(text))
    }
  }
}

/// What an RTT buffer does that is full.
enum RTTMode: String, ExpressibleByArgument, CaseIterable {
  case wait
  case keep
}

/// Who gets what is typed.
enum InputChoice: String, ExpressibleByArgument, CaseIterable {
  case semihosting
  case rtt
  case serial
  case none

  /// The same for the engine.
  var taker: RunOptions.InputTaker {
    switch self {
    case .semihosting: .semihosting
    case .rtt: .rtt
    case .serial: .serial
    case .none: .none
    }
  }
}

/// A voice whose bytes go to a file.
struct RawOutputChoice: Equatable {
  /// The RTT channel.
  let channel: Int
  /// The file.
  let path: String

  init(rttText text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let channel = Int(parts[0]), (0..<255).contains(channel), !parts[1].isEmpty else {
      throw ValidationError("\"\(text)\" is not CHANNEL=FILE, such as 0=log.bin.")
    }
    self.channel = channel
    path = parts[1]
  }
}
