import Testing

@testable import SimProbe

/// Access modes of register fields.
@Suite struct RegisterFileTests {
  private func file() -> RegisterFile {
    RegisterFile([
      RegisterDescription(
        "CR", at: 0x4, reset: 0x8100_0F0F,
        [
          RegisterField("A", 0...7), RegisterField("B", 8...11, .readOnly), RegisterField("C", 12, .readSet),
          RegisterField("D", 16, .writeOneClears), RegisterField("E", 17, .writeZeroClears),
          RegisterField("F", 24...31, .writeOnly),
        ])
    ])
  }

  @Test func `a register reads its reset value without write-only fields`() {
    #expect(file().read(0x4) == 0x0F0F)
    #expect(file()[0x4] == 0x8100_0F0F)
  }

  @Test func `each field takes a write as its mode says`() {
    let file = file()
    file[0x4] |= 0x3_0000
    file.write(0x4, 0xFFFF_FFFF, ByteLanes(0x4, .word))
    #expect(file[0x4] == 0x8102_1FFF)
    file.write(0x4, 0, ByteLanes(0x4, .word))
    #expect(file[0x4] == 0x8100_1F00)
  }

  @Test func `a narrow write changes its own bytes only`() {
    let file = file()
    file[0x4] |= 0x2_0000
    file.write(0x4, 0xAA, ByteLanes(0x4, .byte))
    #expect(file[0x4] == 0x8102_0FAA)
    file.write(0x4, 0, ByteLanes(0x6, .halfword))
    #expect(file[0x4] == 0x8100_0FAA)
  }

  @Test func `there is nothing where no register is`() {
    let file = file()
    #expect(file.read(0x0) == nil)
    #expect(file.read(0x8) == nil)
    #expect(!file.contains(0x0))
    file.write(0x8, 1, ByteLanes(0x8, .word))
    #expect(file[0x8] == 0)
  }

  @Test func `reset restores every register`() {
    let file = file()
    file.write(0x4, 0, ByteLanes(0x4, .word))
    file.reset()
    #expect(file[0x4] == 0x8100_0F0F)
  }

  @Test func `no two fields of a modelled peripheral overlap`() {
    let die = Die.f42x
    let peripherals: [any Peripheral] = [
      ResetAndClockControl(die: die), PowerControl(die: die), SystemConfiguration(die: die),
      GeneralPurposePort("GPIOA"),
      IndependentWatchdog(), WindowWatchdog(), DebugUnit(die: die),
    ]
    for register in peripherals.flatMap(\.registers.descriptions) {
      var seen: UInt32 = 0
      for field in register.fields {
        #expect(seen & field.mask == 0, "\(register.name).\(field.name)")
        seen |= field.mask
      }
    }
  }

  @Test func `the peripheral blocks are in order and do not overlap`() {
    for (block, next) in zip(PeripheralBlocks.f2f4.all, PeripheralBlocks.f2f4.all.dropFirst()) {
      #expect(block.base + block.kilobytes << 10 <= next.base, "\(block.name)")
      #expect(PeripheralBlocks.f2f4.containing(block.base + block.kilobytes << 10 - 1) == block)
    }
  }
}
