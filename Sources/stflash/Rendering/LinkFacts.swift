import Basics
import Engine
import LinkInterface

/// What `info` and the messages say of what leads to a chip.
protocol LinkFacts {
  /// The name of the JSON event, and of the member of `info`.
  var name: String { get }
  /// What stands before the line.
  var title: String { get }
  /// The facts as members of a JSON object.
  var members: [JSONMember] { get }
  /// The facts in one line.
  var line: String { get }
  /// The facts with their titles, as `info` lists them.
  var rows: [(String, String)] { get }
}

extension TargetLink {
  /// What is said of it.
  func facts(isSimulated: Bool) -> any LinkFacts {
    switch self {
    case .probe(let description): ProbeFacts(description, isSimulated: isSimulated)
    case .bootloader(let description): BootloaderFacts(description: description, isSimulated: isSimulated)
    case .dfu(let description): DFUFacts(description: description, isSimulated: isSimulated)
    }
  }
}

/// What `info` and the messages say of a chip's bootloader.
struct BootloaderFacts: LinkFacts {
  let description: BootloaderDescription
  let isSimulated: Bool
  let name = "bootloader"
  let title = "port"

  var members: [JSONMember] {
    [
      JSONMember("port", .string(description.port.name)),
      JSONMember("adapter", .optional(description.port.product)),
      JSONMember("baudRate", .integer(description.settings.baudRate)),
      JSONMember("protocol", .string(description.protocolName)),
      JSONMember("identifier", description.identifier.map { .integer(Int($0)) } ?? .null),
      JSONMember("uniqueID", .optional(uniqueID)),
      JSONMember("simulated", .boolean(isSimulated)),
    ]
  }

  var line: String {
    "\(description.port.name), \(description.settings.name), ROM bootloader \(version)"
  }

  var rows: [(String, String)] {
    [
      ("port", description.port.name),
      ("adapter", description.port.product ?? "not told"),
      ("line", description.settings.name),
      ("bootloader", version),
      ("unique id", uniqueID ?? "not readable"),
    ]
  }

  private var version: String {
    "protocol \(description.protocolName)"
      + (description.identifier.map { ", identifier \(Hexadecimal.byte($0))" } ?? "")
  }

  private var uniqueID: String? { description.uniqueID.map { Hexadecimal.text($0) } }
}
