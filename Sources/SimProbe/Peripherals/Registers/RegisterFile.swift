/// The registers of one peripheral: their values, and what reads and writes do to them by their access modes.
///
/// The fields' modes are folded into masks once, so that a write is a few mask operations.
struct RegisterFile {
  private struct Register {
    let description: RegisterDescription
    let masks: RegisterDescription.Masks
    var value: UInt32
  }

  private var registers: [Register]
  /// The position of a register in `registers` by word offset; -1 where there is none.
  private let positions: [Int]

  init(_ descriptions: [RegisterDescription]) {
    registers = descriptions.map { Register(description: $0, masks: $0.masks, value: $0.reset) }
    var positions = Array(repeating: -1, count: 1 + Int(descriptions.map(\.offset).max() ?? 0) / 4)
    for (position, description) in descriptions.enumerated() { positions[Int(description.offset / 4)] = position }
    self.positions = positions
  }

  /// What the registers are.
  var descriptions: [RegisterDescription] { registers.map(\.description) }

  /// A register's value as hardware sees it; zero where there is no register.
  subscript(offset: UInt32) -> UInt32 {
    get { position(of: offset).map { registers[$0].value } ?? 0 }
    set { if let position = position(of: offset) { registers[position].value = newValue } }
  }

  /// Whether there is a register in the word at an offset.
  func contains(_ offset: UInt32) -> Bool {
    position(of: offset) != nil
  }

  /// The bits of a register that software can set to what it likes; none where there is no register.
  func writableMask(_ offset: UInt32) -> UInt32 {
    position(of: offset).map { registers[$0].masks.readWrite } ?? 0
  }

  /// What software reads from the word at an offset; nil where there is no register.
  func read(_ offset: UInt32) -> UInt32? {
    position(of: offset).map { registers[$0].value & registers[$0].masks.readable }
  }

  /// A write by software to some byte lanes of the word at an offset.
  mutating func write(_ offset: UInt32, _ value: UInt32, _ lanes: ByteLanes) {
    guard let position = position(of: offset) else { return }
    let masks = registers[position].masks
    let touched = lanes.place(0xFFFF_FFFF)
    let written = lanes.place(value)
    var result = registers[position].value
    result = result & ~(masks.readWrite & touched) | written & masks.readWrite
    result |= written & masks.readSet
    result &= ~(written & masks.writeOneClears)
    result &= ~(~written & touched & masks.writeZeroClears)
    registers[position].value = result
  }

  /// Gives every register its reset value.
  mutating func reset() {
    for position in registers.indices { registers[position].value = registers[position].description.reset }
  }

  private func position(of offset: UInt32) -> Int? {
    let word = Int(offset / 4)
    guard word < positions.count, positions[word] >= 0 else { return nil }
    return positions[word]
  }
}
