import Testing

@testable import SimProbe

/// What is said of a program that has run into a fault.
@Suite struct ProgramFaultTests {
  /// A program at the beginning of the flash, with its vectors for HardFault and BusFault.
  private func bench(_ code: [UInt16], handler: [UInt16] = [0xE7FE]) throws -> BoardBench {
    let bench = try BoardBench("stm32f407vg")
    let flash = bench.chip.flash.main
    let vectors: [Int: UInt32] = [0: 0x2000_1000, 1: 0x0800_0041, 3: 0x0800_0081, 5: 0x0800_0081]
    for (number, word) in vectors { flash.store(word, .word, at: number * 4) }
    for (index, halfword) in code.enumerated() { flash.store(UInt32(halfword), .halfword, at: 0x40 + index * 2) }
    for (index, halfword) in handler.enumerated() { flash.store(UInt32(halfword), .halfword, at: 0x80 + index * 2) }
    bench.board.driveReset(low: true)
    bench.board.driveReset(low: false)
    bench.run(microseconds: 10_000)
    return bench
  }

  /// LSLS R0 twice from 3 makes 0x6000_0000; LDR R1,[R0] faults at 0x0800_0044.
  private static let loadsNothing: [UInt16] = [0x2003, 0x0740, 0x6801, 0xE7FE]

  @Test func `a HardFault is told with its flags, the address and where it came from`() throws {
    let bench = try bench(Self.loadsNothing)
    let fault = try #require(bench.chip.core.fault)
    #expect(bench.chip.core.state == .running)
    #expect(fault.handler == "HardFault")
    #expect(fault.flags == ["PRECISERR", "FORCED"])
    #expect(fault.address == 0x6000_0000)
    #expect(fault.programCounter == 0x0800_0044)
  }

  @Test func `a handler that has pushed and called on is told in the same way`() throws {
    // PUSH {R4-R7,LR}; B . : the stack pointer no longer shows the frame.
    let fault = try #require(try bench(Self.loadsNothing, handler: [0xB5F0, 0xE7FE]).chip.core.fault)
    #expect(fault.programCounter == 0x0800_0044)
  }

  @Test func `a fault in the HardFault handler is a lockup where it happened`() throws {
    let bench = try bench(Self.loadsNothing, handler: [0xBF00, 0xDE00])
    #expect(bench.chip.core.state == .lockedUp)
    let fault = try #require(bench.chip.core.fault)
    #expect(fault.handler == "HardFault")
    #expect(fault.flags.contains("UNDEFINSTR"))
    #expect(fault.programCounter == 0x0800_0082)
  }

  @Test func `a program without a fault has none, and one that has returned from its handler neither`() throws {
    #expect(try bench([0xE7FE]).chip.core.fault == nil)
    // The handler steps over the faulting halfword: LDR R0,[SP,#24]; ADDS R0,#2; STR R0,[SP,#24]; BX LR.
    #expect(try bench(Self.loadsNothing, handler: [0x9806, 0x3002, 0x9006, 0x4770]).chip.core.fault == nil)
  }
}
