import Basics
import SimProbe

/// Everything that can be simulated.
struct SimulatorCatalogue: CommandResult {
  let boards: [SimulatedBoard]
  let chips: [SimulatedChip]
  /// Chips of other families, by name and by what is printed on them.
  let foreign: [(name: String, product: String)]

  let name = "simulator"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember(
        "boards",
        .array(
          boards.map { board in
            .object([
              JSONMember("name", .string(board.name)), JSONMember("product", .string(board.product)),
              JSONMember("chip", .string(board.chip)), JSONMember("probe", .string(board.probeProfile)),
            ])
          })),
      JSONMember(
        "chips",
        .array(
          chips.map { chip in
            .object([
              JSONMember("name", .string(chip.name)), JSONMember("names", .strings(chip.names)),
              JSONMember("family", .string(chip.family)), JSONMember("core", .string(chip.core)),
              JSONMember("flashBytes", .integer(chip.flashKilobytes * 1024)),
              JSONMember("ramBytes", .integer(chip.ramKilobytes * 1024)),
            ])
          })),
      JSONMember(
        "foreign",
        .array(
          foreign.map {
            .object([JSONMember("name", .string($0.name)), JSONMember("product", .string($0.product))])
          })),
    ]
  }

  var lines: [String] {
    ["boards:"]
      + SimulatorCatalogue.columns(boards.map { [$0.name, $0.chip, $0.probeProfile, $0.product] })
      + ["chips:"]
      + SimulatorCatalogue.columns(
        chips.map {
          [
            $0.name, $0.core, ($0.flashKilobytes * 1024).byteSize, "\(($0.ramKilobytes * 1024).byteSize) RAM",
            others($0),
          ]
        })
      + ["chips of other families, to be recognised and refused:"]
      + SimulatorCatalogue.columns(foreign.map { [$0.name, $0.product] })
  }

  private func others(_ chip: SimulatedChip) -> String {
    let others = chip.names.filter { $0 != chip.name }
    return others.isEmpty ? "" : "also \(others.joined(separator: ", "))"
  }

  private static func columns(_ rows: [[String]]) -> [String] { Table(rows: rows).lines.map { "  \($0)" } }
}
