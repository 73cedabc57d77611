import Engine
import Testing

/// Stacks that are put together by hand, over a program of which everything is known.
@Suite struct StackWalkTests {
  private let program: ProgramSymbols

  init() throws {
    program = try SymbolFixture.program("gcc-O2-dwarf4")
  }

  private func address(_ name: String, _ offset: UInt32 = 0) throws -> UInt32 {
    try #require(program.symbol(named: name)).address + offset
  }

  /// A core in thread mode with these registers.
  private func core(
    _ programCounter: UInt32, stack: UInt32 = 0x2000_1000, link: UInt32 = 0xFFFF_FFFF,
    xPSR: UInt32 = 0x0100_0000
  ) -> HaltedCore {
    var registers = UnwindRegisters([])
    registers.programCounter = programCounter
    registers.stackPointer = stack
    registers.linkRegister = link
    return HaltedCore(registers: registers, xPSR: xPSR)
  }

  private func stack(_ core: HaltedCore, limit: Int = 64, _ memory: [UInt32: UInt32] = [:])
    -> CallStack
  {
    program.callStack(of: core, limit: limit) { memory[$0] }
  }

  private func names(_ stack: CallStack) -> [String] {
    stack.frames.map { $0.symbol?.name ?? "?" }
  }

  @Test func `nothing comes before the function at which the program starts`() throws {
    let found = stack(core(try address("Reset_Handler", 8)))
    #expect(names(found) == ["Reset_Handler"] && found.end == .outermost)
  }

  @Test func `the link register of reset ends the stack`() throws {
    let found = stack(core(try address("stopped", 2)))
    #expect(names(found) == ["stopped"] && found.end == .outermost)
  }

  @Test func `after a jump to nowhere the link register names who has jumped`() throws {
    // Behind the call of from_ram in descend.
    let link = try address("descend", 0x32) | 1
    let found = stack(core(0xDEAD_BEEE, link: link), [0x2000_1014: 0xFFFF_FFFF])
    #expect(found.frames.map(\.programCounter) == [0xDEAD_BEEE, link & ~1])
    #expect(found.frames[0].symbol == nil && found.frames[0].location == nil)
    #expect(found.frames[1].isGuess && found.frames[1].symbol?.name == "descend")
    #expect(found.frames[1].location?.line == 54)
    #expect(found.end == .outermost)
  }

  @Test func `a link register that no call has set names nobody`() throws {
    for link in [
      0x0800_0041, try address("descend") | 1, try address("descend", 0x32), 0x1234_5679,
    ] {
      let found = stack(core(0xDEAD_BEEE, link: link))
      #expect(found.frames.count == 1 && found.end == .failed(.noInformation(0xDEAD_BEEE)))
    }
  }

  @Test func `a return address that is no code is said`() throws {
    let found = stack(core(try address("descend", 6)), [0x2000_1014: 0x4141_4141])
    #expect(names(found) == ["descend"] && found.end == .notCode(0x4141_4141))
  }

  @Test func `a stack that leads back to itself ends`() throws {
    // Every word is the return address of descend's call of itself: it goes on until the limit, and no further.
    let link = try address("descend", 0x22) | 1
    let endless = program.callStack(of: core(try address("descend", 6)), limit: 10) { _ in link }
    #expect(endless.frames.count == 10 && endless.end == .limit)
    // R7 is the frame pointer, and leads down the stack.
    let plain = try SymbolFixture.program("gcc-O0-dwarf2")
    let descend = try #require(plain.symbol(named: "descend")).address
    var registers = core(descend + 0x20).registers
    registers[7] = 0x2000_1000
    let back = (descend + 0x44) | 1
    let looped = plain.callStack(of: HaltedCore(registers: registers, xPSR: 0)) { address in
      address % 8 == 4 ? back : 0x2000_0800
    }
    #expect(looped.end == .loop)
  }

  @Test func `what reading throws comes out`() throws {
    struct LinkLost: Error {}
    let core = core(try address("descend", 6))
    #expect(throws: LinkLost.self) {
      try program.callStack(of: core) { _ throws(LinkLost) in throw LinkLost() }
    }
  }

  @Test func `a core without a program counter has no frames`() {
    let found = stack(HaltedCore(registers: UnwindRegisters([]), xPSR: 0))
    #expect(found.frames.isEmpty && found.end == .failed(.lostRegister(15)))
  }

  @Test(
    arguments: [0xFFFF_FFE9, 0xFFFF_FFED, 0xFFFF_FFF9, 0xFFFF_FFFD] as [UInt32],
    [0, 1 << 9] as [UInt32])
  func `a handler finds what it has interrupted`(link: UInt32, alignment: UInt32) throws {
    var core = core(try address("SVC_Handler"), link: link, xPSR: 0x0100_000B)
    core.processStackPointer = 0x2000_2000
    let frame: UInt32 = link & 4 != 0 ? 0x2000_2000 : 0x2000_1000
    let interrupted = try address("trap", 6)
    let words = [10, 11, 12, 13, 14, 0xFFFF_FFFF, interrupted, 0x0100_0000 | alignment]
    var memory = Dictionary(
      uniqueKeysWithValues: words.enumerated().map { (frame + 4 * UInt32($0), $1) })
    let size: UInt32 = (link & 0x10 == 0 ? 0x68 : 0x20) + (alignment == 0 ? 0 : 4)
    memory[frame + size] = 4
    let found = stack(core, memory)
    #expect(names(found) == ["SVC_Handler", "trap"])
    let registers = try #require(found.frames.last).registers
    #expect((0..<4).map { registers[$0] } == [10, 11, 12, 13] && registers[12] == 14)
    #expect(registers.stackPointer == frame + size && registers.programCounter == interrupted)
    guard case .interrupted(let exception, _) = found.frames[1].origin else {
      Issue.record("\(found.frames[1].origin)")
      return
    }
    #expect(exception?.description == "SVCall")
    #expect(found.end == .outermost)
  }

  @Test func `a frame on a stack that nobody knows is not looked for`() throws {
    let found = stack(core(try address("SVC_Handler"), link: 0xFFFF_FFFD, xPSR: 0x0100_000B))
    #expect(names(found) == ["SVC_Handler"] && found.end == .failed(.lostRegister(13)))
  }

  @Test func `where a handler does not return, the frame that leads further is taken`() throws {
    // Clang's HardFault handler calls `stopped`, which does not return, and keeps no link register.
    let program = try SymbolFixture.program("clang-O1-dwarf5")
    let handler = try #require(program.symbol(named: "HardFault_Handler")).address
    let descend = try #require(program.symbol(named: "descend")).address
    let line = try SymbolFixture.words("clang-O1-dwarf5.stack").first { $0.contains("HardFault_Handler") }
    let link = try UInt32(hexadecimal: try #require(line)[1]) | 1
    var core = core(handler, link: link, xPSR: 0x0100_0003)
    core.registers.programCounter = try #require(program.symbol(named: "stopped")).address
    core.processStackPointer = 0x2000_2000
    // In descend behind its push, 16 bytes deep, with the return address on top of them.
    let words: [UInt32] = [0, 1, 2, 3, 12, 0x0800_0041, descend + 8, 0x0100_0000]
    var memory = Dictionary(uniqueKeysWithValues: words.enumerated().map { (0x2000_2000 + 4 * UInt32($0), $1) })
    memory[0x2000_2000 + 0x20 + 12] = 0x4141_4141
    memory[0x2000_2000 + 0x68 + 12] = 0xFFFF_FFFF
    let found = program.callStack(of: core) { address in memory[address] ?? 0 }
    #expect(names(found) == ["stopped", "HardFault_Handler", "descend"] && found.end == .outermost)
    #expect(found.frames.map(\.isGuess) == [false, false, true])
    #expect(found.frames.last?.registers.stackPointer == 0x2000_2068)
  }

  @Test func `a frame has the functions that were put into it`() throws {
    let program = try SymbolFixture.program("gcc-Os-lto-dwarf5")
    let reset = try #require(program.symbol(named: "Reset_Handler")).address
    let frame = try #require(program.callStack(of: core(reset + 0x16)) { _ in nil }.frames.first)
    #expect(frame.symbol?.name == "Reset_Handler" && frame.location?.line == 70)
    #expect(frame.functions.map(\.name) == ["main", "Reset_Handler"])
    #expect(frame.functions.map { $0.location?.line } == [70, 84])
  }

  @Test func `exceptions have the manual's names`() {
    let names = [0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 14, 15, 16, 53].map {
      CoreException(number: $0)?.description
    }
    #expect(
      names == [
        nil, "Reset", "NMI", "HardFault", "MemManage", "BusFault", "UsageFault", "exception 7",
        "SVCall",
        "DebugMonitor", "PendSV", "SysTick", "IRQ 0", "IRQ 37",
      ])
  }
}
