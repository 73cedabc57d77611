/// A memory chip on a board, as it is wired to the controller for external memory.
struct ExternalMemoryModel: Equatable, Sendable {
  /// How the controller reaches it.
  enum Kind: Equatable, Sendable {
    /// SDRAM at bank 1 or 2, with so many bits of a row, of a column and of its internal banks.
    case dynamic(bank: Int, rowBits: UInt32, columnBits: UInt32, bankBits: UInt32)
    /// SRAM at one of the four chip selects of bank 1.
    case fixed(select: Int, byteCount: Int)
  }

  /// What is printed on it.
  let name: String
  /// How the controller reaches it.
  let kind: Kind
  /// How many of its bytes are wired side by side: 1, 2 or 4.
  let lanes: UInt32
  /// The pins that lead to it, as alternate function 12; none where nobody knows.
  let pins: [PinName]

  /// A memory by its name, its kind, its width in bits, and its pins: "D0,1,8-10 E0".
  init(_ name: String, _ kind: Kind, width: UInt32, pins: String = "") {
    self.name = name
    self.kind = kind
    lanes = width / 8
    self.pins = pins.split(separator: " ").flatMap { group -> [PinName] in
      group.dropFirst().split(separator: ",").flatMap { part -> [PinName] in
        let ends = part.split(separator: "-").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last else { return [] }
        return (first...last).map { PinName("\(group.prefix(1))\($0)") }
      }
    }
  }

  /// The size in bytes.
  var byteCount: Int {
    switch kind {
    case .dynamic(_, let rowBits, let columnBits, let bankBits): Int(lanes) << (rowBits + columnBits + bankBits)
    case .fixed(_, let byteCount): byteCount
    }
  }
}
