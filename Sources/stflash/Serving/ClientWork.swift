import Basics
import Engine
import SimProbe

/// What a program had a simulated probe and its target do, or a target at a serial port of its own.
struct ClientWork {
  /// The simulated board or chip.
  let target: String
  /// The commands that the probe took.
  private(set) var commandCount = 0
  /// Those that failed, on the cable or by their status.
  private(set) var failureCount = 0
  /// The last one that failed.
  private(set) var lastFailure: String?
  /// What went over the serial port that the program was given, by the port's name; nil for a probe.
  var serial: (port: String, traffic: SerialCable.Traffic)?
  /// What the flash did meanwhile.
  var flash = FlashWork()
  private var start: Duration?
  private var end: Duration?

  /// Nothing yet.
  init(target: String) {
    self.target = target
  }

  /// The target's time from the first to the last command, or character.
  var duration: Duration {
    if let span = serial?.traffic.span { return .nanoseconds(Int64(clamping: span.upperBound - span.lowerBound)) }
    guard let start, let end else { return .zero }
    return end - start
  }

  /// Adds a command.
  mutating func add(_ operation: DecodedOperation) {
    commandCount += 1
    start = start ?? operation.start
    end = operation.end ?? end
    if operation.problem != nil || (operation.status ?? .ok) != .ok {
      failureCount += 1
      lastFailure = operation.text
    }
  }

  /// The work in one line.
  var line: String {
    var parts = ["\(commandCount.of("command")) in \(duration.inWords)"]
    if let (port, traffic) = serial {
      let (sent, received) = (traffic.sentCount.of("character"), traffic.receivedCount.grouped)
      parts = ["\(sent) to \(port) and \(received) back in \(duration.inWords)"]
    }
    if flash.erasedSectorCount > 0 { parts.append("erased \(flash.erasedSectorCount.of("sector"))") }
    if flash.programmedByteCount > 0 { parts.append("programmed \(flash.programmedByteCount.byteSize)") }
    if flash.optionChangeCount > 0 { parts.append("changed the option bytes \(flash.optionChangeCount.of("time"))") }
    if let lastFailure { parts.append("\(failureCount.grouped) failed, the last was \(lastFailure)") }
    return "\(target): " + parts.joined(separator: ", ")
  }

  /// The work as members of a JSON object.
  var members: [JSONMember] {
    [
      JSONMember("target", .string(target)), JSONMember("commands", .integer(commandCount)),
      JSONMember("seconds", .seconds(duration)), JSONMember("failed", .integer(failureCount)),
      JSONMember("lastFailure", .optional(lastFailure)), JSONMember("erasedSectors", .integer(flash.erasedSectorCount)),
      JSONMember("programmedBytes", .integer(flash.programmedByteCount)),
      JSONMember("optionChanges", .integer(flash.optionChangeCount)),
      JSONMember("port", .optional(serial?.port)),
      JSONMember("sentCharacters", .optional(serial?.traffic.sentCount)),
      JSONMember("receivedCharacters", .optional(serial?.traffic.receivedCount)),
    ]
  }
}
