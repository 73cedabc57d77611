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
  /// The fault that the program is in; nil for none.
  let fault: SimulatedProgramFault?
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
    return ["\(head)after \(duration.inWords) the core is \(condition)\(place)\(clock)\(faultSentence)\(pinSentence)"]
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .optional(target)), JSONMember("seconds", .seconds(duration)),
      JSONMember("core", .string(state.rawValue)),
      JSONMember("fault", fault?.json ?? .null),
      JSONMember("programCounter", .integer(Int(programCounter))), JSONMember("coreHertz", .integer(Int(hertz))),
      JSONMember(
        "pins",
        .array(
          pins.map { pin in
            .object([
              JSONMember("name", .string(pin.name)), JSONMember("high", .boolean(pin.isHigh)),
              JSONMember("changes", .integer(pin.changeCount)), JSONMember("led", .optional(pin.light)),
              JSONMember("lit", pin.light == nil ? .null : .boolean(pin.isLit)),
            ])
          })),
    ]
  }

  private var condition: String {
    guard state == .faulted, let handler = fault?.handler else { return state.rawValue }
    return "in \(handler)"
  }

  private var faultSentence: String { fault.map { ": \($0.sentence)" } ?? "" }

  private var place: String {
    switch state {
    case .inReset, .unpowered: ""
    default: " at \(programCounter.hexadecimal)"
    }
  }

  private var clock: String {
    switch state {
    case .running, .faulted, .sleeping: ", \(Int(hertz / 1000).frequency)"
    default: ""
    }
  }

  private var pinSentence: String {
    let changing = pins.filter { $0.changeCount > 0 }
    guard !changing.isEmpty else { return "" }
    let list = changing.map { pin in
      "\(pin.light.map { "\($0) (\(pin.name))" } ?? pin.name) has changed \(pin.changeCount == 1 ? "once" : "\(pin.changeCount.grouped) times")"
    }
    return "; " + list.joined(separator: ", ")
  }
}

extension SimulatedProgramFault {
  /// Flags, address and origin: "PRECISERR FORCED at 0x6000_0000, from 0x0800_0124".
  fileprivate var sentence: String {
    let place = address.map { " at \($0.hexadecimal)" } ?? ""
    let names = flags.isEmpty ? "no fault flag is set" : flags.joined(separator: " ")
    return "\(names)\(place), from \(programCounter.hexadecimal)"
  }

  fileprivate var json: JSONValue {
    .object([
      JSONMember("handler", .optional(handler)), JSONMember("cfsr", .integer(Int(configurableStatus))),
      JSONMember("hfsr", .integer(Int(hardStatus))), JSONMember("flags", .array(flags.map { .string($0) })),
      JSONMember("address", address.map { .integer(Int($0)) } ?? .null),
      JSONMember("programCounter", .integer(Int(programCounter))),
    ])
  }
}
