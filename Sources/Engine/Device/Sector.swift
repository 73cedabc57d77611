import Basics

/// One sector of the main flash: the smallest piece that can be erased.
public struct Sector: Sendable, Hashable {
  /// The number that the manuals give it; bank 2 begins with 12 on every dual-bank part.
  public var number: Int
  /// The bank, 1 or 2.
  public var bank: Int
  /// The addresses, the last one excluded.
  public var range: Range<UInt32>
  /// What selects the sector in CR.SNB.
  ///
  /// The number itself in bank 1 and on F413/423; 0b10000 plus the position within bank 2 (RM0090, 3.9.8).
  public var selection: UInt32
  /// The nWRP bit that protects the sector, counted from 0 within its register.
  ///
  /// Bank 1 has them in OPTCR, bank 2 in OPTCR1; on F413/423 bit 14 covers sectors 14 and 15 (RM0430, 3.8.5).
  public var protectionBit: Int

  /// The size in bytes: 16, 64 or 128 KiB.
  public var byteCount: Int { range.count }

  /// The sector as messages name it.
  public var description: String { "sector \(number) (\(range.addresses))" }
}
