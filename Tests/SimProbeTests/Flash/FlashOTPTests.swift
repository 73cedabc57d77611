import Testing

@testable import SimProbe

/// The OTP area (RM0090, 3.8).
@Suite struct FlashOTPTests {
  private func program(_ bench: inout FlashBench, _ offset: Int, _ value: UInt32, _ width: BusWidth, _ cr: UInt32) {
    bench.write(FlashBench.cr, cr)
    _ = bench.flash.write(.otp, at: offset, value, width, now: bench.now)
    bench.finish()
  }

  @Test func `a block is programmed like the main flash and never raised again`() throws {
    var bench = try FlashBench()
    bench.unlock()
    program(&bench, 0x20, 0x1234_5678, .word, 0x201)
    program(&bench, 0x20, 0xFFFF_0000, .word, 0x201)
    #expect(bench.flash.readOTP(at: 0x20, .word, now: bench.now).value == 0x1234_0000)
    bench.write(FlashBench.cr, 0x1_0204)
    bench.finish()
    bench.flash.reset(now: bench.now)
    #expect(bench.flash.readOTP(at: 0x20, .word, now: bench.now).value == 0x1234_0000)
  }

  @Test func `a lock byte closes its block for ever and no other`() throws {
    var bench = try FlashBench()
    bench.unlock()
    program(&bench, 512 + 1, 0, .byte, 0x001)
    program(&bench, 0x20, 0, .word, 0x201)
    #expect(bench.read(FlashBench.sr) == 0x10)
    #expect(bench.flash.readOTP(at: 0x20, .word, now: bench.now).value == 0xFFFF_FFFF)
    bench.write(FlashBench.sr, 0xF0)
    program(&bench, 0x1C, 0, .word, 0x201)
    program(&bench, 0x40, 0, .word, 0x201)
    #expect(bench.read(FlashBench.sr) == 0)
    bench.flash.reset(now: bench.now)
    bench.unlock()
    program(&bench, 0x3C, 0, .word, 0x201)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }

  @Test func `without PG the OTP area refuses like the main flash`() throws {
    let bench = try FlashBench()
    _ = bench.flash.write(.otp, at: 0, 0, .word, now: bench.now)
    #expect(bench.read(FlashBench.sr) == 0xC0)
  }

  @Test func `the OTP area is neither read nor written while read protection shuts the flash`() throws {
    var bench = try FlashBench()
    bench.flash.shutByReadProtection(true)
    #expect(bench.flash.readOTP(at: 0, .word, now: bench.now) == .fault)
    bench.unlock()
    program(&bench, 0, 0, .word, 0x201)
    #expect(bench.read(FlashBench.sr) == 0x10)
  }
}
