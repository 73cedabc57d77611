/// The probes that are there.
struct ProbeList: CommandResult {
  let probes: [PluggedProbe]

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
          }))
    ]
  }

  var lines: [String] {
    if probes.isEmpty { return ["no probe is plugged in"] }
    let rows = probes.map { probe in
      [
        probe.location ?? "simulated", probe.usbID, probe.serial ?? "serial not readable", probe.name,
        probe.obstacle ?? "",
      ]
    }
    return Table(rows: rows).lines
  }
}
