/// The ROM bootloader's memory: enough of one to boot into, and erased elsewhere.
///
/// ST's code is not reproduced. The vector table points at a loop inside the memory, so that a core that boots from
/// system memory stays there; what the bootloader does meanwhile is `SystemBootloader`. On a part with two banks and BFB2 set it points
/// at the choice of the bank instead (AN2606, pattern 5): bank 2 where its first word can be a stack pointer, else bank
/// 1 where its can, else the loop.
enum SystemMemory {
  /// Makes the 30 KiB.
  static func make(_ map: MemoryMap, _ bootloader: BootloaderFacts) -> MemoryRegion {
    let byteCount = map.systemMemory.count
    let memory = MemoryRegion(byteCount: byteCount, filledWith: 0xFF)
    let entry = loopEntry
    let stack = map.sramBase + 0x2000
    memory.store(stack, .word, at: 0)
    for vector in 1..<16 { memory.store(map.systemMemory.lowerBound + entry | 1, .word, at: vector * 4) }
    let branchToItself: UInt32 = 0xE7FE
    memory.store(branchToItself, .halfword, at: Int(entry))
    for (position, word) in bankChoice.enumerated() { memory.store(word, .word, at: Int(choiceEntry) + 4 * position) }
    memory.store(
      UInt32(bootloader.identifier), .byte, at: Int(bootloader.identifierAddress - map.systemMemory.lowerBound))
    return memory
  }

  /// Decides where a start from system memory leads: to the choice of a bank where the second one's address is given,
  /// else to the loop.
  static func setEntry(_ memory: MemoryRegion, _ map: MemoryMap, choosingBankAt bank2: UInt32?) {
    memory.store(map.systemMemory.lowerBound + (bank2 == nil ? loopEntry : choiceEntry) | 1, .word, at: 4)
    memory.store(bank2 ?? 0, .word, at: Int(choiceEntry) + 4 * bankAddressPosition)
  }

  private static let loopEntry: UInt32 = 0x400
  private static let choiceEntry: UInt32 = 0x500
  /// Where the choice of a bank stays if there is none to choose.
  private static let undecided: UInt32 = choiceEntry + 0x22

  /// Whether a core that executes at an address is in the bootloader, and not on its way to a bank.
  static func isBootloader(_ address: UInt32, _ map: MemoryMap) -> Bool {
    [loopEntry, undecided].contains(address &- map.systemMemory.lowerBound)
  }
  /// Where the address of bank 2 stands among the words of the choice.
  private static let bankAddressPosition = 18

  /// The choice of the bank, in Thumb for the Cortex-M3.
  ///
  ///     ldr r0, =BANK2; ldr r1, [r0]; ldr r2, =0x2FFC0000; ands r2, r1; mov r3, #0x20000000; cmp r2, r3
  ///     movw r5, #0x100; beq choose                     @ MEMRMP: the flash at 0, banks swapped
  ///     movs r5, #0; mov r0, #0x08000000; ldr r1, [r0]; ldr r2, =0x2FFC0000; ands r2, r1; cmp r2, r3
  ///     stay: bne stay
  ///     choose: ldr r2, =0x40023844; ldr r4, [r2]; orr r4, #0x4000; str r4, [r2]    @ RCC_APB2ENR.SYSCFGEN
  ///     ldr r2, =0x40013800; str r5, [r2]; dsb; isb     @ SYSCFG_MEMRMP
  ///     mov r0, #0x08000000; ldr r1, [r0]; msr msp, r1; ldr r1, [r0, #4]; bx r1
  private static let bankChoice: [UInt32] = [
    0x6801_4811, 0x400A_4A11, 0x5300_F04F, 0xF240_429A, 0xD007_1500, 0xF04F_2500, 0x6801_6000, 0x400A_4A0B,
    0xD1FE_429A, 0x6814_4A0A, 0x4480_F444, 0x4A09_6014, 0xF3BF_6015, 0xF3BF_8F4F, 0xF04F_8F6F, 0x6801_6000,
    0x8808_F381, 0x4708_6841, 0x8123_4567, 0x2FFC_0000, 0x4002_3844, 0x4001_3800,
  ]
}
