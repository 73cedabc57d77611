import Basics

/// Words of option bytes or registers, shown instead of written to a file.
struct ShownContent: CommandResult {
  /// One word and what it is.
  struct Row: Equatable {
    /// The word's address, or the register's name.
    var label: String
    var value: UInt32
  }

  let area: NamedArea
  let rows: [Row]

  let name = "content"
  let isConfirmation = false

  var members: [JSONMember] {
    [
      JSONMember("area", .string(area.rawValue)),
      JSONMember("words", .array(rows.map { .integer(Int($0.value)) })),
    ]
  }

  var lines: [String] { rows.map { "\($0.label)  \($0.value.hexadecimal)" } }
}
