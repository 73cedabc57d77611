/// Where a chip has RAM.
enum RAMLayout: Sendable {
  case f205B, f205C, f2, f401BC, f401DE, f40x, f410, f411, f412, f413, f42x, f446, f469

  /// The RAM that the system bus sees, and the core-coupled memory; without the backup SRAM, which needs a clock.
  var regions: [MemoryRegion] {
    switch self {
    case .f205B: RAMLayout.sram(48) + [RAMLayout.block("SRAM2", 0x2001_C000, 16)]
    case .f205C: RAMLayout.sram(80) + [RAMLayout.block("SRAM2", 0x2001_C000, 16)]
    case .f2, .f446: RAMLayout.sram(112, 16)
    case .f401BC: RAMLayout.sram(64)
    case .f401DE: RAMLayout.sram(96)
    case .f40x: RAMLayout.sram(112, 16) + RAMLayout.ccm
    case .f410: RAMLayout.sram(32)
    case .f411: RAMLayout.sram(128)
    case .f412: RAMLayout.sram(256)
    case .f413: RAMLayout.sram(256, 64)
    case .f42x: RAMLayout.sram(112, 16, 64) + RAMLayout.ccm
    case .f469: RAMLayout.sram(160, 32, 128) + RAMLayout.ccm
    }
  }

  private static let ccm = [block("CCM", 0x1000_0000, 64)]

  private static func block(_ name: String, _ start: UInt32, _ kibibytes: UInt32) -> MemoryRegion {
    MemoryRegion(name, start: start, byteCount: kibibytes * 1024)
  }

  /// Blocks that follow each other from 0x2000_0000 on, sizes in KiB.
  private static func sram(_ sizes: UInt32...) -> [MemoryRegion] {
    var start: UInt32 = 0x2000_0000
    return sizes.enumerated().map { position, size in
      defer { start += size * 1024 }
      return block("SRAM\(position + 1)", start, size)
    }
  }
}
