import Basics
import Engine

/// Values of memory or of registers.
struct WordsResult: CommandResult {
  /// The name of the JSON event.
  let name: String
  let address: UInt32
  let width: AccessWidth
  /// What was read; nothing where a read may change what is there.
  let values: [UInt32]
  /// What was written before; nil where nothing was.
  var written: [UInt32]?

  let isConfirmation = false

  /// How many bytes of memory stand on a line.
  private static let bytesPerLine = 16

  private func text(_ value: UInt32) -> String {
    width == .word ? value.hexadecimal : "0x" + Hexadecimal.digits(value, width: width.byteCount * 2)
  }

  private func place(_ index: Int) -> UInt32 { address &+ UInt32(index * width.byteCount) }

  /// The registers among the values; a part of one is none.
  private var registers: [(index: Int, register: NamedRegister)] {
    guard width == .word else { return [] }
    return values.indices.compactMap { index in NamedRegister(at: place(index)).map { (index, $0) } }
  }

  var lines: [String] {
    let writing = written.map { written in
      [
        "wrote \(written.map(text).joined(separator: " ")) to \(address.hexadecimal); "
          + (values.isEmpty ? "not read back, as a read may change a register" : "what is there now:")
      ]
    }
    return (writing ?? []) + (registers.isEmpty ? memoryLines : registerLines)
  }

  private var memoryLines: [String] {
    let perLine = WordsResult.bytesPerLine / width.byteCount
    return stride(from: 0, to: values.count, by: perLine).map { start in
      let row = values[start..<min(start + perLine, values.count)]
      return "\(place(start).hexadecimal)  \(row.map(text).joined(separator: " "))"
    }
  }

  /// One register a line; a single one with a line for each of its fields.
  private var registerLines: [String] {
    let rows = values.indices.map { index in
      let register = NamedRegister(at: place(index))
      let fields = values.count == 1 ? "" : register?.texts(of: values[index]).joined(separator: " ") ?? ""
      return [register?.name ?? "", place(index).hexadecimal, text(values[index]), fields]
    }
    return Table(rows: rows).lines + fieldLines
  }

  private var fieldLines: [String] {
    guard values.count == 1, let register = registers.first?.register else { return [] }
    let rows = register.fields.map { field in
      let (low, high) = (field.bits.lowerBound, field.bits.upperBound)
      let value = field.value(in: values[0])
      return [
        "  " + field.name, low == high ? String(low) : "\(high):\(low)",
        field.bits.count > 4 ? value.hexadecimalNumber : String(value), field.values[value] ?? "",
      ]
    }
    return Table(rows: rows).lines
  }

  var members: [JSONMember] {
    [
      JSONMember("address", .integer(Int(address))), JSONMember("widthBits", .integer(width.bitCount)),
      JSONMember("values", .array(values.map { .integer(Int($0)) })),
    ] + (written.map { [JSONMember("written", .array($0.map { .integer(Int($0)) }))] } ?? []) + [
      JSONMember(
        "registers",
        .array(
          registers.map { index, register in
            .object([
              JSONMember("name", .string(register.name)), JSONMember("address", .integer(Int(register.address))),
              JSONMember("value", .integer(Int(values[index]))),
              JSONMember("fields", .strings(register.texts(of: values[index]))),
            ])
          }))
    ]
  }
}

extension UInt32 {
  /// The number in hexadecimal with as many digits as it needs: "0x413".
  fileprivate var hexadecimalNumber: String { "0x" + String(self, radix: 16, uppercase: true) }
}
