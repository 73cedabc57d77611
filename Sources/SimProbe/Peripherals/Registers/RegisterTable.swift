/// The registers of one kind of peripheral as a table, with one row for each.
///
///     name  offset  reset value  writable bits  [wBITS] [cBITS] [zBITS] [xCOUNT/STRIDE]
///
/// Numbers are hexadecimal, but for COUNT. `w` names bits that can only be written, `c` those that writing 1 clears,
/// `z` those that writing 0 clears; all others are read-only. `x` repeats the row, counting the first number in the name
/// on.
///
/// Transcribed from the manuals' register maps and ST's SVD files; where those disagree the manual decides.
struct RegisterTable: Sendable {
  /// The registers in the order of their rows.
  let registers: [RegisterDescription]

  /// Reads a table; it is part of the program, so that a row that cannot be read is a programmer's error.
  init(_ text: String) {
    registers = text.split(separator: "\n").flatMap { RegisterTable.row($0) }
  }

  /// Registers of one table behind those of another, at an offset.
  func adding(_ other: RegisterTable, at offset: UInt32) -> RegisterTable {
    RegisterTable(
      registers: registers
        + other.registers.map {
          RegisterDescription($0.name, at: $0.offset + offset, reset: $0.reset, $0.fields)
        })
  }

  private init(registers: [RegisterDescription]) {
    self.registers = registers
  }

  private static func row(_ line: Substring) -> [RegisterDescription] {
    let words = line.split(separator: " ")
    let numbers = words[1...3].map(number)
    let name = String(words[0])
    var fields = RegisterField.runs(name, numbers[2], .readWrite)
    var (count, stride): (UInt32, UInt32) = (1, 0)
    for word in words[4...] {
      let rest = word.dropFirst()
      switch word.first {
      case "w": fields += RegisterField.runs(name, number(rest), .writeOnly)
      case "c": fields += RegisterField.runs(name, number(rest), .writeOneClears)
      case "z": fields += RegisterField.runs(name, number(rest), .writeZeroClears)
      default:
        let parts = rest.split(separator: "/")
        guard word.first == "x", parts.count == 2, let times = UInt32(parts[0]) else {
          preconditionFailure("register table: \(line)")
        }
        (count, stride) = (times, number(parts[1]))
      }
    }
    return (0..<count).map { index in
      RegisterDescription(
        index == 0 ? name : numbered(name, plus: index), at: numbers[0] + index * stride, reset: numbers[1], fields)
    }
  }

  private static func number(_ digits: Substring) -> UInt32 {
    guard let number = UInt32(digits, radix: 16) else { preconditionFailure("register table: \(digits)") }
    return number
  }

  /// A name with its first number counted on; without a number, the letter A.
  private static func numbered(_ name: String, plus index: UInt32) -> String {
    let head = name.prefix { !$0.isNumber }
    let digits = name.dropFirst(head.count).prefix { $0.isNumber }
    guard let first = UInt32(digits) else { return "\(name)+\(index)" }
    return "\(head)\(first + index)\(name.dropFirst(head.count + digits.count))"
  }
}
