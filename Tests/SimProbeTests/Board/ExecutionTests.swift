import Testing

@testable import SimProbe

/// Software on the simulated core meets the flash interface and the peripherals.
@Suite struct ExecutionTests {
  private static let loop: UInt32 = 0x2000_0000
  private static let source: UInt32 = 0x2000_1000

  /// Copies r2 words from r0 to r1 and waits for BSY of the status register at r3 after each.
  private static let loader: [UInt16] = [
    0xF850, 0x4B04,  // loop: ldr r4, [r0], #4
    0xF841, 0x4B04,  //       str r4, [r1], #4
    0x681D,  //         wait: ldr r5, [r3]
    0xF415, 0x3F80,  //       tst r5, #0x10000
    0xD1FB,  //               bne wait
    0x3A01,  //               subs r2, #1
    0xD1F5,  //               bne loop
    0xBE00,  //               bkpt
  ]

  /// Counts in the word at r0 for ever.
  private static let counter: [UInt16] = [
    0x6801,  // loop: ldr r1, [r0]
    0x3101,  //       adds r1, #1
    0x6001,  //       str r1, [r0]
    0xE7FB,  //       b loop
  ]

  @Test func `a loader in RAM programs the flash and stops at its breakpoint`() throws {
    let bench = try BoardBench()
    for word in 0..<256 { bench.chip.bus.sram.store(UInt32(word) &* 0x9E37_79B9, .word, at: 0x1000 + word * 4) }
    bench.connect()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x201)
    bench.start(
      Self.loader, in: bench.chip.bus.sram, at: Self.loop,
      registers: [Self.source, 0x0800_0000, 256, 0x4002_3C0C])
    let begin = bench.clock.nanoseconds
    while bench.clock.nanoseconds < begin + 10_000_000, bench.read(0xE000_EDF0).map({ $0 & 0x2_0000 }) == 0 {}
    #expect((256 * 16_000...256 * 20_000).contains(bench.clock.nanoseconds - begin))
    #expect(bench.read(0xE000_ED30).map { $0 & 2 } == 2)
    #expect(bench.read(0x4002_3C0C) == 0)
    for word in 0..<256 { #expect(bench.chip.flash.main.word(at: word * 4) == UInt32(word) &* 0x9E37_79B9) }
  }

  @Test func `a loader that forgets to wait is stalled and loses nothing`() throws {
    let bench = try BoardBench()
    for word in 0..<64 { bench.chip.bus.sram.store(UInt32(word), .word, at: 0x1000 + word * 4) }
    bench.connect()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x201)
    var hasty = Self.loader
    hasty[7] = 0xBF00
    bench.start(
      hasty, in: bench.chip.bus.sram, at: Self.loop,
      registers: [Self.source, 0x0800_0000, 64, 0x4002_3C0C])
    bench.pass(milliseconds: 3)
    #expect(bench.read(0xE000_EDF0).map { $0 & 0x2_0000 } == 0x2_0000)
    for word in 0..<64 { #expect(bench.chip.flash.main.word(at: word * 4) == UInt32(word)) }
  }

  @Test(arguments: [(UInt32(0), true), (0b10000, false)])
  func `code in flash stands still while its own bank is erased`(selector: UInt32, isOwnBank: Bool) throws {
    let bench = try BoardBench("stm32f429zi")
    let base = 0x8000
    for (index, halfword) in Self.counter.enumerated() {
      bench.chip.flash.main.store(UInt32(halfword), .halfword, at: base + index * 2)
    }
    bench.start(
      [], in: bench.chip.bus.sram, at: 0x0800_0000 + UInt32(base), registers: [0x2000_2000])
    bench.write(0x2000_2000, 0)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x2000_2000).map { $0 > 500 } == true)
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202 | selector << 3)
    bench.write(0x4002_3C10, 0x1_0202 | selector << 3)
    let before = bench.read(0x2000_2000)
    bench.pass(milliseconds: 1)
    #expect((bench.read(0x2000_2000) == before) == isOwnBank)
    if isOwnBank {
      bench.pass(milliseconds: 219)
      #expect(bench.read(0x2000_2000) != before)
    }
  }

  @Test func `at level 1 firmware runs until a debugger comes, and not again before a power cycle`() throws {
    let bench = try BoardBench()
    let (main, sram) = (bench.chip.flash.main, bench.chip.bus.sram)
    bench.chip.flash.storedOptions.user = 0x55EC
    main.store(0x2000_8000, .word, at: 0)
    main.store(0x0800_0009, .word, at: 4)
    // ldr r0, =0x20002000, then the counter.
    for (index, halfword) in ([0x4802, 0xBF00] + Self.counter).enumerated() {
      main.store(UInt32(halfword), .halfword, at: 8 + index * 2)
    }
    main.store(0x2000_2000, .word, at: 20)
    bench.board.cyclePower()
    let before = sram.word(at: 0x2000)
    bench.pass(milliseconds: 2)
    bench.chip.synchronise()
    #expect(sram.word(at: 0x2000) != before)
    bench.connect()
    _ = bench.read(0xE000_ED00)
    bench.pass(milliseconds: 1)
    #expect(bench.read(0xE000_EDF0).map { $0 & 0x8_0000 } == 0x8_0000)
    let stopped = bench.read(0x2000_2000)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 3)
    #expect(bench.read(0x2000_2000) == stopped)
    bench.board.cyclePower()
    let fresh = sram.word(at: 0x2000)
    bench.pass(milliseconds: 2)
    bench.chip.synchronise()
    #expect(sram.word(at: 0x2000) != fresh)
  }

  @Test func `a program that ends its part in the watchdog starts again`() throws {
    let bench = try BoardBench()
    let main = bench.chip.flash.main
    main.store(0x2000_8000, .word, at: 0)
    main.store(0x0800_0009, .word, at: 4)
    // ldr r0, =0x40003000; ldr r1, =0xCCCC; str r1, [r0]; b .
    for (index, halfword) in [0x4802, 0x4903, 0x6001, 0xE7FE, 0xBF00, 0xBF00].enumerated() {
      main.store(UInt32(halfword), .halfword, at: 8 + index * 2)
    }
    main.store(0x4000_3000, .word, at: 20)
    main.store(0x0000_CCCC, .word, at: 24)
    bench.board.cyclePower()
    bench.pass(milliseconds: 300)
    bench.connect()
    #expect(bench.read(0x4002_3874) == 0x0E00_0000)
    bench.pass(milliseconds: 300)
    #expect(bench.read(0x4002_3874) == 0x2E00_0000)
  }

  @Test func `software resets the chip for 1_09 ms`() throws {
    let bench = try BoardBench()
    // ldr r0, =0xE000ED0C; ldr r1, =0x05FA0004; str r1, [r0]; b .
    bench.start(
      [0x4801, 0x4902, 0x6001, 0xE7FE, 0xED0C, 0xE000, 0x0004, 0x05FA], in: bench.chip.bus.sram, at: Self.loop,
      registers: [])
    #expect(bench.read(0x2000_0000) == nil)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4002_3874).map { $0 & 0x1000_0000 } == 0x1000_0000)
  }

  @Test func `Stop without the debug bit blocks the access port until the core is caught under reset`() throws {
    let bench = try BoardBench()
    // ldr r0, =0xE000ED10; movs r1, #4; str r1, [r0]; wfi; b .
    let code: [UInt16] = [0x4802, 0x2104, 0x6001, 0xBF30, 0xE7FE, 0xBF00, 0xED10, 0xE000]
    bench.start(code, in: bench.chip.bus.sram, at: Self.loop, registers: [])
    bench.pass(milliseconds: 1)
    _ = bench.send(.write(.access, 0x4, 0x2000_0000))
    _ = bench.send(.read(.access, 0xC))
    #expect(bench.send(.read(.debug, 0xC)) == .wait)
    bench.board.driveReset(low: true)
    bench.connect()
    bench.write(0xE004_2004, 7)
    bench.board.driveReset(low: false)
    bench.start(code, in: bench.chip.bus.sram, at: Self.loop, registers: [])
    bench.pass(milliseconds: 1)
    #expect(bench.read(0x2000_0000) != nil)
    #expect(bench.read(0xE000_EDF0).map { $0 & 0x4_0000 } == 0x4_0000)
  }

  @Test func `Standby without the debug bit silences the port`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.enableClocks()
    bench.write(0x4000_7000, 0xC002)
    let code: [UInt16] = [0x4802, 0x2104, 0x6001, 0xBF30, 0xE7FE, 0xBF00, 0xED10, 0xE000]
    bench.start(code, in: bench.chip.bus.sram, at: Self.loop, registers: [])
    bench.pass(milliseconds: 1)
    #expect(bench.connect() == .silence)
    bench.board.driveReset(low: true)
    #expect(bench.connect() == .ok(0x2BA0_1477))
  }
}
