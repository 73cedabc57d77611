import Testing

@testable import SimProbe

/// The flash interface as a debugger drives it, through packets and virtual time.
@Suite struct FlashThroughSWDTests {
  @Test func `erase, program and read back`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202)
    bench.write(0x4002_3C10, 0x1_0202)
    let start = bench.clock.nanoseconds
    #expect(bench.waitForFlash() == 0)
    #expect((219_000_000...223_000_000).contains(bench.clock.nanoseconds - start))
    bench.write(0x4002_3C10, 0x201)
    bench.write(0x0800_0000, 0x1234_5678)
    #expect(bench.waitForFlash() == 0)
    #expect(bench.read(0x0800_0000) == 0x1234_5678)
  }

  @Test func `a read of flash in an erase waits and then answers`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202)
    bench.write(0x4002_3C10, 0x1_0202)
    _ = bench.insist(.write(.access, 0x4, 0x0800_0000))
    #expect(bench.send(.read(.access, 0xC)) == .ok(0))
    #expect(bench.send(.read(.debug, 0xC)) == .wait)
    #expect(bench.send(.read(.debug, 0x4)) == .ok(0xF000_0000))
    bench.pass(milliseconds: 230)
    #expect(bench.send(.read(.debug, 0xC)) == .ok(0xFFFF_FFFF))
  }

  @Test func `a stalled read can be aborted and SR asked instead`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202)
    bench.write(0x4002_3C10, 0x1_0202)
    _ = bench.insist(.write(.access, 0x4, 0x0800_0000))
    _ = bench.send(.read(.access, 0xC))
    #expect(bench.send(.read(.debug, 0xC)) == .wait)
    _ = bench.send(.write(.debug, 0x0, 1))
    #expect(bench.read(0x4002_3C0C) == 0x1_0000)
  }

  @Test func `a wrong key is an access fault`() throws {
    let bench = try BoardBench()
    bench.connect()
    #expect(!bench.write(0x4002_3C04, 0x1111_1111))
    bench.unlockFlash()
    #expect(bench.read(0x4002_3C10) == 0x8000_0000)
  }

  @Test func `a halted core does not stop an erase and a system reset does`() throws {
    let bench = try BoardBench(seed: 9)
    bench.connect()
    bench.write(0xE000_EDF0, 0xA05F_0003)
    for offset in 0..<64 { bench.chip.flash.main.store(0, .word, at: offset * 4) }
    bench.unlockFlash()
    bench.write(0x4002_3C10, 0x202)
    bench.write(0x4002_3C10, 0x1_0202)
    #expect(bench.read(0x4002_3C0C) == 0x1_0000)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x4002_3C0C) == 0)
    #expect((0..<64).contains { bench.chip.flash.main.word(at: $0 * 4) != 0xFFFF_FFFF })
  }

  @Test func `level 1 shuts the flash to the debugger until the power is cycled`() throws {
    let bench = try BoardBench()
    bench.chip.flash.main.store(0x2000_1000, .word, at: 0)
    bench.connect()
    bench.putOptions(0x0FFF_55EC)
    #expect(bench.read(0x0800_0000) == 0x2000_1000)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x0800_0000) == nil)
    #expect(bench.read(0x1FFF_7800) == nil)
    #expect(bench.read(0x2000_0000) != nil)
    #expect(bench.read(0xE004_2000) == 0x1001_6413)
    #expect(bench.read(0x4002_3C14) == 0x0FFF_55ED)
    bench.board.cyclePower()
    bench.pass(milliseconds: 2)
    #expect(!bench.chip.flash.isShutByReadProtection)
    bench.connect()
    _ = bench.read(0xE000_ED00)
    #expect(bench.read(0x0800_0000) == nil)
  }

  @Test func `a protected part caught at reset shows the vectors that cannot be read`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.putOptions(0x0FFF_55EC)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    bench.write(0xE000_EDF0, 0xA05F_0003)
    bench.write(0xE000_EDF4, 15)
    #expect(bench.read(0xE000_EDF8) == 0xFFFF_FFFE)
  }

  @Test func `level 1 shuts the flash to code that did not boot from it, debugger or not`() throws {
    let bench = try BoardBench()
    bench.chip.flash.storedOptions.user = 0x55EC
    bench.chip.boot0 = true
    bench.board.cyclePower()
    #expect(bench.chip.flash.isShutByReadProtection)
    bench.chip.boot0 = false
    bench.board.cyclePower()
    #expect(!bench.chip.flash.isShutByReadProtection)
  }

  @Test func `regression to level 0 erases and opens the part`() throws {
    let bench = try BoardBench("stm32f446re")
    bench.chip.flash.main.store(0, .word, at: 0)
    bench.connect()
    bench.putOptions(0x00FF_55EC)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    bench.putOptions(0x00FF_AAEC)
    bench.write(0xE000_ED0C, 0x05FA_0004)
    bench.pass(milliseconds: 2)
    #expect(bench.read(0x0800_0000) == 0xFFFF_FFFF)
  }

  @Test func `level 2 silences the debug port for ever`() throws {
    let bench = try BoardBench()
    bench.connect()
    bench.putOptions(0x0FFF_CCEC)
    bench.board.cyclePower()
    bench.pass(milliseconds: 2)
    #expect(bench.connect() == .silence)
    bench.board.driveReset(low: true)
    #expect(bench.connect() == .silence)
  }
}
