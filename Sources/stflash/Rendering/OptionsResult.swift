import Basics
import Engine

/// The option bytes of a chip, every field by name.
struct OptionsResult: CommandResult {
  /// How the chip is called.
  let deviceName: String
  /// What acts, and what is stored.
  let reading: OptionReading

  let name = "options"
  let isConfirmation = false

  private var loaded: OptionBytes { reading.loaded }

  var lines: [String] {
    let rows = loaded.layout.fields.map { field in
      [field.name, loaded.word(for: field), loaded.bitText(of: field), loaded.meaning(of: field)]
    }
    let registers = loaded.registers.map { [$0.name, $0.value.hexadecimal, "", ""] }
    return ["option bytes of \(deviceName)"] + Table(rows: rows + registers).lines + storedLines
  }

  /// What is stored, where that is something else.
  private var storedLines: [String] {
    guard let stored = reading.stored else {
      return ["what is stored cannot be read: the registers are what the last reset has loaded"]
    }
    return stored.fields(differingFrom: loaded).map { field in
      "\(field.name) is stored as \(stored.text(of: field)), which counts from the next reset on"
    }
  }

  var members: [JSONMember] {
    [
      JSONMember("target", .string(deviceName)),
      JSONMember("fields", .array(loaded.layout.fields.map(value))),
      JSONMember("writeProtectedSectors", .array(loaded.markedSectors.map { .integer($0.number) })),
      JSONMember("codeProtection", .boolean(loaded.isCodeProtection)),
      JSONMember("registers", loaded.registerValue),
      JSONMember("storedRegisters", reading.stored?.registerValue ?? .null),
    ]
  }

  private func value(of field: OptionField) -> JSONValue {
    .object([
      JSONMember("name", .string(field.name)), JSONMember("register", .string(field.register.rawValue)),
      JSONMember("lowestBit", .integer(Int(field.bits.lowerBound))),
      JSONMember("highestBit", .integer(Int(field.bits.upperBound))),
      JSONMember("value", .integer(Int(loaded[field]))), JSONMember("word", .string(loaded.word(for: field))),
      JSONMember("meaning", .string(loaded.meaning(of: field))),
      JSONMember("stored", .optional(reading.stored.map { Int($0[field]) })),
    ])
  }
}

extension OptionBytes {
  /// A field's bits as the manuals write them.
  fileprivate func bitText(of field: OptionField) -> String { field.bitText(self[field]) }

  /// The registers as they were read.
  fileprivate var registers: [(name: String, value: UInt32)] {
    [("OPTCR", optionControl.rawValue)] + (optionControl1.map { [("OPTCR1", $0.rawValue)] } ?? [])
  }

  /// The registers as a JSON object.
  fileprivate var registerValue: JSONValue {
    .object([
      JSONMember("optcr", .integer(Int(optionControl.rawValue))),
      JSONMember("optcr1", optionControl1.map { .integer(Int($0.rawValue)) } ?? .null),
    ])
  }
}

extension OptionPlan.Change {
  /// The change as a JSON object.
  var value: JSONValue {
    .object([
      JSONMember("name", .string(field.name)), JSONMember("before", .string(before)),
      JSONMember("after", .string(after)), JSONMember("effect", .string(effect.rawValue)),
    ])
  }
}
