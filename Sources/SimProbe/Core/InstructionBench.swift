/// A core on a bench for comparing it with other emulators, one instruction at a time.
///
/// Code lies at `codeBase`, RAM at `ramBase`, nothing else exists; every byte begins as `pattern` says and returns to it
/// after each instruction.
package final class InstructionBench: SystemBus {
  /// The registers that user code sees.
  package struct State: Equatable, Sendable {
    /// R0 to R14.
    package var registers: [UInt32]
    /// APSR: N, Z, C, V, Q and GE in their places.
    package var flags: UInt32
    /// The next instruction's address.
    package var programCounter: UInt32
    /// S0 to S31 and FPSCR; empty where they do not matter.
    package var floats: [UInt32]

    package init(registers: [UInt32], flags: UInt32, programCounter: UInt32, floats: [UInt32]) {
      self.registers = registers
      self.flags = flags
      self.programCounter = programCounter
      self.floats = floats
    }
  }

  /// One encoding of the instruction set: its name and its pattern of 16 or 32 places (see `Encoding`).
  package struct Pattern: Sendable {
    package let name: String
    package let places: [UInt8]
    package let isFloat: Bool
    /// Whether the processor has it.
    package let isAvailable: Bool
  }

  package static let codeBase: UInt32 = 0x0800_0000
  package static let codeSize = 0x10_0000
  package static let ramBase: UInt32 = 0x2000_0000
  package static let ramSize = 0x1000

  private let profile: CoreProfile
  private let code = MemoryRegion(byteCount: codeSize, filledWith: 0)
  private let ram = MemoryRegion(byteCount: ramSize, filledWith: 0)
  /// The RAM as it is between instructions.
  private let pristine = MemoryRegion(byteCount: ramSize, filledWith: 0)
  private lazy var core = CortexCore(profile: profile, bus: self, clock: VirtualClock())

  /// More nanoseconds than any instruction can take.
  private static let longestRun: UInt64 = 100_000
  private static let branchToItself: [UInt8] = [0xFE, 0xE7]

  /// A Cortex-M4 with floating point, or a Cortex-M3.
  package init(isCortexM4: Bool) {
    profile = isCortexM4 ? .cortexM4r0p1() : .cortexM3r2p0()
    code.replace(at: 0, with: (0..<Self.codeSize).map(Self.pattern))
    for region in [ram, pristine] { region.replace(at: 0, with: (0..<Self.ramSize).map(Self.pattern)) }
    core.powerOnReset()
    core.releaseReset()
    core.state = .running
    core.system.coprocessorAccess = profile.hasFloatingPoint ? 0x00F0_0000 : 0
    core.setFastMemory([
      FastMemory(code, at: Self.codeBase, isWritable: false, isExecutable: true),
      FastMemory(ram, at: Self.ramBase, isWritable: true, isExecutable: true),
    ])
  }

  /// What memory holds at an offset between instructions.
  package static func pattern(_ offset: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (offset &* 73 &+ 41) ^ (offset >> 8) &* 29)
  }

  /// The encodings of both processors.
  package var patterns: [Pattern] {
    (Encoding.narrow + Encoding.wide + Encoding.dsp + Encoding.float).map { encoding in
      let isAvailable =
        switch encoding.requirement {
        case .none: true
        case .dsp: profile.hasDSP
        case .floatingPoint: profile.hasFloatingPoint
        }
      return Pattern(
        name: encoding.name, places: encoding.pattern.utf8.filter { $0 != UInt8(ascii: " ") },
        isFloat: encoding.requirement == .floatingPoint, isAvailable: isAvailable)
    }
  }

  /// Executes a few instructions.
  ///
  /// - Parameters:
  ///   - count: how many; ignored for a block.
  ///   - asBlock: whether they are executed as one block; they must not branch.
  /// - Returns: the state afterwards and the RAM's bytes that differ from the pattern; nil when an instruction faulted.
  package func run(
    _ program: [UInt8], count: Int, from state: State, asBlock: Bool
  ) -> (state: State, changes: [Int: UInt8])? {
    let offset = Int(state.programCounter - Self.codeBase)
    let bytes = program + (asBlock ? Self.branchToItself : [])
    code.replace(at: offset, with: bytes)
    defer { code.replace(at: offset, with: bytes.indices.map { Self.pattern(offset + $0) }) }
    prepare(state)
    if asBlock {
      core.run(until: core.localNanoseconds + Self.longestRun)
    } else {
      do throws(CoreFault) {
        for _ in 0..<count { try core.step() }
      } catch {
        _ = takeChanges()
        return nil
      }
    }
    return (result(withFloats: !state.floats.isEmpty), takeChanges())
  }

  private func prepare(_ state: State) {
    for index in 0..<15 { core.registers[index] = state.registers[index] }
    core.state = .running
    core.programStatus = state.flags | 1 << 24
    core.programCounter = state.programCounter
    core.control = profile.hasFloatingPoint ? 4 : 0
    core.isExclusive = false
    core.exceptionMask = ExceptionMask()
    for (index, value) in state.floats.prefix(32).enumerated() { core.floatRegisters[index] = value }
    if let status = state.floats.last { core.floatStatus = status & CortexCore.floatStatusMask }
  }

  private func result(withFloats: Bool) -> State {
    State(
      registers: (0..<15).map { core.registers[$0] }, flags: core.applicationStatus,
      programCounter: core.programCounter,
      floats: withFloats ? (0..<32).map { core.floatRegisters[$0] } + [core.floatStatus] : [])
  }

  private func takeChanges() -> [Int: UInt8] {
    var changes: [Int: UInt8] = [:]
    for start in stride(from: 0, to: Self.ramSize, by: 4) where ram.word(at: start) != pristine.word(at: start) {
      for offset in start..<start + 4 where ram.byte(at: offset) != pristine.byte(at: offset) {
        changes[offset] = ram.byte(at: offset)
      }
      ram.store(pristine.word(at: start), .word, at: start)
    }
    return changes
  }

  // MARK: Bus

  func read(_ address: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let (region, offset) = place(address) else { return .fault }
    return .done(region.load(width, at: offset), cycles: 0)
  }

  func write(_ address: UInt32, _ value: UInt32, _ width: BusWidth, by master: BusMaster) -> BusAnswer {
    guard let (region, offset) = place(address) else { return .fault }
    region.store(value, width, at: offset)
    return .done(0, cycles: 0)
  }

  private func place(_ address: UInt32) -> (MemoryRegion, Int)? {
    if address >= Self.codeBase, Int(address - Self.codeBase) < Self.codeSize {
      return (code, Int(address - Self.codeBase))
    }
    guard address >= Self.ramBase, Int(address - Self.ramBase) < Self.ramSize else { return nil }
    return (ram, Int(address - Self.ramBase))
  }
}
