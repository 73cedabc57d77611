/// One sector of the main flash.
struct FlashSector: Equatable, Sendable {
  /// The number that the reference manuals give it: bank 2 starts at 12.
  let number: Int
  /// The bank it lies in: 0 or 1.
  let bank: Int
  /// The offset from the start of the flash.
  let offset: UInt32
  /// The size in bytes.
  let byteCount: UInt32
  /// The code that CR.SNB takes for it.
  let selector: UInt32
}

/// How one part's flash is cut into sectors and banks.
///
/// Every bank is 4 sectors of 16 KiB, one of 64, and 128 KiB sectors up to its end (all F2 and F4 reference manuals,
/// "Flash module organization"); starts are sums of these, never typed in.
struct SectorMap: Equatable, Sendable {
  /// The sectors in the order of their addresses.
  let sectors: [FlashSector]
  /// The number of banks, 1 or 2.
  let bankCount: Int
  /// The flash's size in bytes.
  let byteCount: UInt32

  /// Runs of equal sectors from the start of a bank: how many, and how large in KiB.
  private static let runs: [(count: Int, kilobytes: UInt32)] = [(4, 16), (1, 64), (Int.max, 128)]

  /// The number of bank 2's first sector.
  private static let secondBankNumber = 12
  /// What bank 2's SNB codes begin with (RM0090, 3.9.8): bit 4 selects the bank.
  private static let secondBankSelector: UInt32 = 0b10000

  init(flashByteCount: UInt32, bankCount: Int) {
    byteCount = flashByteCount
    self.bankCount = bankCount
    let bankByteCount = flashByteCount / UInt32(bankCount)
    sectors = (0..<bankCount).flatMap { bank in
      SectorMap.sizes(ofBank: bankByteCount).enumerated().map { index, run in
        FlashSector(
          number: index + (bank == 0 ? 0 : SectorMap.secondBankNumber), bank: bank,
          offset: UInt32(bank) * bankByteCount + run.offset, byteCount: run.byteCount,
          selector: UInt32(index) | (bank == 0 ? 0 : SectorMap.secondBankSelector))
      }
    }
  }

  private static func sizes(ofBank bankByteCount: UInt32) -> [(offset: UInt32, byteCount: UInt32)] {
    var found: [(offset: UInt32, byteCount: UInt32)] = []
    var offset: UInt32 = 0
    for run in runs {
      var left = run.count
      while left > 0, offset < bankByteCount {
        found.append((offset, run.kilobytes << 10))
        offset += run.kilobytes << 10
        left -= 1
      }
    }
    return found
  }

  /// The bank that an offset lies in.
  func bank(at offset: UInt32) -> Int {
    bankCount == 2 && offset >= byteCount / 2 ? 1 : 0
  }

  /// The position in `sectors` of the sector at an offset within the flash.
  func index(at offset: UInt32) -> Int {
    let bank = bank(at: offset)
    let inBank = offset - UInt32(bank) * (byteCount / UInt32(bankCount))
    let position =
      switch inBank >> 14 {
      case 0..<4: Int(inBank >> 14)
      case 4..<8: 4
      default: 4 + Int(inBank >> 17)
      }
    return position + bank * (sectors.count / bankCount)
  }

  /// The position in `sectors` of the sector that a code in CR.SNB selects; nil for a code that selects none.
  func index(selectedBy selector: UInt32) -> Int? {
    sectors.firstIndex { $0.selector == selector }
  }
}
