import Links

/// The probes and the serial adapters that are there.
struct ProbeList: CommandResult {
  let probes: [PluggedProbe]
  var ports: [SerialPortLister.Port] = []

  let name = "probes"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember(
        "probes",
        .array(
          probes.map { probe in
            .object([
              JSONMember("name", .string(probe.name)), JSONMember("usbID", .string(probe.usbID)),
              JSONMember("serial", .optional(probe.serial)), JSONMember("location", .optional(probe.location)),
              JSONMember("obstacle", .optional(probe.obstacle)), JSONMember("simulated", .boolean(probe.isSimulated)),
            ])
          })),
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
    if probes.isEmpty { return ["no probe is plugged in"] + portLines }
    let rows = probes.map { probe in
      [
        probe.location ?? "simulated", probe.usbID, probe.serial ?? "serial not readable", probe.name,
        probe.obstacle ?? "",
      ]
    }
    return Table(rows: rows).lines + portLines
  }
}
