import TestSupport

@testable import SimProbe

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
  /// A register of the device that counts periods of `steadyTime` nanoseconds and says how long it stays as it is.
  private static let steadyRegister = device + 8
  private static let steadyTime: UInt64 = 6_250

  /// A core that runs a program, or one made of a seed: one that works, or a loop that mostly waits.
  init(seed: UInt64, program: [UInt16]? = nil, isIdle: Bool = false) {
    for vector in 0..<64 { flash.store(Self.flashBase + Self.handler | 1, .word, at: vector * 4) }
    flash.store(Self.ramBase + 0x1000, .word, at: 0)
    flash.store(Self.flashBase + Self.start | 1, .word, at: 4)
    // The handler counts in RAM and asks the device: LDR R0,[R8,#0]; ADDS R0,#1; STR R0,[R8,#0]; LDR R1,[R9]; BX LR.
    write([0xF8D8, 0x0000, 0x3001, 0xF8C8, 0x0000, 0xF8D9, 0x1000, 0x4770], at: Self.handler)
    var generator = RandomProgram(seed: seed)
    write(program ?? (isIdle ? generator.makeIdleLoop() : generator.make()), at: Self.start)
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
    core.registers[11] = 0xE000_E000
    guard program == nil else { return }
    startTimer(&generator, seed, isIdle)
  }

  /// Lets SysTick interrupt the program, with wait states and caches by the seed.
  private func startTimer(_ generator: inout RandomProgram, _ seed: UInt64, _ isIdle: Bool) {
    let waitStates = UInt32.random(in: 0...7, using: &generator.random)
    let caches = UInt32(truncatingIfNeeded: seed) << 8 & 0x700
    core.accelerator.configure(accessControl: waitStates | caches)
    core.setFastMemory(core.fastMemory)
    core.system.vectorTable = Self.flashBase
    core.writeSystemControl(
      0x014, UInt32.random(in: isIdle ? 400...9_000 : 60...400, using: &generator.random), by: .coreData)
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
    case Self.steadyRegister: return .done(UInt32(core.localNanoseconds / Self.steadyTime), cycles: 1)
    default: return .fault
    }
  }

  func steadyEnd(_ address: UInt32) -> UInt64? {
    address == Self.steadyRegister ? (core.localNanoseconds / Self.steadyTime + 1) * Self.steadyTime : nil
  }

  func absorbs(_ value: UInt32, at address: UInt32, _ width: BusWidth) -> Bool {
    address == Self.steadyRegister && value == 0
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
    case Self.steadyRegister where value == 0: return .done(0, cycles: 1)
    default: return .fault
    }
  }
}
