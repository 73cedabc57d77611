import TestSupport
import Testing

@testable import SimProbe

/// Blocks against single instructions: the same program with the same interrupts, once in long runs and once so finely
/// cut that no block ever fits before the next look at the clock.
@Suite struct `Blocks of instructions` {
  @Test(arguments: 1...24)
  func `give the states and times of single instructions, interrupts at any cycle included`(seed: UInt64) throws {
    let wholes = PairedCore(seed: seed)
    let singles = PairedCore(seed: seed)
    var moments = SeededGenerator(seed: seed)
    var time: UInt64 = 0
    for _ in 0..<40 {
      time += UInt64.random(in: 100...40_000, using: &moments)
      wholes.core.run(until: time)
      while singles.time < time {
        singles.time = min(time, singles.time + PairedCore.nanosecondsPerCycle / 2)
        singles.core.run(until: singles.time)
      }
      #expect(wholes.state == singles.state, "seed \(seed), \(time) ns")
      guard wholes.state == singles.state else { return }
    }
    #expect(wholes.core.executedInstructions > 1000)
    #expect(wholes.interrupts > 10, "the timer interrupts the program")
    #expect(wholes.deviceAccesses > 10, "the program uses the device")
  }

  @Test func `code that changed in memory is decoded anew`() {
    let bench = PairedCore(seed: 1, program: [0x2001, 0xE7FD])  // MOVS R0, #1; B .-2
    bench.core.run(until: 100_000)
    #expect(bench.core.registers[0] == 1)
    bench.flash.store(0x2002, .halfword, at: Int(PairedCore.start))
    bench.core.run(until: 200_000)
    #expect(bench.core.registers[0] == 2)
    // A change in bits that are set in the address too.
    bench.flash.store(0x2102, .halfword, at: Int(PairedCore.start))  // MOVS R1, #2
    bench.core.run(until: 300_000)
    #expect(bench.core.registers[1] == 2)
  }

  @Test(arguments: [
    // Behind itself: LDRH R0,[R1]; ADDS R0,#1; STRH R0,[R1]; MOVS R2,#0; ADDS R3,R2; B back to the start.
    [0x8808, 0x3001, 0x8008, 0x2200, 0x189B, 0xE7F9] as [UInt16],
    // In front of itself: ADDS R3,R2; LDRH R0,[R1]; ADDS R0,#1; MOVS R2,#0; STRH R0,[R1]; B back to the start.
    [0x189B, 0x8808, 0x3001, 0x2200, 0x8008, 0xE7F9] as [UInt16],
    // Two words at once: LDM R1,{R0,R4}; ADDS R0,#1; STM R5!,{R0,R4}; SUBS R5,#8; NOP; MOVS R2,#0; ADDS R3,R2; B.
    [0xE891, 0x0011, 0x3001, 0xC511, 0x3D08, 0xBF00, 0x2200, 0x189B, 0xE7F6] as [UInt16],
  ])
  func `a program that changes its own code in RAM executes what it wrote`(program: [UInt16]) throws {
    let place = try #require(program.firstIndex(of: 0x2200))
    func makeCore() -> PairedCore {
      let bench = PairedCore(seed: 1, program: [0xE7FE])
      let start: UInt32 = 0x2000_0400
      for (index, halfword) in program.enumerated() {
        bench.memory.store(UInt32(halfword), .halfword, at: 0x400 + 2 * index)
      }
      bench.core.programCounter = start
      bench.core.registers[1] = start + 2 * UInt32(place)
      bench.core.registers[5] = start + 2 * UInt32(place)
      (bench.core.registers[2], bench.core.registers[3]) = (0, 0)
      return bench
    }
    let (wholes, singles) = (makeCore(), makeCore())
    for time in stride(from: UInt64(1000), through: 40_000, by: 1000) {
      wholes.core.run(until: time)
      while singles.time < time {
        singles.time = min(time, singles.time + PairedCore.nanosecondsPerCycle / 2)
        singles.core.run(until: singles.time)
      }
      #expect(wholes.state == singles.state, "\(time) ns")
    }
    #expect(wholes.memory.halfword(at: 0x400 + 2 * place) > 0x2210, "it changed its code often")
    #expect(wholes.core.registers[3] > 100, "and executed that")
  }

  @Test func `a branch to itself takes the time until something is due`() {
    let bench = PairedCore(seed: 1, program: [0xE7FE])
    bench.core.run(until: 10_000_000_000)
    let cycles = bench.core.cycles
    #expect(cycles >= 160_000_000 && cycles < 160_000_003)
    #expect(bench.core.executedInstructions == (cycles + 2) / 3, "3 cycles a turn")
  }
}
