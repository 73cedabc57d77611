import TestSupport
import Testing

@testable import SimProbe

/// Skipped turns against executed ones: the same loop with the same interrupts, once skipping and once turn by turn.
@Suite struct `Loops that wait` {
  @Test func `end in the states and at the times of loops whose every turn is executed`() {
    var skipping = 0
    for seed in UInt64(1)...120 {
      let skipped = PairedCore(seed: seed, isIdle: true)
      let executed = PairedCore(seed: seed, isIdle: true)
      executed.core.skipsIdleTurns = false
      var moments = SeededGenerator(seed: seed)
      var time: UInt64 = 0
      for _ in 0..<25 {
        time += UInt64.random(in: 100...90_000, using: &moments)
        skipped.core.run(until: time)
        executed.core.run(until: time)
        #expect(skipped.state == executed.state, "seed \(seed), \(time) ns")
        guard skipped.state == executed.state else { return }
      }
      if skipped.core.watch.interval == LoopWatch.shortestInterval { skipping += 1 }
    }
    #expect(skipping > 30, "many of the loops were recognised")
  }

  @Test(arguments: [
    // LDR R0,[R9,#8]; CMP R0,R1; BEQ to the load: a status register.
    [0xF8D9, 0x0008, 0x4288, 0xD1FB] as [UInt16],
    // LDR R0,[R8,#8]; PUSH {R0,LR}; POP {R0,R2}; CBZ to the load: a flag in RAM, read by something with a stack frame.
    [0xF8D8, 0x0008, 0xB501, 0xBC05, 0x2800, 0xD0F9],
    // MOVS R2,#0; STR R2,[R9,#8]; LDR R0,[R9,#8]; CMP R0,R1; BNE to the first: a watchdog that is not running is fed.
    [0x2200, 0xF8C9, 0x2008, 0xF8D9, 0x0008, 0x4288, 0xD1F8],
    // LDR R0,[R11,#16]; LSLS R0,#15; BPL to the load: SysTick's COUNTFLAG.
    [0xF8DB, 0x0010, 0x03C0, 0xD5FB],
  ])
  func `are recognised, and count as executed`(loop: [UInt16]) {
    let bench = PairedCore(seed: 1, program: loop + [0xE7FE])
    bench.core.registers[1] = .max
    bench.core.run(until: 1_000_000)
    #expect(bench.core.watch.interval == LoopWatch.shortestInterval, "the loop was recognised")
    let begin = (cycles: bench.core.cycles, instructions: bench.core.executedInstructions)
    bench.core.run(until: 500_000_000)
    #expect(bench.core.executedInstructions - begin.instructions > (bench.core.cycles - begin.cycles) / 4)
  }
}
