import ProbeInterface
import ProbeServer

/// The probes that other programs can reach now.
struct ServedProbes: CommandResult {
  private let devices: [(name: String, serial: String?)]
  private let address: String
  private let port: UInt16

  let name = "serving"
  let isConfirmation = true

  /// Describes devices behind a port.
  init(_ devices: [ServedDevice], address: String, port: UInt16) {
    self.devices = devices.map { ($0.name, $0.serial?.text) }
    self.address = address
    self.port = port
  }

  var members: [JSONMember] {
    [
      JSONMember("address", .string(address)), JSONMember("port", .integer(Int(port))),
      JSONMember(
        "probes",
        .array(
          devices.map {
            .object([JSONMember("target", .string($0.name)), JSONMember("serial", .optional($0.serial))])
          })),
    ]
  }

  var lines: [String] {
    devices.map { "serving \($0.name), probe \($0.serial ?? "without a serial"), at \(address):\(port)" }
  }
}

/// What a client of the server did, told when it has gone.
struct ClientSummary: CommandResult {
  let client: Int
  let commandCount: Int

  let name = "client"
  let isConfirmation = true

  var members: [JSONMember] {
    [JSONMember("client", .integer(client)), JSONMember("commands", .integer(commandCount))]
  }

  var lines: [String] { ["client \(client) has gone after \(commandCount) commands"] }
}
