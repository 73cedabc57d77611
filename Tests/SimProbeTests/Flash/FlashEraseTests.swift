import Testing

@testable import SimProbe

/// Sector and mass erase: selection, protection, times (RM0090, 3.6.3).
@Suite struct FlashEraseTests {
  @Test func `an erased sector reads all ones and its neighbours keep their bytes`() throws {
    var bench = try FlashBench()
    bench.unlock()
    for offset in [0x3FFC, 0x4000, 0x7FFC, 0x8000] { bench.put(0, at: offset) }
    bench.startErase(1)
    bench.finish()
    #expect(bench.load(0x3FFC).value == 0)
    #expect(bench.load(0x4000).value == 0xFFFF_FFFF)
    #expect(bench.load(0x7FFC).value == 0xFFFF_FFFF)
    #expect(bench.load(0x8000).value == 0)
  }

  @Test func `STRT reads one while busy and falls with BSY, SER stays`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.startErase(0)
    #expect(bench.read(FlashBench.cr) == 0x1_0202)
    bench.finish()
    #expect(bench.read(FlashBench.cr) == 0x202)
  }

  @Test func `STRT in the same write as SER starts the erase`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x1_0202)
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
  }

  @Test(
    arguments: [
      (UInt32(0x000), [300, 1080, 1860]), (0x100, [270, 630, 1170]), (0x200, [220, 530, 970]),
    ] as [(UInt32, [UInt64])])
  func `the parallelism at STRT decides the time`(psize: UInt32, milliseconds: [UInt64]) throws {
    var bench = try FlashBench()
    bench.unlock()
    for (selector, expected) in zip([0, 4, 5] as [UInt32], milliseconds) {
      bench.startErase(selector, psize: psize)
      #expect(bench.finish() == expected * 1_000_000, "SNB \(selector), PSIZE \(psize)")
    }
  }

  @Test func `a slow part takes the data sheet's maximum`() throws {
    var bench = try FlashBench(slow: true)
    bench.unlock()
    bench.startErase(5, psize: 0)
    #expect(bench.finish() == 4_000_000_000)
    bench.write(FlashBench.cr, 0x1_0204)
    #expect(bench.finish() == 16_000_000_000)
  }

  @Test func `the spread makes a part faster or slower`() throws {
    let timing = FlashTiming(ChipFamily.f2f4.flashTimes, spreadPerMille: 850)
    #expect(timing.erase(sectorOf: 16 << 10, .x32) == 187_000_000)
  }

  @Test(arguments: [
    (UInt32(12), "stm32f407vg"), (15, "stm32f407vg"), (8, "stm32f446re"), (12, "stm32f429zi"), (0x1C, "stm32f429zi"),
  ])
  func `a code that selects no sector sets WRPERR`(selector: UInt32, name: String) throws {
    let bench = try FlashBench(name)
    bench.unlock()
    bench.startErase(selector)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }

  @Test func `the codes of bank 2 begin with bit 4`() throws {
    var bench = try FlashBench("stm32f429zi")
    bench.unlock()
    bench.put(0, at: 0x10_0000)
    bench.put(0, at: 0x1E_0000)
    bench.startErase(0b10000)
    bench.finish()
    bench.startErase(0b11011)
    bench.finish()
    #expect(bench.load(0x10_0000).value == 0xFFFF_FFFF)
    #expect(bench.load(0x1E_0000).value == 0xFFFF_FFFF)
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `the codes of the F413 are linear`() throws {
    var bench = try FlashBench("stm32f413zh")
    bench.unlock()
    bench.put(0, at: 0x16_0000)
    bench.startErase(15)
    bench.finish()
    #expect(bench.load(0x16_0000).value == 0xFFFF_FFFF)
  }

  @Test func `SER with MER erases nothing`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0)
    bench.write(FlashBench.cr, 0x1_0206)
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.load(0).value == 0)
  }

  @Test func `STRT alone does nothing`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x1_0200)
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `MER left set through a lock wipes the part at the next STRT`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0x8_0000)
    bench.write(FlashBench.cr, 0x8000_0204)
    bench.unlock()
    bench.write(FlashBench.cr, bench.read(FlashBench.cr) | 0x1_0000)
    #expect(bench.finish() == 8_400_000_000)
    #expect(bench.load(0x8_0000).value == 0xFFFF_FFFF)
  }

  @Test(arguments: zip([0x0004, 0x8000, 0x8004] as [UInt32], [[true, false], [false, true], [true, true]]))
  func `MER and MER1 erase a bank each`(bits: UInt32, erased: [Bool]) throws {
    var bench = try FlashBench("stm32f429zi")
    bench.unlock()
    for offset in [0, 0x10_0000] { bench.put(0, at: offset) }
    bench.write(FlashBench.cr, 0x1_0200 | bits)
    let nanoseconds = bench.finish()
    for (offset, isErased) in zip([0, 0x10_0000], erased) {
      #expect((bench.load(offset).value == 0xFFFF_FFFF) == isErased)
    }
    #expect(nanoseconds == (bits == 0x8004 ? 8_484_000_000 : 8_400_000_000))
  }

  @Test func `a mass erase scales with the size`() throws {
    var bench = try FlashBench("stm32f446re")
    bench.unlock()
    bench.write(FlashBench.cr, 0x1_0204)
    #expect(bench.finish() == 4_200_000_000)
  }

  @Test func `too wide an erase for the supply leaves zeros behind and says nothing`() throws {
    var bench = try FlashBench()
    bench.unlock()
    for offset in stride(from: 0, to: 1024, by: 4) { bench.put(0, at: offset) }
    bench.flash.supply(millivolts: 2000)
    bench.startErase(0)
    bench.finish()
    #expect(bench.read(FlashBench.sr) == 0)
    #expect(bench.flash.main.contents(0..<1024).contains { $0 != 0xFF })
    bench.startErase(0, psize: 0)
    bench.finish()
    #expect(bench.flash.main.contents(0..<1024).allSatisfy { $0 == 0xFF })
  }

  @Test func `wear is counted for each sector`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.startErase(4)
    bench.finish()
    bench.write(FlashBench.cr, 0x1_0204)
    bench.finish()
    #expect(bench.flash.eraseCounts[0] == 1)
    #expect(bench.flash.eraseCounts[4..<8].allSatisfy { $0 == 2 })
    #expect(bench.flash.eraseCounts[8] == 1)
  }
}
