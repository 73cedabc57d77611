import SimProbe

/// The simulator's fault catalogue.
struct FaultList: CommandResult {
  let faults: [SimulatedFault]

  let name = "faults"
  let isConfirmation = false

  var members: [JSONMember] {
    [JSONMember("faults", .array(faults.map { .object(FaultList.members($0)) }))]
  }

  private static func members(_ fault: SimulatedFault) -> [JSONMember] {
    var members = [
      JSONMember("name", .string(fault.name)), JSONMember("group", .string(fault.group.rawValue)),
      JSONMember("broken", .string(fault.broken)), JSONMember("visible", .string(fault.visible)),
      JSONMember("origin", .string(fault.origin)), JSONMember("likeness", .string(fault.likeness.rawValue)),
      JSONMember("canHappenLater", .boolean(fault.canHappen)), JSONMember("canEnd", .boolean(fault.canEnd)),
    ]
    if let parameter = fault.parameter { members.append(JSONMember("argument", json(parameter))) }
    if let parameter = fault.secondParameter { members.append(JSONMember("secondArgument", json(parameter))) }
    return members
  }

  private static func json(_ parameter: FaultParameter) -> JSONValue {
    .object([
      JSONMember("meaning", .string(parameter.name)), JSONMember("unit", .string(parameter.unit)),
      JSONMember("least", .integer(parameter.range.lowerBound)),
      JSONMember("most", .integer(parameter.range.upperBound)), JSONMember("usual", .integer(parameter.usual)),
    ])
  }

  var lines: [String] {
    FaultGroup.allCases.flatMap { group in
      ["\(group.rawValue):"] + faults.filter { $0.group == group }.flatMap(FaultList.lines)
    }
  }

  private static func lines(_ fault: SimulatedFault) -> [String] {
    let units = [fault.parameter, fault.secondParameter].compactMap(\.self)
      .map { $0.unit.isEmpty ? "number" : $0.unit }
    let argument =
      units.isEmpty ? "" : "[=\(units.joined(separator: "[/"))\(String(repeating: "]", count: units.count))"
    return ["  \(fault.name)\(argument)", "    \(fault.broken)"]
      + (fault.parameter.map { ["    argument: \($0.text)"] } ?? [])
      + (fault.secondParameter.map { ["    second argument: \($0.text)"] } ?? [])
      + ["    seen: \(fault.visible)", "    from: \(fault.origin)"]
  }
}
