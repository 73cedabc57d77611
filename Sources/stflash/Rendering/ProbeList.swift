import Links

/// The probes, the bootloaders on USB and the serial adapters that are there.
struct ProbeList: CommandResult {
  let probes: [PluggedProbe]
  var dfuDevices: [PluggedProbe] = []
  var ports: [SerialPortLister.Port] = []

  let name = "probes"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember("probes", .array(probes.map(ProbeList.object))),
      JSONMember("dfuDevices", .array(dfuDevices.map(ProbeList.object))),
      JSONMember(
        "ports",
        .array(
          ports.map { port in
            .object([JSONMember("port", .string(port.path)), JSONMember("adapter", .optional(port.product))])
          })),
    ]
  }

  var lines: [String] {
    let portLines = ports.map { "\($0.path)  \($0.product ?? "serial port")" }
    let devices = probes + dfuDevices
    let rows = devices.map { probe in
      [
        probe.location ?? "simulated", probe.usbID, probe.serial ?? "serial not readable", probe.name,
        probe.obstacle ?? "",
      ]
    }
    return (probes.isEmpty ? ["no probe is plugged in"] : []) + Table(rows: rows).lines + portLines
  }

  private static func object(_ probe: PluggedProbe) -> JSONValue {
    .object([
      JSONMember("name", .string(probe.name)), JSONMember("usbID", .string(probe.usbID)),
      JSONMember("serial", .optional(probe.serial)), JSONMember("location", .optional(probe.location)),
      JSONMember("obstacle", .optional(probe.obstacle)), JSONMember("simulated", .boolean(probe.isSimulated)),
    ])
  }
}
