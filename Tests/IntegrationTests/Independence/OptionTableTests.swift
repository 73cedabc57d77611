import Basics
import TestSupport
import Testing

@testable import Engine
@testable import SimProbe

/// The option bytes of every die, as the engine names them and as the simulator stores them, against a third transcription.
@Suite struct OptionTableTests {
  private func rows(of die: Die) throws -> [ReferenceRow] {
    try ReferenceTable("options").rows.filter { $0.number("dev_id") == UInt32(die.deviceID) }
  }

  private typealias Die = Engine.Die

  @Test func `the engine knows the fields of every die and no others`() throws {
    for die in Engine.ChipCatalogue.dies {
      let rows = try rows(of: die)
      let fields = OptionLayout(die: die, flashByteCount: 1 << 20).fields
      #expect(fields.map(\.name).sorted() == rows.map { $0["field"] }.sorted(), "\(die.name)")
      for row in rows {
        let field = try #require(fields.first { $0.name == row["field"] })
        #expect(field.register.rawValue == row["register"], "\(row)")
        #expect(field.bits.lowerBound == row.number("low") && field.bits.upperBound == row.number("high"), "\(row)")
      }
    }
  }

  @Test func `what the engine calls the factory's is what the reference has, and what a simulated part holds`() throws {
    for die in Engine.ChipCatalogue.dies {
      let layout = OptionLayout(die: die, flashByteCount: 1 << 20)
      let blank = Engine.OptionBytes(
        layout, control: FlashOptionControl(rawValue: .max), control1: FlashOptionControl1(rawValue: .max))
      for row in try rows(of: die) {
        let field = try #require(layout.fields.first { $0.name == row["field"] })
        #expect(blank.factory[field] == row.number("factory"), "\(row)")
      }
      let other = try #require(SimProbe.ChipCatalogue.variants.first { $0.die.deviceID == UInt32(die.deviceID) }).die
      let part = SimProbe.OptionBytes.factory(other)
      let loaded = Engine.OptionBytes(
        layout, control: FlashOptionControl(rawValue: part.optionControl(other)),
        control1: FlashOptionControl1(rawValue: part.optionControl1()))
      #expect(loaded == blank.factory, "\(die.name): \(loaded)")
    }
  }

  @Test func `every bit pattern is taken apart and put together again`() throws {
    var generator = SystemRandomNumberGenerator()
    for die in Engine.ChipCatalogue.dies {
      let layout = OptionLayout(die: die, flashByteCount: 1 << 20)
      for _ in 0..<50 {
        let word = UInt32.random(in: 0...UInt32.max, using: &generator)
        let options = Engine.OptionBytes(
          layout, control: FlashOptionControl(rawValue: word), control1: FlashOptionControl1(rawValue: ~word))
        var copy = options
        for row in try rows(of: die) {
          let field = try #require(layout.fields.first { $0.name == row["field"] })
          let (low, high) = (try #require(row.number("low")), try #require(row.number("high")))
          let bits = (row["register"] == "OPTCR" ? word : ~word) >> low & (1 << (high - low + 1) - 1)
          #expect(options[field] == bits, "\(row) of \(word.hexadecimal)")
          copy[field] = ~bits
          copy[field] = bits
        }
        #expect(copy.optionControl == options.optionControl, "\(word.hexadecimal)")
        #expect(copy.optionControl1 == options.optionControl1, "\(word.hexadecimal)")
      }
    }
  }

  /// Field by die, from the reference: where each field is, in OPTCR but for the second bank's sectors.
  private func page() throws -> String {
    let rows = try ReferenceTable("options").rows
    var dies: [(id: UInt32, title: String)] = []
    for die in Engine.ChipCatalogue.dies {
      let title = die.name.replacing("STM32", with: "")
      dies.append((UInt32(die.deviceID), title))
    }
    var kinds: [String] = []
    let kind = { (row: ReferenceRow) in
      row["field"].hasPrefix("nWRP") ? (row["register"] == "OPTCR" ? "nWRP" : "nWRP of bank 2") : row["field"]
    }
    for row in rows where !kinds.contains(kind(row)) { kinds.append(kind(row)) }
    var lines = [
      "| Field | " + dies.map(\.title).joined(separator: " | ") + " |",
      "|---" + String(repeating: "|---", count: dies.count) + "|",
    ]
    for name in kinds {
      let cells = dies.map { die in
        guard let row = rows.first(where: { $0.number("dev_id") == die.id && kind($0) == name }) else { return "-" }
        let bits = row["low"] == row["high"] ? row["low"] : "\(row["high"]):\(row["low"])"
        return row["register"] == "OPTCR" ? bits : "\(row["register"]) \(bits)"
      }
      lines.append("| `\(name)` | " + cells.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func `the page has the table of fields and dies`() throws {
    let table = try page()
    let text = try PackageFiles.text("docs/option-bytes.md")
    #expect(text.contains(table), "docs/option-bytes.md lacks this table:\n\(table)")
  }
}
