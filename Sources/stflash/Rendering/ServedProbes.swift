import ProbeInterface
import ProbeServer

/// The probes that other programs can reach now.
struct ServedProbes: CommandResult {
  private let devices: [(name: String, serial: String?)]
  private let address: String
  private let port: UInt16
  private let protocolName: String

  let name = "serving"
  let isConfirmation = true

  /// Describes devices behind a port.
  init(_ devices: [ServedDevice], address: String, port: UInt16, as spoken: NetworkServer.SpokenProtocol) {
    self.devices = devices.map { ($0.name, $0.serial?.text) }
    self.address = address
    self.port = port
    protocolName =
      switch spoken {
      case .stlinkServer: "stlink-server"
      case .usbip: "usbip"
      }
  }

  var members: [JSONMember] {
    [
      JSONMember("address", .string(address)), JSONMember("port", .integer(Int(port))),
      JSONMember("protocol", .string(protocolName)),
      JSONMember(
        "probes",
        .array(
          devices.map {
            .object([JSONMember("target", .string($0.name)), JSONMember("serial", .optional($0.serial))])
          })),
    ]
  }

  var lines: [String] {
    devices.map {
      "serving \($0.name), probe \($0.serial ?? "without a serial"), by \(protocolName) at \(address):\(port)"
    }
  }
}

/// The probes that this machine's kernel has as USB devices now.
struct AttachedProbes: CommandResult {
  private let devices: [(name: String, serial: String?)]

  let name = "attached"
  let isConfirmation = true

  /// Describes devices.
  init(_ devices: [ServedDevice]) {
    self.devices = devices.map { ($0.name, $0.serial?.text) }
  }

  var members: [JSONMember] {
    [
      JSONMember(
        "probes",
        .array(
          devices.map {
            .object([JSONMember("target", .string($0.name)), JSONMember("serial", .optional($0.serial))])
          }))
    ]
  }

  var lines: [String] {
    devices.map { "attached \($0.name), probe \($0.serial ?? "without a serial"); Ctrl-C unplugs it" }
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
