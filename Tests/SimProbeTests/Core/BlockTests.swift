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

/// A core with flash, RAM, a device and a timer that interrupts a random program.
final class PairedCore: SystemBus {
  struct State: Equatable {
    var registers: [UInt32]
    var status: UInt32
    var programCounter: UInt32
    var cycles: UInt64
    var instructions: UInt64
    var interrupts: Int
    var memory: [UInt8]
  }

  private(set) lazy var core = CortexCore(profile: .cortexM4r0p1(), bus: self, clock: VirtualClock())
  let flash = MemoryRegion(byteCount: 0x4000, filledWith: 0xFF)
  let memory = MemoryRegion(byteCount: 0x1000, filledWith: 0)
  /// How far `run(until:)` has been called by whoever cuts finely.
  var time: UInt64 = 0
  private(set) var deviceAccesses = 0

  static let nanosecondsPerCycle: UInt64 = 62
  static let start: UInt32 = 0x100
  private static let handler: UInt32 = 0x80
  private static let flashBase: UInt32 = 0x0800_0000
  private static let ramBase: UInt32 = 0x2000_0000
  private static let device: UInt32 = 0x4000_0000

  /// A core that runs a program, or one made of a seed.
  init(seed: UInt64, program: [UInt16]? = nil) {
    for vector in 0..<64 { flash.store(Self.flashBase + Self.handler | 1, .word, at: vector * 4) }
    flash.store(Self.ramBase + 0x1000, .word, at: 0)
    flash.store(Self.flashBase + Self.start | 1, .word, at: 4)
    // The handler counts in RAM and asks the device: LDR R0,[R8,#0]; ADDS R0,#1; STR R0,[R8,#0]; LDR R1,[R9]; BX LR.
    write([0xF8D8, 0x0000, 0x3001, 0xF8C8, 0x0000, 0xF8D9, 0x1000, 0x4770], at: Self.handler)
    var generator = RandomProgram(seed: seed)
    write(program ?? generator.make(), at: Self.start)
    core.setFastMemory([
      FastMemory(
        base: Self.flashBase, bytes: flash.bytes, byteCount: 0x4000, isWritable: false, isExecutable: true,
        isFlash: true),
      FastMemory(base: Self.ramBase, bytes: memory.bytes, byteCount: 0x1000, isWritable: true, isExecutable: true),
    ])
    core.powerOnReset()
    core.releaseReset()
    core.programCounter = Self.flashBase + Self.start
    core.thumb = true
    core.registers[13] = Self.ramBase + 0x1000
    core.registers[8] = Self.ramBase
    core.registers[9] = Self.device
    core.registers[10] = Self.flashBase
    guard program == nil else { return }
    let waitStates = UInt32.random(in: 0...7, using: &generator.random)
    let caches = UInt32(truncatingIfNeeded: seed) << 8 & 0x700
    core.accelerator.configure(accessControl: waitStates | caches)
    core.setFastMemory(core.fastMemory)
    core.system.vectorTable = Self.flashBase
    core.writeSystemControl(0x014, UInt32.random(in: 60...400, using: &generator.random), by: .coreData)
    core.writeSystemControl(0x010, 7, by: .coreData)
  }

  private func write(_ halfwords: [UInt16], at offset: UInt32) {
    for (index, halfword) in halfwords.enumerated() {
      flash.store(UInt32(halfword), .halfword, at: Int(offset) + index * 2)
    }
  }

  /// How often the handler has run.
  var interrupts: Int { Int(memory.word(at: 0)) }

  var state: State {
    State(
      registers: (0..<15).map { core.registers[$0] }, status: core.programStatus, programCounter: core.programCounter,
      cycles: core.cycles, instructions: core.executedInstructions, interrupts: interrupts,
      memory: memory.contents(0..<memory.byteCount))
  }

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    switch address {
    case 0..<0x100: return .done(flash.load(width, at: Int(address)), cycles: 0)
    case Self.flashBase..<Self.flashBase + 0x4000:
      return .done(flash.load(width, at: Int(address - Self.flashBase)), cycles: 0)
    case Self.ramBase..<Self.ramBase + 0x1000:
      return .done(memory.load(width, at: Int(address - Self.ramBase)), cycles: 0)
    case Self.device:
      // The device shows the time, so that every cycle counts.
      deviceAccesses += 1
      return .done(UInt32(truncatingIfNeeded: core.localNanoseconds), cycles: 1)
    default: return .fault
    }
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    switch address {
    case Self.ramBase..<Self.ramBase + 0x1000:
      memory.store(value, width, at: Int(address - Self.ramBase))
      return .done(0, cycles: 0)
    case Self.device + 4:
      // Writing makes PendSV pending at once.
      core.interrupts.pending.set(exception: ExceptionNumber.pendSV, true)
      core.requestAttention()
      return .done(0, cycles: 2)
    default: return .fault
    }
  }
}
