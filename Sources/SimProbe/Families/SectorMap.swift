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
/// Starts are sums of the pattern's sizes, never typed in.
struct SectorMap: Equatable, Sendable {
  /// The sectors in the order of their addresses.
  let sectors: [FlashSector]
  /// The number of banks, 1 or 2.
  let bankCount: Int
  /// The flash's size in bytes.
  let byteCount: UInt32

  /// The position in `sectors` of what lies at each multiple of the smallest sector's size.
  private let positions: [Int]
  private let granuleShift: UInt32

  init(_ pattern: SectorPattern, flashByteCount: UInt32, bankCount: Int) {
    byteCount = flashByteCount
    self.bankCount = bankCount
    let bankByteCount = flashByteCount / UInt32(bankCount)
    let sizes = pattern.sizes(ofBank: bankByteCount)
    sectors = (0..<bankCount).flatMap { bank in
      sizes.enumerated().map { index, run in
        FlashSector(
          number: index + (bank == 0 ? 0 : pattern.secondBankNumber), bank: bank,
          offset: UInt32(bank) * bankByteCount + run.offset, byteCount: run.byteCount,
          selector: UInt32(index) | (bank == 0 ? 0 : pattern.secondBankSelector))
      }
    }
    let smallest = sectors.map(\.byteCount).min() ?? 1
    granuleShift = UInt32(smallest.trailingZeroBitCount)
    positions = sectors.enumerated().flatMap { position, sector in
      Array(repeating: position, count: Int(sector.byteCount / smallest))
    }
  }

  /// The bank that an offset lies in.
  func bank(at offset: UInt32) -> Int {
    bankCount == 2 && offset >= byteCount / 2 ? 1 : 0
  }

  /// The position in `sectors` of the sector at an offset within the flash.
  func index(at offset: UInt32) -> Int {
    positions[Int(offset >> granuleShift)]
  }

  /// The position in `sectors` of the sector that a code in CR.SNB selects; nil for a code that selects none.
  func index(selectedBy selector: UInt32) -> Int? {
    sectors.firstIndex { $0.selector == selector }
  }
}
