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
      JSONMember("canHappenLater", .boolean(fault.canHappen)),
    ]
    if let parameter = fault.parameter {
      members.append(
        JSONMember(
          "argument",
          .object([
            JSONMember("meaning", .string(parameter.name)), JSONMember("unit", .string(parameter.unit)),
            JSONMember("least", .integer(parameter.range.lowerBound)),
            JSONMember("most", .integer(parameter.range.upperBound)), JSONMember("usual", .integer(parameter.usual)),
          ])))
    }
    return members
  }

  var lines: [String] {
    FaultGroup.allCases.flatMap { group in
      ["\(group.rawValue):"] + faults.filter { $0.group == group }.flatMap(FaultList.lines)
    }
  }

  private static func lines(_ fault: SimulatedFault) -> [String] {
    let argument = fault.parameter.map { "[=\($0.unit.isEmpty ? "number" : $0.unit)]" } ?? ""
    return ["  \(fault.name)\(argument)", "    \(fault.broken)"]
      + (fault.parameter.map { ["    argument: \($0.text)"] } ?? [])
      + ["    seen: \(fault.visible)", "    from: \(fault.origin)"]
  }
}
