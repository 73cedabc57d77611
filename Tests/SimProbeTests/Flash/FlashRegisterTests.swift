import Testing

@testable import SimProbe

/// Access widths, masks that differ between parts, and the status register (RM0090, 3.9).
@Suite struct FlashRegisterTests {
  @Test func `BSY can be read as the upper halfword of SR`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.startErase(0)
    #expect(bench.read(FlashBench.sr + 2, .halfword) == 1)
    #expect(bench.read(FlashBench.sr + 2, .byte) == 1)
    bench.finish()
    #expect(bench.read(FlashBench.sr + 2, .halfword) == 0)
  }

  @Test func `narrow writes of OPTCR change their own bytes only`() throws {
    let bench = try FlashBench()
    bench.unlockOptions()
    bench.write(FlashBench.optcr + 1, 0x55, .byte)
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_55EC)
    bench.write(FlashBench.optcr + 2, 0x0FFE, .halfword)
    #expect(bench.read(FlashBench.optcr) == 0x0FFE_55EC)
    bench.write(FlashBench.optcr, 0x8C, .byte)
    #expect(bench.read(FlashBench.optcr) == 0x0FFE_558C)
  }

  @Test func `flags clear by writing one, locked too, and zeros change nothing`() throws {
    let bench = try FlashBench()
    bench.program(0, 0)
    #expect(bench.read(FlashBench.sr) == 0xC0)
    bench.write(FlashBench.sr, 0)
    #expect(bench.read(FlashBench.sr) == 0xC0)
    bench.write(FlashBench.sr, 0x40)
    #expect(bench.read(FlashBench.sr) == 0x80)
    bench.write(FlashBench.sr, 0xF0, .byte)
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `a dirty part shows PGPERR and PGSERR after reset`() throws {
    let bench = try FlashBench()
    bench.flash.startsWithStrayFlags = true
    bench.flash.reset(now: bench.now)
    #expect(bench.read(FlashBench.sr) == 0xC0)
  }

  @Test(
    arguments: zip(["stm32f407vg", "stm32f429zi", "stm32f446re"], [0x0300_037F, 0x0300_83FF, 0x0300_037F] as [UInt32]))
  func `CR takes the bits that the part has`(name: String, mask: UInt32) throws {
    let bench = try FlashBench(name)
    bench.unlock()
    bench.write(FlashBench.cr, 0x7FFE_FFFF)
    #expect(bench.read(FlashBench.cr) == mask)
  }

  @Test(arguments: zip(["stm32f207zg", "stm32f429zi"], [7, 15] as [UInt32]))
  func `LATENCY is as wide as the part has it and costs cycles`(name: String, latency: UInt32) throws {
    let bench = try FlashBench(name)
    bench.write(0x00, 0xF)
    #expect(bench.read(0x00) == latency)
    #expect(bench.load(0) == .done(0xFFFF_FFFF, cycles: latency))
  }

  @Test func `the cache resets are taken only while the caches are off`() throws {
    let bench = try FlashBench()
    bench.write(0x00, 0x0600)
    bench.write(0x00, 0x1E00)
    #expect(bench.read(0x00) == 0x0600)
    bench.write(0x00, 0)
    bench.write(0x00, 0x1800)
    #expect(bench.read(0x00) == 0x1800)
  }

  @Test func `only parts with two banks have OPTCR1`() throws {
    #expect(try FlashBench("stm32f429zi").flash.hasRegister(at: 0x18))
    #expect(try !FlashBench("stm32f407vg").flash.hasRegister(at: 0x18))
    #expect(try FlashBench("stm32f429zi").read(FlashBench.optcr1) == 0x0FFF_0000)
  }

  @Test func `EOP rises only with its interrupt enabled`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0)
    #expect(bench.read(FlashBench.sr) == 0)
    let levels = Recorder(bench.flash.interrupt)
    bench.write(FlashBench.cr, 0x0100_0201)
    bench.program(4, 0)
    bench.finish()
    #expect(bench.read(FlashBench.sr) == 0x01)
    bench.write(FlashBench.sr, 1)
    #expect(levels.values == [true, false])
  }

  @Test func `OPERR rises only with its interrupt enabled`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.program(0, 0)
    #expect(bench.read(FlashBench.sr) == 0xC0)
    bench.write(FlashBench.cr, 0x0200_0000)
    bench.program(0, 0)
    #expect(bench.read(FlashBench.sr) == 0xC2)
  }
}
