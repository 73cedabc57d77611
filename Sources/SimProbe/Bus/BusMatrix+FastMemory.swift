extension BusMatrix {
  /// What the core may reach without asking the bus, as things stand.
  ///
  /// The flash is among it from the core's first read after the flash interface has become idle until the next
  /// operation begins, so that a loader's thousands of programming accesses do not each hand it back and forth. Swapped
  /// banks and RAM behind a hole go over the bus.
  var fastMemory: [FastMemory] {
    var regions = [FastMemory(sram, at: memory.sramBase, isWritable: true, isExecutable: true)]
    if coupled.byteCount > 0, isCoupledClocked {
      regions.append(FastMemory(coupled, at: memory.coupledBase, isWritable: true, isExecutable: false))
    }
    let hasFlash = flash.hasDirectReads && bankSwap == 0
    let flashBases = bootSource == .mainFlash ? [0, memory.flashBase] : [memory.flashBase]
    for base in flashBases where hasFlash {
      var region = FastMemory(flash.main, at: base, isWritable: false, isExecutable: true)
      region.isFlash = true
      regions.append(region)
    }
    if bootSource == .sram { regions.append(FastMemory(sram, at: 0, isWritable: true, isExecutable: true)) }
    return regions
  }
}

extension FastMemory {
  /// All of a region.
  init(_ region: MemoryRegion, at base: UInt32, isWritable: Bool, isExecutable: Bool) {
    self.init(
      base: base, bytes: region.bytes, byteCount: UInt32(region.byteCount), isWritable: isWritable,
      isExecutable: isExecutable)
  }
}
