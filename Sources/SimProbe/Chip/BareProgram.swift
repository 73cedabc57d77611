/// A program without an operating system on one simulated chip: how benchmarks run the core.
///
/// The program is put into the chip's memory as a debugger would, is started with arguments in R0 and R1, and ends at a
/// breakpoint with its results in the same registers.
package final class BareProgram {
  /// What a run gave and what it took.
  package struct Result: Equatable, Sendable {
    /// R0 at the breakpoint.
    package let value: UInt32
    /// R1 at the breakpoint.
    package let second: UInt32
    /// How many instructions were executed.
    package let instructions: UInt64
    /// How many cycles of the processor's clock they took.
    package let cycles: UInt64
  }

  /// Why a program gave no result.
  package enum Failure: Error, Equatable {
    /// The part is not in the catalogue.
    case unknownPart(String)
    /// The program stopped elsewhere than at a breakpoint.
    case stopped(programCounter: UInt32)
    /// It did not end within an hour of simulated time.
    case endless
  }

  private let chip: Chip
  private let clock = VirtualClock()
  private let address: UInt32

  private static let haltingControl: UInt32 = 0xE000_EDF0
  private static let debugEnable: UInt32 = 0xA05F_0001
  private static let halt: UInt32 = 0xA05F_0003
  /// How far the clock moves before somebody looks at the core again, in nanoseconds.
  private static let step: UInt64 = 100_000_000
  private static let longest: UInt64 = 3_600_000_000_000

  /// Makes a part with a program in its flash or RAM.
  ///
  /// - Parameters:
  ///   - part: a name from the catalogue.
  ///   - accessControl: what FLASH_ACR is set to: wait states, prefetch and caches.
  package init(_ code: [UInt8], at address: UInt32, part: String, accessControl: UInt32 = 0) throws(Failure) {
    do {
      chip = Chip(model: try ChipModel(named: part), clock: clock, seed: 1)
    } catch {
      throw .unknownPart(part)
    }
    self.address = address
    let memory = chip.model.family.memory
    chip.powerOn(hasSettled: true)
    _ = chip.write(Self.haltingControl, Self.halt, .word, by: .debugger)
    _ = chip.write(memory.flashController, accessControl, .word, by: .debugger)
    if address >= memory.sramBase {
      chip.bus.sram.replace(at: Int(address - memory.sramBase), with: code)
    } else {
      chip.flash.main.replace(at: Int(address - memory.flashBase), with: code)
    }
  }

  /// Runs the program from its beginning.
  package func run(_ first: UInt32, _ second: UInt32, stackPointer: UInt32) throws(Failure) -> Result {
    let core = chip.core
    _ = chip.write(Self.haltingControl, Self.halt, .word, by: .debugger)
    let thumbState: UInt32 = 1 << 24
    let start: KeyValuePairs<UInt32, UInt32> = [0: first, 1: second, 13: stackPointer, 15: address, 16: thumbState]
    for (register, value) in start { core.writeTransferRegister(register, value) }
    let (cycles, instructions) = (core.executedCycles, core.executedInstructions)
    _ = chip.write(Self.haltingControl, Self.debugEnable, .word, by: .debugger)
    let end = clock.nanoseconds + Self.longest
    while !core.isHalted {
      guard clock.nanoseconds < end else { throw .endless }
      clock.advance(by: Self.step)
      chip.synchronise()
    }
    guard core.debug.faultStatus.contains(.breakpoint) else {
      throw .stopped(programCounter: core.programCounter)
    }
    return Result(
      value: core.registers[0], second: core.registers[1],
      instructions: core.executedInstructions - instructions, cycles: core.executedCycles - cycles)
  }
}
