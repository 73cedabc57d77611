import Foundation
import SimProbe

/// Compares the simulated core with Unicorn on random instructions: registers, flags and memory after each.
///
/// Every second instruction that does not branch is executed as a block, the others by single steps.
@main struct DifferentialRun {
  private let bench: InstructionBench
  private let oracle: UnicornOracle
  private var generator: InstructionGenerator
  private var address = InstructionBench.codeBase
  private var attempt = 0
  /// How often each encoding was compared.
  private var met: [Int]
  private var faults = 0
  private var unfollowed = 0
  private var differences: [String] = []

  /// How many cases the oracle gets at once.
  private static let batch = 40_000
  /// The distance of two instructions in memory.
  private static let stride: UInt32 = 16
  private static let shown = 20

  static func main() {
    do {
      try run()
    } catch {
      FileHandle.standardError.write(Data("stflash-oracle: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 2, let count = Int(arguments.count > 2 ? arguments[2] : "1000000"),
      let seed = UInt64(arguments.count > 3 ? arguments[3] : "1")
    else { throw OracleFailure.usage }
    let oracle = URL(filePath: arguments[1])
    // The Cortex-M3 shares what it has with the Cortex-M4; a tenth of the instructions makes sure.
    var larger = DifferentialRun(oracle, isCortexM4: true, seed: seed)
    try larger.compare(count - count / 10)
    var smaller = DifferentialRun(oracle, isCortexM4: false, seed: seed)
    try smaller.compare(count / 10)
    try larger.report("Cortex-M4")
    try smaller.report("Cortex-M3")
  }

  private init(_ executable: URL, isCortexM4: Bool, seed: UInt64) {
    bench = InstructionBench(isCortexM4: isCortexM4)
    oracle = UnicornOracle(executable: executable, isCortexM4: isCortexM4)
    generator = InstructionGenerator(bench.patterns, seed: seed, isCortexM4: isCortexM4)
    met = [Int](repeating: 0, count: generator.rows.count)
  }

  private mutating func compare(_ count: Int) throws {
    let chosen = generator.rows.indices.filter { generator.rows[$0].exclusion == nil }
    var left = count
    while left > 0 {
      var cases: [InstructionGenerator.Case] = []
      while cases.count < min(Self.batch, left) {
        attempt += 1
        if let item = generator.draw(chosen[attempt % chosen.count], at: nextAddress) {
          cases.append(item)
          advance()
        }
      }
      for (item, result) in zip(cases, try oracle.run(cases)) { compare(item, result) }
      left -= cases.count
    }
  }

  /// Instructions lie where those around them cannot be reached by a literal load that changes with the batch.
  private var nextAddress: UInt32 { address + 0x2000 }

  private mutating func advance() {
    address += Self.stride
    if address >= InstructionBench.codeBase + UInt32(InstructionBench.codeSize) - 0x4000 {
      address = InstructionBench.codeBase
    }
  }

  private mutating func compare(_ item: InstructionGenerator.Case, _ expected: UnicornOracle.Result) {
    let row = generator.rows[item.encoding]
    met[item.encoding] += 1
    let asBlock =
      expected.completed && !item.branches && met[item.encoding] % 2 == 0 && !row.name.contains("literal")
      && expected.state.programCounter == item.state.programCounter + UInt32(item.program.count)
    let ours = bench.run(item.program, count: item.count, from: item.state, asBlock: asBlock)
    guard let ours, expected.completed else {
      if ours == nil, !expected.completed {
        faults += 1
      } else if item.branches {
        // Unicorn stumbled over what stands at the branch's target.
        unfollowed += 1
      } else {
        note(item, row, ours == nil ? "it faults here only" : "it faults in Unicorn only")
      }
      return
    }
    if let difference = difference(ours.state, expected.state) {
      note(item, row, difference)
    } else if ours.changes != expected.changes {
      note(item, row, "memory is \(ours.changes), expected \(expected.changes)")
    }
  }

  private func difference(_ ours: InstructionBench.State, _ theirs: InstructionBench.State) -> String? {
    // Bits 1:0 of SP do not exist (DDI 0403, B1.4.1); Unicorn keeps what is written there.
    for index in 0..<15 where (ours.registers[index] ^ theirs.registers[index]) & (index == 13 ? ~3 : .max) != 0 {
      return "R\(index) is \(hex(ours.registers[index])), expected \(hex(theirs.registers[index]))"
    }
    if ours.programCounter != theirs.programCounter {
      return "PC is \(hex(ours.programCounter)), expected \(hex(theirs.programCounter))"
    }
    if ours.flags != theirs.flags { return "APSR is \(hex(ours.flags)), expected \(hex(theirs.flags))" }
    for (index, value) in ours.floats.enumerated() where value != theirs.floats[index] {
      return "\(index < 32 ? "S\(index)" : "FPSCR") is \(hex(value)), expected \(hex(theirs.floats[index]))"
    }
    return nil
  }

  private mutating func note(_ item: InstructionGenerator.Case, _ row: EncodingRow, _ text: String) {
    let code = item.program.map { hex(UInt32($0)) }.joined(separator: " ")
    let registers = item.state.registers.map(hex).joined(separator: " ")
    differences.append("\(row.name): \(text)\n  code \(code), APSR \(hex(item.state.flags)), registers \(registers)")
  }

  private func hex(_ value: UInt32) -> String { String(value, radix: 16) }

  private func report(_ processor: String) throws {
    let rows = generator.rows
    let covered = rows.indices.filter { met[$0] > 0 }
    let excluded = Dictionary(grouping: rows.filter { $0.exclusion != nil }) { $0.exclusion ?? "" }
    let least = covered.map { met[$0] }.min() ?? 0
    print("\(processor): \(met.reduce(0, +)) instructions, \(differences.count) differ")
    print("  \(faults) faulted on both sides, \(unfollowed) branched to where Unicorn cannot go on")
    print("  \(covered.count) of \(rows.count) encodings, each at least \(least) times; left out:")
    for (reason, left) in excluded.sorted(by: { $0.key < $1.key }) {
      let names = left.count > Self.shown ? "" : ": " + left.map(\.name).joined(separator: ", ")
      print("  \(left.count) (\(reason))\(names)")
    }
    for text in differences.prefix(Self.shown) { print("  \(text)") }
    guard differences.isEmpty else { throw OracleFailure.differences(differences.count) }
    let missing = rows.indices.filter { met[$0] == 0 && rows[$0].exclusion == nil }
    guard missing.isEmpty else { throw OracleFailure.uncovered(missing.map { rows[$0].name }) }
  }
}
