import Basics
import Engine

extension FaultReport {
  /// What happened, in one line.
  func headline(_ symbols: ProgramSymbols?) -> String {
    let place = " at \(location(symbols))"
    guard let first = reasons.first else { return (handler ?? "no fault is recorded") + place }
    return (handler.map { "\($0): " } ?? "") + first + (frame == nil ? "" : ",\(place)")
  }

  /// Where the program was: "at 0x0800_0134 (wait, main.c:12), asleep".
  func place(_ symbols: ProgramSymbols?) -> String {
    (handler.map { "in its \($0) handler " } ?? "") + "at \(location(symbols))" + (wasAsleep ? ", asleep" : "")
  }

  private func location(_ symbols: ProgramSymbols?) -> String {
    let names = symbols.map { symbols in
      let function = symbols.functions(at: programCounter).first
      let name = function?.name ?? symbols.symbol(at: programCounter)?.symbol.name
      return [name, (function?.location ?? symbols.line(at: programCounter))?.description].compactMap(\.self)
    }
    guard let names, !names.isEmpty else { return programCounter.hexadecimal }
    return "\(programCounter.hexadecimal) (\(names.joined(separator: ", ")))"
  }

  /// What else is known, one fact a line.
  func lines(_ symbols: ProgramSymbols?) -> [String] {
    let frameLines = frame.map { ["saved at \($0.address.hexadecimal):"] + Self.rows($0.registers) } ?? []
    return reasons.dropFirst().map { "also: \($0)" }
      + (callStack.flatMap { stack in symbols.map { stack.lines($0) } } ?? [])
      + frameLines + [frame == nil ? "registers:" : "in the handler:"]
      + Self.rows(registers) + Self.rows(faultRegisters.filter { $0.value != 0 })
  }

  private static func rows(_ registers: [Register]) -> [String] {
    stride(from: 0, to: registers.count, by: 4).map { first in
      "  "
        + registers[first..<min(first + 4, registers.count)]
        .map { "\($0.name.padded(to: 5)) \(Hexadecimal.digits($0.value, width: 8))" }.joined(separator: "  ")
    }
  }

  /// The report as a JSON object.
  func value(_ symbols: ProgramSymbols?) -> JSONValue {
    .object([
      JSONMember("handler", .optional(handler)), JSONMember("reasons", .strings(reasons)),
      JSONMember("address", .optional(address.map { Int($0) })),
      JSONMember("programCounter", .integer(Int(programCounter))),
      JSONMember("registers", Self.list(registers)), JSONMember("faultRegisters", Self.list(faultRegisters)),
      JSONMember(
        "callStack", symbols.flatMap { symbols in callStack.map { .array($0.entries(symbols).map(\.value)) } } ?? .null),
      JSONMember("frame", frame.map { Self.list($0.registers) } ?? .null),
    ])
  }

  private static func list(_ registers: [Register]) -> JSONValue {
    .array(
      registers.map { .object([JSONMember("name", .string($0.name)), JSONMember("value", .integer(Int($0.value)))]) })
  }
}
