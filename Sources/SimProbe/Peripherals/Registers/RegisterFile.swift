/// The registers of one peripheral: their values, and what reads and writes do to them by their access modes.
///
/// The fields' modes are folded into masks once, so that a write is a few mask operations. The values lie in memory of
/// their own, because loaders poll registers by the million and Swift would check each access to an array.
final class RegisterFile {
  /// What the registers are.
  let descriptions: [RegisterDescription]
  private let masks: [RegisterDescription.Masks]
  private let values: UnsafeMutableBufferPointer<UInt32>
  /// The position of a register in the other arrays by word offset; -1 where there is none.
  private let positions: [Int]

  init(_ descriptions: [RegisterDescription]) {
    self.descriptions = descriptions
    masks = descriptions.map(\.masks)
    values = .allocate(capacity: descriptions.count)
    _ = values.initialize(from: descriptions.map(\.reset))
    var positions = Array(repeating: -1, count: 1 + Int(descriptions.map(\.offset).max() ?? 0) / 4)
    for (position, description) in descriptions.enumerated() { positions[Int(description.offset / 4)] = position }
    self.positions = positions
  }

  deinit { values.deallocate() }

  /// A register's value as hardware sees it; zero where there is no register.
  subscript(offset: UInt32) -> UInt32 {
    get { position(of: offset).map { values[$0] } ?? 0 }
    set { if let position = position(of: offset) { values[position] = newValue } }
  }

  /// Whether there is a register in the word at an offset.
  func contains(_ offset: UInt32) -> Bool {
    position(of: offset) != nil
  }

  /// The bits of a register that software can set to what it likes; none where there is no register.
  func writableMask(_ offset: UInt32) -> UInt32 {
    position(of: offset).map { masks[$0].readWrite } ?? 0
  }

  /// What software reads from the word at an offset; nil where there is no register.
  func read(_ offset: UInt32) -> UInt32? {
    position(of: offset).map { values[$0] & masks[$0].readable }
  }

  /// A write by software to some byte lanes of the word at an offset.
  func write(_ offset: UInt32, _ value: UInt32, _ lanes: ByteLanes) {
    guard let position = position(of: offset) else { return }
    let masks = self.masks[position]
    let touched = lanes.place(0xFFFF_FFFF)
    let written = lanes.place(value)
    var result = values[position]
    result = result & ~(masks.readWrite & touched) | written & masks.readWrite
    result |= written & masks.readSet
    result &= ~(written & masks.writeOneClears)
    result &= ~(~written & touched & masks.writeZeroClears)
    values[position] = result
  }

  /// Gives every register its reset value.
  func reset() {
    for position in values.indices { values[position] = descriptions[position].reset }
  }

  private func position(of offset: UInt32) -> Int? {
    let word = Int(offset / 4)
    guard word < positions.count, positions[word] >= 0 else { return nil }
    return positions[word]
  }
}
