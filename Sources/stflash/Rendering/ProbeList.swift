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
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
