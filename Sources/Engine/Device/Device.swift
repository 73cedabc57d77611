public import Failures

/// The chip behind the probe, as far as programming its flash needs to know it.
public struct Device: Sendable, Equatable {
  /// How messages call it: the lines of its die ("STM32F405/407/415/417"), or the name that the user gave.
  public var name: String
  /// What all chips with its DEV_ID have in common.
  public var die: Die
  /// CPUID as read.
  public var processorID: UInt32
  /// DBGMCU_IDCODE as read; bits 15:12 read 6 on real parts.
  public var identityCode: UInt32
  /// What the size register at 0x1FFF_7A22 holds, in KiB if it makes sense; nil where it could not be read, or not be
  /// believed.
  public var sizeRegister: UInt16?
  /// The banks and sectors of the main flash.
  public var sectorMap: SectorMap
  /// The RAM, without the backup SRAM.
  ///
  /// Where chips of one die and flash size differ, the largest.
  public var ram: [MemoryRegion]
  /// The length of the gap-free RAM from 0x2000_0000 on that every chip of this die and flash size has, in bytes.
  public var contiguousRAMByteCount: Int
  /// What identification did beyond reading the registers, one sentence each.
  public var notes: [String]
  /// What is odd about the chip: an unreadable size, signs of a clone; one sentence each.
  public var warnings: [Advice]

  /// REV_ID: bits 31:16 of the identity code.
  public var revisionID: UInt16 { UInt16(identityCode >> 16) }

  /// The letter on the package, where the manuals tell it.
  public var revisionName: String? { die.revisions[revisionID] }

  /// The size of the main flash in bytes.
  public var flashByteCount: Int { sectorMap.byteCount }

  /// The areas with option bytes: one, or two on dies with a second bank.
  public var optionByteAreas: [MemoryRegion] {
    [die.family.memory.optionBytes] + (die.hasSecondBank ? [die.family.memory.optionBytesOfBank2] : [])
  }

  /// Whether a range lies in memory that every chip of its kind has: an access to it fails for other reasons than its address.
  func hasMemory(at range: ClosedRange<UInt32>) -> Bool {
    [range.lowerBound, range.upperBound].allSatisfy { address in
      sectorMap.range.contains(address) || ram.contains { $0.range.contains(address) }
        || [.bootAlias, .systemMemory, .otp, .optionBytes].contains(AddressPlace(of: address))
    }
  }

  /// Whether an address lies in RAM or is the first after a block of it, as an initial stack pointer does.
  func isStackTop(_ address: UInt32) -> Bool {
    ram.contains { $0.range.contains(address) || $0.range.upperBound == address && address > $0.range.lowerBound }
  }
}
