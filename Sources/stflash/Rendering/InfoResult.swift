import Basics
import Engine

/// What is known of a probe and the chip behind it.
struct InfoResult: CommandResult {
  let probe: ProbeFacts
  let target: TargetFacts
  /// What the core was doing when it was last looked at; nil where nobody could look.
  var core: CoreStatus?
  /// What its program was doing then.
  var program: ProgramLook?

  let name = "info"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember("probe", .object(probe.members)), JSONMember("target", .object(target.members)),
      JSONMember("core", .optional(core?.description)), JSONMember("program", program?.value ?? .null),
    ]
  }

  var lines: [String] {
    let map = target.device.sectorMap
    let rows: [(String, String)] =
      [
        ("probe", "\(probe.isSimulated ? "simulated " : "")\(probe.name)"),
        ("firmware", probe.firmware),
        ("serial", probe.serial ?? "not told"),
        ("location", probe.location ?? (probe.isSimulated ? "simulated" : "not known")),
        ("clock", probe.clockKHz.map { $0.frequency } ?? "not told"),
        ("voltage", probe.millivolts.map(\.volts) ?? "not measured"),
        ("target", "\(target.device.name) (\(target.device.die.core.rawValue)), \(target.revision)"),
        (
          "flash",
          "\(map.byteCount.byteSize), \(map.sectors.count) sectors in \(map.bankCount == 1 ? "one bank" : "two banks")"
        ),
        ("RAM", target.device.contiguousRAMByteCount.byteSize),
        ("protection", target.protectionLine),
        ("core", program?.text ?? core?.description ?? "not known"),
      ]
    let options = target.optionLine.map { [("options", $0)] } ?? []
    let start =
      target.protection?.startsFromBank2 == true ? [("start", "from bank 2 where a program is (BFB2)")] : []
    return (rows + options + start).map { "\($0.0.padded(to: 11))\($0.1)" }
  }

  func completed(by statement: ClosingStatement) -> any CommandResult {
    var result = self
    result.core = statement.core
    result.program = statement.program
    return result
  }
}
