import Foundation

/// Interrupts a write at every one of its transfers, in every way, and says what that leaves; writes of other layouts than
/// the plain one at every fifth.
///
/// The same with changes of option bytes and writes to OTP, on dies of every kind: `InterruptedOptions`. The same at every
/// character, or USB request, of a write by the ROM bootloader: `InterruptedBootloaderWrites`.
///
/// And lets replies go wrong in every operation, and says how many of those ended it. "replies", "options", "writes",
/// "serial" and "dfu" as arguments choose among the five.
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
    let parts = CommandLine.arguments.dropFirst()
    let isAsked = { (part: String) in parts.isEmpty || parts.contains(part) }
    var hasFailed = isAsked("replies") ? try await loseReplies() : false
    if isAsked("options"), try await interruptOptions() { hasFailed = true }
    if isAsked("writes"), try await interruptWrites() { hasFailed = true }
    if isAsked("serial"), try await interruptBootloaderWrites(.serial) { hasFailed = true }
    if isAsked("dfu"), try await interruptBootloaderWrites(.dfu) { hasFailed = true }
    exit(hasFailed ? 1 : 0)
  }

  /// Returns whether something has gone wrong that must not.
  private static func interruptWrites() async throws -> Bool {
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
    return hasFailed
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

  // MARK: - By the bootloader

  /// Returns whether something has gone wrong that must not.
  private static func interruptBootloaderWrites(_ way: InterruptedBootloaderWrites.Way) async throws -> Bool {
    try await withThrowingTaskGroup { group in
      for interruption in InterruptedWrites.Interruption.allCases {
        group.addTask { try interruptBootloaderWrites(interruption, by: way) }
      }
      var hasFailed = false
      for try await result in group {
        print(way == .serial ? result.line.replacing("transfers", with: "characters") : result.line)
        result.harm.forEach { print("  \($0)") }
        hasFailed = hasFailed || !result.harm.isEmpty
      }
      return hasFailed
    }
  }

  private static func interruptBootloaderWrites(
    _ interruption: InterruptedWrites.Interruption, by way: InterruptedBootloaderWrites.Way
  ) throws -> Result {
    let writes = try InterruptedBootloaderWrites(interruption, by: way)
    var result = Result(name: "\(interruption.rawValue), by the bootloader\(way == .serial ? "" : " on USB")")
    for step in 1...writes.stepCount {
      do {
        result.counts[try writes.interrupt(at: step), default: 0] += 1
      } catch let harm as InterruptedWrites.Harm {
        result.harm.append("step \(step) of \(writes.stepCount): \(harm.rawValue)")
      }
    }
    return result
  }

  // MARK: - Option bytes

  /// A die without PCROP of each series, one with it, and one with a second bank.
  private static let optionTargets = ["stm32f207zg", "stm32f407vg", "stm32f446re", "stm32f429zi"]

  /// On this one every transfer has its cut, whatever is changed.
  private static let thoroughTarget = "stm32f446re"

  /// Returns whether something has gone wrong that must not.
  private static func interruptOptions() async throws -> Bool {
    try await withThrowingTaskGroup { group in
      for target in optionTargets {
        for change in InterruptedOptions.Change.allCases
        where !change.concernsCodeProtection || !["stm32f207zg", "stm32f407vg"].contains(target) {
          // A probe that is pulled leaves the chip alone, whatever its die.
          for interruption in InterruptedWrites.Interruption.allCases
          where interruption == .powerCut || target == optionTargets.last {
            group.addTask { try interruptOptions(interruption, change, target) }
          }
        }
      }
      return try await group.reduce(false) { $0 || $1 }
    }
  }

  /// Returns whether something has gone wrong that must not; each tells what has come of it as soon as it is known.
  private static func interruptOptions(
    _ interruption: InterruptedWrites.Interruption, _ change: InterruptedOptions.Change, _ target: String
  ) throws -> Bool {
    let changes = try InterruptedOptions(interruption, change, target: target)
    var counts: [InterruptedOptions.Remains: Int] = [:]
    var harm: [String] = []
    let transfers = changes.transfers(isThorough: target == thoroughTarget)
    for transfer in transfers {
      do {
        counts[try changes.interrupt(at: transfer), default: 0] += 1
      } catch let error as InterruptedOptions.Harm {
        harm.append("transfer \(transfer) of \(changes.transferCount): \(error)")
      }
    }
    let remains = InterruptedOptions.Remains.allCases.compactMap { kind in
      counts[kind].map { "\(kind.rawValue) \($0)" }
    }
    let name = "\(interruption.rawValue), \(change.rawValue), \(target)"
    let line = "\(name): \(transfers.count) transfers left \(remains.joined(separator: ", "))"
    print(([line] + harm.map { "  \($0)" }).joined(separator: "\n"))
    return !harm.isEmpty
  }

  // MARK: - Lost replies

  /// What came of the replies that went wrong in one operation.
  private struct Losses {
    let name: String
    var done = 0
    var told: [String] = []
    var harm: [String] = []

    /// OpenOCD comes through 12 of 14 lost replies in a write.
    var isEnough: Bool { done * 14 >= 12 * (done + told.count) }
    var line: String { "\(name): \(done + told.count) mishaps ended \(told.count) operations" }
  }

  /// How far apart the transfers are whose replies go wrong, and how many in a row do.
  private static let samples: [(mishap: LostReplies.Mishap, step: Int, inARow: Int)] = [
    (.lost, 3, 1), (.cut, 5, 1), (.late, 17, 1), (.veryLate, 17, 1), (.stall, 17, 1), (.lost, 17, 2),
  ]

  /// Returns whether something has gone wrong that must not.
  private static func loseReplies() async throws -> Bool {
    try await withThrowingTaskGroup { group in
      for verb in LostReplies.Verb.allCases {
        for probe in ["v2-old", "v2-1", "v3"] { group.addTask { try loseReplies(verb, probe) } }
      }
      var hasFailed = false
      for try await result in group {
        print(result.line)
        (result.told + result.harm).forEach { print("  \($0)") }
        hasFailed = hasFailed || !result.harm.isEmpty || !result.isEnough
      }
      return hasFailed
    }
  }

  private static func loseReplies(_ verb: LostReplies.Verb, _ probe: String) throws -> Losses {
    let operation = try LostReplies(verb, probe: probe)
    var result = Losses(name: "\(verb.rawValue), \(probe)")
    for (mishap, step, inARow) in samples {
      for transfer in stride(from: 1, through: operation.transferCount, by: step) {
        let place = "\(mishap.rawValue), \(inARow) at transfer \(transfer) of \(operation.transferCount)"
        do {
          switch try operation.disturb(mishap, at: (0..<inARow).map { transfer + 2 * $0 }) {
          case .done: result.done += 1
          case .told(let text): result.told.append("\(place): \(text)")
          }
        } catch {
          result.harm.append("\(place): \(error)")
        }
      }
    }
    return result
  }
}
