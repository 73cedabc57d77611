/// The ROM bootloader's memory: enough of one to boot into, and erased elsewhere.
///
/// ST's code is not reproduced. The vector table points at a loop inside the memory, so that a core that boots from
/// system memory stays there, as a bootloader that nobody talks to does.
enum SystemMemory {
  /// Makes the 30 KiB.
  static func make() -> MemoryRegion {
    let byteCount = MemoryMap.systemMemory.count
    let memory = MemoryRegion(byteCount: byteCount, filledWith: 0xFF)
    let entry: UInt32 = 0x400
    let stack = MemoryMap.sramBase + 0x2000
    memory.store(stack, .word, at: 0)
    for vector in 1..<16 { memory.store(MemoryMap.systemMemory.lowerBound + entry | 1, .word, at: vector * 4) }
    let branchToItself: UInt32 = 0xE7FE
    memory.store(branchToItself, .halfword, at: Int(entry))
    return memory
  }
}
