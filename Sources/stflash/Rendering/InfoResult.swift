import Basics
import Engine

/// What is known of a chip and of what leads to it.
struct InfoResult: CommandResult {
  let link: any LinkFacts
  let target: TargetFacts
  /// What the core was doing when it was last looked at; nil where nobody could look.
  var core: CoreStatus?
  /// What its program was doing then.
  var program: ProgramLook?

  /// What is known of the chip over a link that does not show its core.
  var condition: String?

  let name = "info"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember(link.name, .object(link.members)), JSONMember("target", .object(target.members)),
      JSONMember("core", .optional(core?.description)), JSONMember("program", program?.value ?? .null),
    ]
  }

  var lines: [String] {
    let map = target.device.sectorMap
    let rows: [(String, String)] =
      link.rows + [
        (
          "target",
          (["\(target.device.name) (\(target.device.die.core.rawValue))"] + [target.revision].compactMap(\.self))
            .joined(separator: ", ")
        ),
        (
          "flash",
          "\(map.byteCount.byteSize), \(map.sectors.count) sectors in \(map.bankCount == 1 ? "one bank" : "two banks")"
        ),
        ("RAM", target.device.contiguousRAMByteCount.byteSize),
        ("protection", target.protectionLine),
        ("core", condition ?? program?.text ?? core?.description ?? "not known"),
      ]
    let options = target.optionLine.map { [("options", $0)] } ?? []
    let start =
      target.protection?.startsFromBank2 == true ? [("start", "from bank 2 where a program is (BFB2)")] : []
    return (rows + options + start).map { "\($0.0.padded(to: 11))\($0.1)" }
  }

  func completed(by statement: ClosingStatement) -> any CommandResult {
    var result = self
    result.core = statement.core
    result.condition = statement.condition
    result.program = statement.program
    return result
  }
}
