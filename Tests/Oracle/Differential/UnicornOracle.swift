import Foundation
import SimProbe

/// Unicorn behind `unicorn_oracle.c`: a process that reads cases from one file and writes results to another.
struct UnicornOracle {
  /// What came out of one case.
  struct Result {
    var completed: Bool
    var state: InstructionBench.State
    var changes: [Int: UInt8]
  }

  let executable: URL
  let isCortexM4: Bool

  private static let codeBytes = 16

  /// Runs cases.
  func run(_ cases: [InstructionGenerator.Case]) throws -> [Result] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stflash-oracle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appending(path: "cases"), folder.appending(path: "results"))
    try Data(cases.flatMap(record)).write(to: input)
    let process = Process()
    process.executableURL = executable
    process.arguments = [isCortexM4 ? "m4" : "m3", input.path, output.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw OracleFailure.oracle(status: process.terminationStatus) }
    var reader = WordReader(try Data(contentsOf: output))
    return cases.map { _ in result(&reader) }
  }

  private func record(_ item: InstructionGenerator.Case) -> [UInt8] {
    let flags: UInt32 = (item.branches ? 1 : 0) | (item.state.floats.isEmpty ? 0 : 2)
    let floats = item.state.floats.isEmpty ? [UInt32](repeating: 0, count: 33) : item.state.floats
    let head = [item.state.programCounter, UInt32(item.program.count), flags]
    let code = item.program + [UInt8](repeating: 0, count: Self.codeBytes - item.program.count)
    return bytes(head) + code + bytes(item.state.registers + [item.state.flags] + floats)
  }

  private func bytes(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  private func result(_ reader: inout WordReader) -> Result {
    let completed = reader.next() != 0
    let registers = (0..<15).map { _ in reader.next() }
    let (programCounter, flags) = (reader.next(), reader.next())
    let floats = (0..<33).map { _ in reader.next() }
    var changes: [Int: UInt8] = [:]
    for _ in 0..<reader.next() {
      let offset = Int(reader.next())
      changes[offset] = UInt8(truncatingIfNeeded: reader.next())
    }
    return Result(
      completed: completed,
      state: .init(registers: registers, flags: flags, programCounter: programCounter, floats: floats),
      changes: changes)
  }
}

/// Little-endian words in a row.
private struct WordReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ data: Data) { bytes = [UInt8](data) }

  mutating func next() -> UInt32 {
    defer { position += 4 }
    return (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << (8 * UInt32($1)) }
  }
}

/// Why there is no comparison.
enum OracleFailure: Error, CustomStringConvertible {
  case usage
  case oracle(status: Int32)
  case differences(Int)
  case uncovered([String])

  var description: String {
    switch self {
    case .usage: "usage: stflash-oracle ORACLE [COUNT [SEED]]"
    case .oracle(let status): "the oracle ended with status \(status)"
    case .differences(let count): "\(count) instructions differ"
    case .uncovered(let names): "never met: \(names.joined(separator: ", "))"
    }
  }
}
