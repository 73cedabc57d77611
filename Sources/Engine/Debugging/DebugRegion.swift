/// A stretch of a chip's address space as a debugger has to know it.
public struct DebugRegion: Sendable, Equatable {
  /// What can be done there.
  public enum Kind: Sendable, Equatable {
    /// It is read and written by single accesses: RAM, and registers.
    case readWrite
    /// It is only read.
    case readOnly
    /// Flash, with sectors of this many bytes.
    case flash(sectorByteCount: Int)
  }

  /// What can be done there.
  public var kind: Kind
  /// The first address.
  public var start: UInt32
  /// How many bytes.
  public var byteCount: UInt32
  /// Whether what is there stays as it is while the core stands still, and reading changes nothing.
  var isMemory: Bool

  /// The addresses; the address space's last byte is in none.
  public var range: Range<UInt32> { start..<start + byteCount }
}

extension DebugRegion {
  /// What a chip has, in rising order: all that can be reached, as a debugger asks for nothing else.
  static func all(of device: Device) -> [DebugRegion] {
    let memory = device.die.family.memory
    var regions = [
      // The boot area shows the flash, the ROM or the RAM.
      DebugRegion(kind: .readOnly, start: 0, byteCount: UInt32(device.flashByteCount), isMemory: true)
    ]
    regions += flash(device.sectorMap)
    for area in [memory.systemMemory, memory.otp] + device.optionByteAreas {
      // Up to whole lines: what lies behind is the factory's data, or reads as erased.
      let end = (area.range.upperBound + 63) & ~63
      regions.append(
        DebugRegion(
          kind: .readOnly, start: area.range.lowerBound, byteCount: end - area.range.lowerBound, isMemory: true))
    }
    for ram in device.ram {
      regions.append(
        DebugRegion(kind: .readWrite, start: ram.range.lowerBound, byteCount: UInt32(ram.range.count), isMemory: true))
    }
    // The bit-band alias of the RAM; peripherals with theirs; memory outside of the chip; the core's own (ARMv7-M, B3.1).
    for range in [0x2200_0000..<0x2400_0000, 0x4000_0000..<0xE010_0000] as [Range<UInt32>] {
      regions.append(
        DebugRegion(kind: .readWrite, start: range.lowerBound, byteCount: UInt32(range.count), isMemory: false))
    }
    return joined(regions.sorted { $0.start < $1.start })
  }

  private static func flash(_ map: SectorMap) -> [DebugRegion] {
    var regions: [DebugRegion] = []
    for sector in map.sectors {
      let kind = Kind.flash(sectorByteCount: sector.byteCount)
      if let last = regions.last, last.kind == kind, last.range.upperBound == sector.range.lowerBound {
        regions[regions.count - 1].byteCount += UInt32(sector.byteCount)
      } else {
        regions.append(
          DebugRegion(
            kind: kind, start: sector.range.lowerBound, byteCount: UInt32(sector.byteCount), isMemory: true))
      }
    }
    return regions
  }

  /// The same with what touches or overlaps made one, but for flash.
  private static func joined(_ regions: [DebugRegion]) -> [DebugRegion] {
    var result: [DebugRegion] = []
    for region in regions {
      if let last = result.last, last.kind == region.kind, last.isMemory == region.isMemory,
        last.range.upperBound >= region.start, last.kind == .readOnly || last.kind == .readWrite
      {
        let end = max(last.range.upperBound, region.range.upperBound)
        result[result.count - 1].byteCount = end - last.start
      } else {
        result.append(region)
      }
    }
    return result
  }
}
