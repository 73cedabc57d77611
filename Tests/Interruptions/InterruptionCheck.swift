import Foundation

/// Interrupts a write at every one of its transfers, in every way, and says what that leaves; writes of other layouts than
/// the plain one at every fifth.
@main
struct InterruptionCheck {
  /// What came of one way of interrupting one way of writing.
  private struct Result {
    let name: String
    var counts: [InterruptedWrites.Remains: Int] = [:]
    var harm: [String] = []

    var line: String {
      let remains = InterruptedWrites.Remains.allCases.map { "\($0.rawValue) \(counts[$0, default: 0])" }
      return "\(name): \(counts.values.reduce(0, +)) transfers left \(remains.joined(separator: ", "))"
    }
  }

  static func main() async throws {
    var hasFailed = false
    try await withThrowingTaskGroup { group in
      for interruption in InterruptedWrites.Interruption.allCases {
        for method in InterruptedWrites.Method.allCases {
          for layout in FlashLayout.allCases {
            group.addTask { try run(interruption, method, layout) }
          }
        }
      }
      for try await result in group {
        print(result.line)
        result.harm.forEach { print("  \($0)") }
        hasFailed = hasFailed || !result.harm.isEmpty
      }
    }
    exit(hasFailed ? 1 : 0)
  }

  private static func run(
    _ interruption: InterruptedWrites.Interruption, _ method: InterruptedWrites.Method, _ layout: FlashLayout
  ) throws -> Result {
    let writes = try InterruptedWrites(interruption, method, layout)
    var result = Result(name: "\(interruption.rawValue), \(method.rawValue), \(layout.rawValue)")
    for transfer in stride(from: 1, through: writes.transferCount, by: layout.isThorough ? 1 : 5) {
      do {
        result.counts[try writes.interrupt(at: transfer), default: 0] += 1
      } catch let harm as InterruptedWrites.Harm {
        result.harm.append("transfer \(transfer) of \(writes.transferCount): \(harm.rawValue)")
      }
    }
    return result
  }
}
