import Basics
import Engine
import LinkInterface

/// What `info` and the messages say of an open probe.
struct ProbeFacts: LinkFacts, Equatable {
  let name = "probe"
  let title = "probe"

  /// The product's name.
  var product: String
  /// The firmware's version.
  var firmware: String
  /// The serial number; nil where the probe tells none.
  var serial: String?
  /// Where it is plugged in; nil for a simulated probe.
  var location: String?
  /// The SWD clock in kHz; nil where the probe cannot say.
  var clockKHz: Int?
  /// The voltage at the target's reference pin in millivolts; nil where the probe cannot measure it.
  var millivolts: Int?
  /// Whether it is a simulated one.
  var isSimulated: Bool

  /// Takes over what the engine found.
  init(_ description: ProbeDescription, isSimulated: Bool) {
    product = description.product.name
    firmware = description.firmware.description
    serial = description.serial?.text
    location = isSimulated ? nil : description.location.path
    clockKHz = description.clock.actualKHz
    millivolts = description.targetMillivolts
    self.isSimulated = isSimulated
  }

  /// The facts as members of a JSON object.
  var members: [JSONMember] {
    [
      JSONMember("name", .string(product)),
      JSONMember("firmware", .string(firmware)),
      JSONMember("serial", .optional(serial)),
      JSONMember("location", .optional(location)),
      JSONMember("clockKHz", .optional(clockKHz)),
      JSONMember("millivolts", .optional(millivolts)),
      JSONMember("simulated", .boolean(isSimulated)),
    ]
  }

  /// The probe in one line.
  var line: String {
    var parts = ["\(isSimulated ? "simulated " : "")\(product) \(firmware)"]
    if let serial { parts.append("serial \(serial)") }
    if let location { parts.append("at \(location)") }
    if let clockKHz { parts.append("SWD at \(clockKHz.frequency)") }
    if let millivolts { parts.append("target at \(millivolts.volts)") }
    return parts.joined(separator: ", ")
  }

  var rows: [(String, String)] {
    [
      ("probe", "\(isSimulated ? "simulated " : "")\(product)"),
      ("firmware", firmware),
      ("serial", serial ?? "not told"),
      ("location", location ?? (isSimulated ? "simulated" : "not known")),
      ("clock", clockKHz.map { $0.frequency } ?? "not told"),
      ("voltage", millivolts.map(\.volts) ?? "not measured"),
    ]
  }
}
