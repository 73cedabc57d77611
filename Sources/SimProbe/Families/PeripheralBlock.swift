/// A 1 KiB multiple of the peripheral address space that some part of the family has something in.
struct PeripheralBlock: Equatable, Sendable {
  /// The name in the reference manuals.
  let name: String
  /// The first address.
  let base: UInt32
  /// The size in KiB.
  let kilobytes: UInt32

  init(_ name: String, _ base: UInt32, kilobytes: UInt32 = 1) {
    self.name = name
    self.base = base
    self.kilobytes = kilobytes
  }
}

/// A family's blocks in the order of their addresses.
struct PeripheralBlocks: Sendable {
  /// The blocks.
  let all: [PeripheralBlock]

  /// The block that an address lies in; nil where nothing answers.
  func containing(_ address: UInt32) -> PeripheralBlock? {
    // The table is in the order of its addresses: the last block that does not begin behind the address.
    var (low, high) = (0, all.count)
    while low < high {
      let middle = (low + high) / 2
      if all[middle].base <= address { low = middle + 1 } else { high = middle }
    }
    guard low > 0, address - all[low - 1].base < all[low - 1].kilobytes << 10 else { return nil }
    return all[low - 1]
  }
}
