/// A part of a board of one's own, beside what the board that it is built from has, or in its place.
///
/// | Word | Value | Is |
/// |---|---|---|
/// | `crystal` | `25M`, `none` | the crystal at OSC_IN and OSC_OUT |
/// | `clock` | `8M` | a clock signal at OSC_IN |
/// | `crystal32` | `32768`, `none` | the crystal at OSC32_IN and OSC32_OUT |
/// | `pull` | `PA4=up`, `PB2=down` | a resistor at a pin |
/// | `led` | `D1=PC13`, `D1=PC13:low` | a light-emitting diode, lit while the pin is high, or low |
/// | `button` | `K1=PA0`, `K1=PE4:low` | a button with its resistor that makes the pin high, or low |
/// | `com` | `PA3,PA2` | where the probe's COM port is wired to: what the chip receives at, and transmits at |
/// | `nrst` | `wired`, `open` | whether the probe's NRST reaches the chip |
/// | `vbus` | `wired`, `open` | whether the bus voltage of the board's own USB reaches PA9 |
/// | `sdram` | `bank=2,rows=12,columns=8,banks=4,width=16` | SDRAM at FMC |
/// | `sram` | `select=2,size=2M,width=16` | SRAM at FSMC or FMC |
public struct BoardPart: Sendable, Equatable {
  /// What it is.
  enum Kind: Sendable, Equatable {
    case clock(ExternalClock)
    case lowSpeedClock(ExternalClock)
    case pull(BoardPull)
    case light(BoardLight)
    case button(BoardButton)
    case serialPort(SerialCable.Place)
    case resetWire(Bool)
    case busVoltageWire(Bool)
    case memory(ExternalMemoryModel)
  }

  let kind: Kind

  /// The words that begin a part.
  public static let words = [
    "crystal", "clock", "crystal32", "pull", "led", "button", "com", "nrst", "vbus", "sdram", "sram",
  ]

  /// A value that says no part.
  public struct Failure: Error, Sendable, Equatable {
    /// What is wrong, in a sentence.
    public let text: String
  }

  /// Reads a part.
  ///
  /// - Throws: `Failure` for a word that is none of `words`, or a value that its kind does not have.
  public init(_ word: String, _ value: String) throws(Failure) {
    let wanted: Kind? =
      switch word {
      case "crystal": BoardPart.crystal(value).map { .clock($0) }
      case "clock":
        BoardPart.frequency(value).flatMap { (1_000_000...50_000_000).contains($0) ? .clock(.driven($0)) : nil }
      case "crystal32":
        value == "32768" ? .lowSpeedClock(.crystal(32_768)) : value == "none" ? .lowSpeedClock(.none) : nil
      case "pull": BoardPart.pull(value).map { .pull($0) }
      case "led": BoardPart.named(value).map { .light(BoardLight($0.name, $0.pin, isLitHigh: $0.isHigh)) }
      case "button": BoardPart.named(value).map { .button(BoardButton($0.name, $0.pin, isHighWhenPressed: $0.isHigh)) }
      case "com": BoardPart.serialPort(value).map { .serialPort($0) }
      case "nrst": BoardPart.wire(value).map { .resetWire($0) }
      case "vbus": BoardPart.wire(value).map { .busVoltageWire($0) }
      case "sdram": BoardPart.dynamicMemory(value).map { .memory($0) }
      case "sram": BoardPart.fixedMemory(value).map { .memory($0) }
      default: nil
      }
    guard let wanted else {
      let example = BoardPart.examples[word].map { "; it is written \($0)" } ?? ""
      throw Failure(text: "\"\(word) \(value)\" says no part of a board\(example)")
    }
    kind = wanted
  }

  private static let examples = [
    "crystal": "\"crystal 25M\" (4M to 26M) or \"crystal none\"", "clock": "\"clock 8M\" (1M to 50M)",
    "crystal32": "\"crystal32 32768\" or \"crystal32 none\"", "pull": "\"pull PA4=up\" or \"pull PA4=down\"",
    "led": "\"led D1=PC13\" or \"led D1=PC13:low\"", "button": "\"button K1=PA0\" or \"button K1=PA0:low\"",
    "com": "\"com PA3,PA2\"", "nrst": "\"nrst wired\" or \"nrst open\"",
    "vbus": "\"vbus wired\" or \"vbus open\"",
    "sdram": "\"sdram bank=2,rows=12,columns=8,banks=4,width=16\"", "sram": "\"sram select=2,size=2M,width=16\"",
  ]

  private static func wire(_ text: String) -> Bool? {
    text == "wired" ? true : text == "open" ? false : nil
  }

  private static func crystal(_ text: String) -> ExternalClock? {
    if text == "none" { return ExternalClock.none }
    // What the oscillator takes (data sheets, "High-speed external user clock").
    return frequency(text).flatMap { (4_000_000...26_000_000).contains($0) ? .crystal($0) : nil }
  }

  private static func pull(_ text: String) -> BoardPull? {
    let sides = text.split(separator: "=")
    guard sides.count == 2, let pin = PinName(written: sides[0]), ["up", "down"].contains(sides[1]) else { return nil }
    return BoardPull(pin: pin, isHigh: sides[1] == "up")
  }

  /// "D1=PC13:low".
  private static func named(_ text: String) -> (name: String, pin: PinName, isHigh: Bool)? {
    let sides = text.split(separator: "=")
    guard sides.count == 2 else { return nil }
    let place = sides[1].split(separator: ":")
    guard (1...2).contains(place.count), let pin = PinName(written: place[0]) else { return nil }
    let level = place.count == 2 ? place[1] : "high"
    guard level == "high" || level == "low" else { return nil }
    return (String(sides[0]), pin, level == "high")
  }

  private static func serialPort(_ text: String) -> SerialCable.Place? {
    let pins = text.split(separator: ",").compactMap { PinName(written: $0) }
    guard pins.count == 2, text.split(separator: ",").count == 2 else { return nil }
    return .pins(receive: String(pins[0].description.dropFirst()), transmit: String(pins[1].description.dropFirst()))
  }

  private static func dynamicMemory(_ text: String) -> ExternalMemoryModel? {
    guard let values = numbers(text, ["bank", "rows", "columns", "banks", "width"]),
      (1...2).contains(values[0]), (11...13).contains(values[1]), (8...11).contains(values[2]),
      [2, 4].contains(values[3]), [8, 16, 32].contains(values[4])
    else { return nil }
    let kind = ExternalMemoryModel.Kind.dynamic(
      bank: Int(values[0]), rowBits: UInt32(values[1]), columnBits: UInt32(values[2]), bankBits: values[3] == 2 ? 1 : 2)
    return ExternalMemoryModel("SDRAM", kind, width: UInt32(values[4]))
  }

  private static func fixedMemory(_ text: String) -> ExternalMemoryModel? {
    guard let values = numbers(text, ["select", "size", "width"]), (1...4).contains(values[0]),
      (1024...64 << 20).contains(values[1]), values[1] & (values[1] - 1) == 0, [8, 16].contains(values[2])
    else { return nil }
    return ExternalMemoryModel(
      "SRAM", .fixed(select: Int(values[0]), byteCount: Int(values[1])), width: UInt32(values[2]))
  }

  /// The numbers of "bank=2,rows=12", each name once, in the order of the names.
  private static func numbers(_ text: String, _ names: [String]) -> [UInt64]? {
    var found: [String: UInt64] = [:]
    for pair in text.split(separator: ",") {
      let sides = pair.split(separator: "=").map(String.init)
      guard sides.count == 2, found[sides[0]] == nil, let value = number(sides[1]) else { return nil }
      found[sides[0]] = value
    }
    guard found.count == names.count else { return nil }
    let values = names.compactMap { found[$0] }
    return values.count == names.count ? values : nil
  }

  /// A frequency in hertz: "25M" is 25,000,000.
  private static func frequency(_ text: String) -> UInt64? { number(text, unit: 1000) }

  /// A size in bytes or a plain number: "2M" is 2 MiB.
  private static func number(_ text: String, unit: UInt64 = 1024) -> UInt64? {
    let units: [Character: UInt64] = ["k": unit, "K": unit, "M": unit * unit]
    guard let last = text.last, let factor = units[last] else { return UInt64(text) }
    return UInt64(text.dropLast()).flatMap { $0 <= 1 << 20 ? $0 * factor : nil }
  }
}

extension BoardPart {
  /// Why a chip cannot have the part; nil where it can.
  func problem(on chip: Chip) -> String? {
    let pins: [PinName]
    switch kind {
    case .clock, .lowSpeedClock, .resetWire, .busVoltageWire: return nil
    case .pull(let pull): pins = [pull.pin]
    case .light(let light): pins = [light.pin]
    case .button(let button): pins = [PinName(port: button.port, number: button.pin)]
    case .serialPort(.pins(let receive, let transmit)): pins = [PinName(receive[...]), PinName(transmit[...])]
    case .serialPort(.serialPort): return nil
    case .memory(let memory):
      guard let controller = chip.bus.external, controller.canReach(memory) else {
        return "\(chip.model.name) has no controller for \(memory.name)"
      }
      return nil
    }
    return pins.first { chip.port($0.port) == nil }.map { "\(chip.model.name) has no pin \($0)" }
  }
}
