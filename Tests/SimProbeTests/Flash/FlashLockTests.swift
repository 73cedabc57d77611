import Testing

@testable import SimProbe

/// The key registers and what the locks protect (RM0090, 3.6.1 and 3.6.2).
@Suite struct FlashLockTests {
  @Test func `the two keys in order unlock CR`() throws {
    let bench = try FlashBench()
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
    bench.unlock()
    #expect(bench.read(FlashBench.cr) == 0)
  }

  @Test(arguments: [0, 0xCDEF_89AB, 0x0819_2A3B] as [UInt32])
  func `a wrong first key is a bus error and locks until reset`(key: UInt32) throws {
    let bench = try FlashBench()
    #expect(bench.write(FlashBench.keyr, key) == .fault)
    bench.unlock()
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
    bench.flash.reset(now: bench.now)
    bench.unlock()
    #expect(bench.read(FlashBench.cr) == 0)
  }

  @Test func `a wrong second key is a bus error and locks until reset`() throws {
    let bench = try FlashBench()
    #expect(bench.write(FlashBench.keyr, 0x4567_0123) != .fault)
    #expect(bench.write(FlashBench.keyr, 0x4567_0123) == .fault)
    bench.unlock()
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
  }

  @Test func `keys written to an open lock change nothing and do not fault`() throws {
    let bench = try FlashBench()
    bench.unlock()
    #expect(bench.write(FlashBench.keyr, 0x4567_0123) != .fault)
    #expect(bench.write(FlashBench.keyr, 0xCDEF_89AB) != .fault)
    #expect(bench.read(FlashBench.cr) == 0)
  }

  @Test func `a key in halves is a wrong key`() throws {
    let bench = try FlashBench()
    #expect(bench.write(FlashBench.keyr, 0x0123, .halfword) == .fault)
  }

  @Test func `a write to a locked CR is dropped without an error`() throws {
    let bench = try FlashBench()
    #expect(bench.write(FlashBench.cr, 0x201) != .fault)
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
    #expect(bench.read(FlashBench.sr) == 0)
  }

  @Test func `locking keeps the other bits as written`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(FlashBench.cr, 0x8000_0204)
    #expect(bench.read(FlashBench.cr) == 0x8000_0204)
  }

  @Test func `KEYR and OPTKEYR read as zero`() throws {
    let bench = try FlashBench()
    bench.unlock()
    #expect(bench.read(FlashBench.keyr) == 0)
    #expect(bench.read(FlashBench.optkeyr) == 0)
  }

  @Test func `the option lock is independent of the control lock`() throws {
    let bench = try FlashBench()
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
    bench.unlock()
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
    bench.unlockOptions()
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAEC)
    bench.write(FlashBench.optcr, 0x0FFF_AAED)
    #expect(bench.read(FlashBench.optcr) == 0x0FFF_AAED)
  }

  @Test func `a wrong option key is a bus error and locks OPTCR until reset`() throws {
    let bench = try FlashBench()
    #expect(bench.write(FlashBench.optkeyr, 1) == .fault)
    bench.unlockOptions()
    #expect(bench.read(FlashBench.optcr) & 1 == 1)
    bench.flash.reset(now: bench.now)
    bench.unlockOptions()
    #expect(bench.read(FlashBench.optcr) & 1 == 0)
  }

  @Test func `reset locks again and clears ACR and CR`() throws {
    let bench = try FlashBench()
    bench.unlock()
    bench.write(0x00, 0x705)
    bench.write(FlashBench.cr, 0x204)
    bench.flash.reset(now: bench.now)
    #expect(bench.read(0x00) == 0)
    #expect(bench.read(FlashBench.cr) == 0x8000_0000)
  }
}
