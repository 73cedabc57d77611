import Testing

@testable import SimProbe

/// Option bytes and what they protect (RM0090, 3.7).
@Suite struct FlashProtectionTests {
  @Test(arguments: [
    ("stm32f207zg", UInt32(0x0FFF_AAED)), ("stm32f410rb", 0x7FFF_AAED), ("stm32f413zh", 0x7FFF_AAED),
    ("stm32f429zi", 0x0FFF_AAED), ("stm32f446re", 0x0FFF_AAED),
  ])
  func `a factory part loads its documented OPTCR`(name: String, value: UInt32) throws {
    #expect(try FlashBench(name).read(FlashBench.optcr) == value)
  }

  @Test func `a protected sector is neither programmed nor erased, nor is the flash as a whole`() throws {
    var bench = try FlashBench()
    bench.putOptions(0x0FFD_AAEC)
    bench.unlock()
    bench.write(FlashBench.cr, 0x201)
    bench.program(0x4000, 0)
    #expect(bench.read(FlashBench.sr) == 0x10)
    #expect(bench.load(0x4000).value == 0xFFFF_FFFF)
    for control in [0x1_020A, 0x1_0204] as [UInt32] {
      bench.write(FlashBench.sr, 0xF0)
      bench.write(FlashBench.cr, control)
      #expect(bench.read(FlashBench.sr) == 0x10, "CR \(control)")
    }
    bench.write(FlashBench.sr, 0xF0)
    bench.startErase(2)
    bench.finish()
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `OPTCR without OPTSTRT protects nothing and is lost at reset`() throws {
    var bench = try FlashBench()
    bench.unlockOptions()
    bench.write(FlashBench.optcr, 0x0000_AAEC)
    bench.unlock()
    bench.put(0, at: 0)
    #expect(bench.read(FlashBench.sr) == 0)
    bench.flash.reset(now: bench.now)
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
  }

  @Test func `OPTSTRT takes the time of a small erase and survives reset`() throws {
    var bench = try FlashBench()
    bench.unlockOptions()
    bench.write(FlashBench.optcr, 0x0FFE_AA8C)
    bench.write(FlashBench.optcr, 0x0FFE_AA8E)
    #expect(bench.read(FlashBench.optcr) == 0x0FFE_AA8E)
    #expect(bench.finish() == 300_064_000)
    #expect(bench.read(FlashBench.optcr) == 0x0FFE_AA8C)
    bench.flash.reset(now: bench.now)
    #expect(bench.read(FlashBench.optcr) == 0x0FFE_AA8D)
  }

  @Test func `a write to locked option registers is dropped`() throws {
    let bench = try FlashBench("stm32f429zi")
    bench.write(FlashBench.optcr, 0)
    bench.write(FlashBench.optcr1, 0)
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
    #expect(bench.read(FlashBench.optcr1) == 0x0FFF_0000)
  }

  @Test func `OPTCR1 protects the sectors of bank 2`() throws {
    var bench = try FlashBench("stm32f429zi")
    bench.putOptions(0x0FFF_AAEC, optcr1: 0x0FFE_0000)
    bench.unlock()
    bench.startErase(0b10000)
    #expect(bench.read(FlashBench.sr) == 0x10)
    bench.write(FlashBench.sr, 0xF0)
    bench.startErase(0)
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
  }

  @Test func `the last bit of the F413 covers two sectors`() throws {
    var bench = try FlashBench("stm32f413zh")
    bench.putOptions(0x3FFF_AAEC)
    bench.unlock()
    for (selector, flags) in [(14, 0x10), (15, 0x10)] as [(UInt32, UInt32)] {
      bench.write(FlashBench.sr, 0xF0)
      bench.startErase(selector)
      #expect(bench.read(FlashBench.sr) == flags)
    }
    bench.write(FlashBench.sr, 0xF0)
    bench.startErase(13)
    #expect(bench.read(FlashBench.sr) == FlashBench.busy)
  }

  @Test func `DB1M cuts a 1 MiB part into two banks at the next reset`() throws {
    var bench = try FlashBench("stm32f429zg")
    #expect(bench.flash.map.bankCount == 1)
    bench.putOptions(0x4FFF_AAEC)
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.map.bankCount == 2)
    bench.unlock()
    bench.put(0, at: 0x8_0000)
    bench.startErase(0b10000)
    bench.finish()
    #expect(bench.load(0x8_0000).value == 0xFFFF_FFFF)
    bench.startErase(8)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }

  @Test func `level 1 shuts the flash to whoever the chip says`() throws {
    var bench = try FlashBench()
    bench.putOptions(0x0FFF_55EC)
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.readProtectionLevel == 1)
    bench.flash.shutByReadProtection(true)
    #expect(bench.load(0) == .fault)
    bench.unlock()
    bench.startErase(0)
    #expect(bench.read(FlashBench.sr) == 0x10)
    bench.write(FlashBench.sr, 0xF0)
    bench.write(FlashBench.cr, 0x201)
    bench.program(0, 0)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }

  @Test func `going back to level 0 erases everything first`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0x8_0000)
    bench.putOptions(0x0FFE_55EC)
    bench.flash.reset(now: bench.now)
    let backupErased = Recorder(bench.flash.backupMemoryErased)
    bench.unlockOptions()
    bench.write(FlashBench.optcr, 0x0FFF_AAEE)
    #expect(bench.finish() == 16_800_000_000 + 300_064_000)
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.readProtectionLevel == 0)
    #expect(bench.load(0x8_0000).value == 0xFFFF_FFFF)
    #expect(backupErased.values.count == 1)
  }

  @Test(arguments: [UInt32(0x0FFF_00EC), 0x0FFF_55EC, 0x0FFF_FFEC])
  func `going to level 1 or between its values erases nothing`(optcr: UInt32) throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0)
    bench.putOptions(0x0FFF_11EC)
    bench.flash.reset(now: bench.now)
    bench.putOptions(optcr)
    #expect(bench.load(0).value == 0)
  }

  @Test func `level 2 freezes the option bytes`() throws {
    var bench = try FlashBench()
    bench.putOptions(0x0FFF_CCEC)
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.readProtectionLevel == 2)
    bench.putOptions(0x0FFF_AAEC)
    #expect(bench.read(FlashBench.sr) == 0x10)
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.readProtectionLevel == 2)
  }

  @Test func `PCROP sectors run but cannot be read, programmed or erased`() throws {
    var bench = try FlashBench("stm32f446re")
    bench.unlock()
    bench.put(0x1234_5678, at: 0x4000)
    bench.putOptions(0x8002_AAEC)
    #expect(bench.load(0x4000) == .done(0, cycles: 0))
    #expect(bench.read(FlashBench.sr) == 0x100)
    bench.write(FlashBench.sr, 0x100)
    #expect(bench.load(0x4000, by: .coreFetch).value == 0x1234_5678)
    #expect(bench.load(0).value == 0xFFFF_FFFF)
    #expect(bench.read(FlashBench.sr) == 0)
    bench.startErase(1)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }

  @Test(arguments: [UInt32(0x0002_AAEC), 0x8000_AAEC])
  func `PCROP is removed only together with a level 1 to 0 step`(optcr: UInt32) throws {
    var bench = try FlashBench("stm32f446re")
    bench.putOptions(0x8002_AAEC)
    bench.putOptions(optcr)
    #expect(bench.read(FlashBench.sr) == 0x10)
    bench.flash.reset(now: bench.now)
    #expect(bench.read(FlashBench.optcr) == 0x8002_AAED)
    bench.putOptions(0x8003_55EC)
    bench.flash.reset(now: bench.now)
    bench.putOptions(optcr)
    #expect(bench.read(FlashBench.sr) == 0)
    bench.flash.reset(now: bench.now)
    #expect(bench.read(FlashBench.optcr) == optcr | 1)
  }

  @Test func `losing power while option bytes are written leaves level 1 and PCROP everywhere`() throws {
    let bench = try FlashBench("stm32f429zi")
    bench.unlockOptions()
    bench.write(FlashBench.optcr, 0x0FFF_AAEE)
    bench.flash.reset(now: bench.now + 1)
    #expect(bench.flash.readProtectionLevel == 1)
    #expect(bench.read(FlashBench.optcr) & 0x8FFF_FF00 == 0x8FFF_FF00)
    #expect(bench.flash.readoutProtectedSectors == 0xFF_FFFF)
  }

  @Test func `a reset in the mass erase of a regression keeps level 1`() throws {
    var bench = try FlashBench()
    bench.unlock()
    bench.put(0, at: 0)
    bench.putOptions(0x0FFF_55EC)
    bench.flash.reset(now: bench.now)
    bench.unlockOptions()
    bench.write(FlashBench.optcr, 0x0FFF_AAEE)
    bench.flash.reset(now: bench.now + 1000)
    #expect(bench.flash.readProtectionLevel == 1)
  }
}
