import Foundation
import SimProbe

/// How fast the simulated core executes programs by processor time, beside Unicorn with the same binaries in the same
/// run.
enum InterpreterBenchmark {
  /// One program and how it is run.
  private struct Program {
    let name: String
    let address: UInt32
    let rounds: UInt32
  }

  /// From flash as firmware runs, but for the loader, which cannot program the flash that it runs from.
  private static let programs = [
    Program(name: "integer", address: 0x0800_0000, rounds: 400_000),
    Program(name: "copy", address: 0x0800_0000, rounds: 5_000),
    Program(name: "loader", address: 0x2000_0000, rounds: 150),
    Program(name: "mixed", address: 0x0800_0000, rounds: 2_000),
  ]
  private static let part = "stm32f407vg"
  private static let memory: UInt32 = 0x2000_4000
  private static let stackPointer: UInt32 = 0x2001_8000
  /// How often each is run; the best counts.
  private static let repeats = 3

  static func run() throws {
    let unicorn = UnicornRunner()
    if unicorn == nil { print("without Unicorn (scripts/bench says why)") }
    print(row("program", "instructions", "MIPS", "Unicorn", "ratio"))
    var (ours, theirs, instructions) = (0.0, 0.0, UInt64(0))
    for program in programs {
      let (result, seconds) = try measure(program)
      ours += seconds
      instructions += result.instructions
      guard let unicorn else {
        print(row(program.name, "\(result.instructions)", speed(result.instructions, seconds), "-", "-"))
        continue
      }
      let other = try unicorn.run(
        file: path(program), at: program.address, rounds: program.rounds, memory: memory, stackPointer: stackPointer,
        polls: result.second, repeats: repeats)
      // The loader's second result is its number of polls; the other programs have one result.
      guard other.value == result.value, program.name != "loader" || other.second == result.second else {
        throw BenchmarkFailure(text: "\(program.name): results differ, \(result.value) and Unicorn's \(other.value)")
      }
      theirs += other.seconds
      print(
        row(
          program.name, "\(result.instructions)", speed(result.instructions, seconds),
          speed(result.instructions, other.seconds), ratio(other.seconds, seconds)))
    }
    print(
      row(
        "all", "\(instructions)", speed(instructions, ours), unicorn == nil ? "-" : speed(instructions, theirs),
        unicorn == nil ? "-" : ratio(theirs, ours)))
  }

  private static func measure(_ program: Program) throws -> (BareProgram.Result, seconds: Double) {
    let code = [UInt8](try Data(contentsOf: URL(filePath: path(program))))
    var best = (result: BareProgram.Result?.none, seconds: Double.infinity)
    for _ in 0..<repeats {
      let target = try BareProgram(code, at: program.address, part: part)
      let start = ProcessorTime.now
      let result = try target.run(program.rounds, memory, stackPointer: stackPointer)
      let seconds = ProcessorTime.now - start
      if seconds < best.seconds { best = (result, seconds) }
    }
    guard let result = best.result else { throw BenchmarkFailure(text: "no run of \(program.name)") }
    return (result, best.seconds)
  }

  private static func path(_ program: Program) -> String { "firmware/benchmarks/\(program.name).bin" }

  private static func speed(_ instructions: UInt64, _ seconds: Double) -> String {
    "\(Int((Double(instructions) / seconds / 1e6).rounded()))"
  }

  private static func ratio(_ theirs: Double, _ ours: Double) -> String {
    "\((theirs / ours * 100).rounded() / 100)"
  }

  private static func row(_ columns: String...) -> String {
    columns.enumerated().map { index, text in
      let padding = String(repeating: " ", count: max(0, (index == 1 ? 13 : 10) - text.count))
      return index == 0 ? text + padding : padding + text
    }.joined()
  }
}

/// Why a benchmark has no figure.
struct BenchmarkFailure: Error, CustomStringConvertible {
  let text: String
  var description: String { text }
}
