import Basics
import SimProbe

/// What a simulated chip did when it ran on after the command.
struct FirmwareRun: CommandResult {
  /// What tells the chip from others; nil where there is only one.
  let target: String?
  /// How long it ran, in simulated time.
  let duration: Duration
  /// What the core is doing.
  let state: SimulatedCoreState
  /// The address of the next instruction.
  let programCounter: UInt32
  /// HCLK.
  let hertz: UInt64
  /// The pins that the firmware drives.
  let pins: [SimulatedPin]

  let name = "firmware"
  let isConfirmation = false

  var lines: [String] {
    let head = target.map { "\($0): " } ?? ""
    return ["\(head)after \(duration.inWords) the core is \(state.rawValue)\(place)\(clock)\(pinSentence)"]
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .optional(target)), JSONMember("seconds", .seconds(duration)),
      JSONMember("core", .string(state.rawValue)),
      JSONMember("programCounter", .integer(Int(programCounter))), JSONMember("coreHertz", .integer(Int(hertz))),
      JSONMember(
        "pins",
        .array(
          pins.map { pin in
            .object([
              JSONMember("name", .string(pin.name)), JSONMember("high", .boolean(pin.isHigh)),
              JSONMember("changes", .integer(pin.changeCount)),
            ])
          })),
    ]
  }

  private var place: String {
    switch state {
    case .inReset, .unpowered: ""
    default: " at \(programCounter.hexadecimal)"
    }
  }

  private var clock: String {
    switch state {
    case .running, .sleeping: ", \(megahertz) MHz"
    default: ""
    }
  }

  private var megahertz: String {
    let kilohertz = Int(hertz / 1000)
    return kilohertz % 1000 == 0 ? "\(kilohertz / 1000)" : Duration.milliseconds(kilohertz).decimalSeconds(places: 3)
  }

  private var pinSentence: String {
    let changing = pins.filter { $0.changeCount > 0 }
    guard !changing.isEmpty else { return "" }
    let list = changing.map { pin in
      "\(pin.name) has changed \(pin.changeCount == 1 ? "once" : "\(pin.changeCount.grouped) times")"
    }
    return "; " + list.joined(separator: ", ")
  }
}
