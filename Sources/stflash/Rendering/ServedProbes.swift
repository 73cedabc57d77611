import LinkInterface
import LinkServer

/// The probes that other programs can reach now.
struct ServedProbes: CommandResult {
  private let devices: [NamedProbe]
  private let address: String
  private let port: UInt16
  private let protocolName: String

  let name = "serving"
  let isConfirmation = true

  /// Describes devices behind a port.
  init(_ devices: [ServedDevice], address: String, port: UInt16, as spoken: NetworkServer.SpokenProtocol) {
    self.devices = devices.map(NamedProbe.init)
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
      devices.member,
    ]
  }

  var lines: [String] {
    devices.map {
      "serving \($0.name), \($0.kind) \($0.serial ?? "without a serial"), by \(protocolName) at \(address):\(port)"
    }
  }
}

/// The probes that this machine's kernel has as USB devices now.
struct AttachedProbes: CommandResult {
  private let devices: [NamedProbe]

  let name = "attached"
  let isConfirmation = true

  /// Describes devices.
  init(_ devices: [ServedDevice]) {
    self.devices = devices.map(NamedProbe.init)
  }

  var members: [JSONMember] {
    [devices.member]
  }

  var lines: [String] {
    devices.map { "attached \($0.name), \($0.kind) \($0.serial ?? "without a serial"); Ctrl-C unplugs it" }
  }
}

/// A probe as other programs know it.
private struct NamedProbe {
  let name: String
  let kind: String
  let serial: String?

  init(_ device: ServedDevice) {
    name = device.name
    kind = device.kind
    serial = device.serial?.text
  }
}

extension [NamedProbe] {
  fileprivate var member: JSONMember {
    JSONMember(
      "probes",
      .array(
        map {
          .object([
            JSONMember("target", .string($0.name)), JSONMember("kind", .string($0.kind)),
            JSONMember("serial", .optional($0.serial)),
          ])
        }))
  }
}
