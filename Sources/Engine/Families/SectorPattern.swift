/// How the chips of a family cut a bank of their flash into sectors, and how they number them.
struct SectorPattern: Sendable {
  /// A stretch of sectors of one size.
  struct Run: Sendable {
    var count: Int
    var byteCount: UInt32
  }

  /// What stands at the start of each bank.
  let head: [Run]
  /// The size of every sector after that.
  let tailByteCount: UInt32
  /// The most sectors that the controller can select, in a single bank.
  let sectorLimit: Int
  /// The number of the first sector of bank 2, whatever the size of bank 1; also how many a bank of two can have.
  let firstNumberOfBank2: Int
  /// What the controller's selection has for the first sector of bank 2.
  let firstSelectionOfBank2: UInt32
  /// The last bit of write protection in one register; it covers all sectors from its own number on.
  let lastProtectionBit: Int
  /// The size at which an option byte says whether there are two banks; what is larger always has two, less one.
  let choiceByteCount: Int

  /// The sizes of a bank's sectors; nil when they do not add up to the bank.
  func sizes(ofBank byteCount: Int) -> [UInt32]? {
    var rest = byteCount
    var sizes: [UInt32] = []
    for run in head {
      for _ in 0..<run.count where rest > 0 {
        sizes.append(run.byteCount)
        rest -= Int(run.byteCount)
      }
    }
    while rest > 0 {
      sizes.append(tailByteCount)
      rest -= Int(tailByteCount)
    }
    return rest == 0 ? sizes : nil
  }
}
