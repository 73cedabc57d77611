import TestSupport
import Testing

@testable import interruption_check

/// Changes of option bytes and writes to OTP that end at some of their transfers; `interruption-check`, which scripts/test
/// runs, tries every one, on more dies.
@Suite struct InterruptedOptionsTests {
  private static let seed: UInt64 = 14

  @Test(arguments: InterruptedOptions.Change.allCases, InterruptedWrites.Interruption.allCases)
  func `what is left of a change that ends anywhere is named, and there is a way back`(
    change: InterruptedOptions.Change, interruption: InterruptedWrites.Interruption
  ) throws {
    let changes = try InterruptedOptions(interruption, change, target: "stm32f429zi")
    var generator = SeededGenerator(seed: Self.seed)
    // The programming itself comes in the last transfers.
    let count = changes.transferCount
    let late = (0..<3).map { _ in Int.random(in: count - 60...count, using: &generator) }
    for transfer in [Int.random(in: 1..<count - 60, using: &generator)] + late {
      #expect(throws: Never.self, "seed \(Self.seed), transfer \(transfer) of \(count)") {
        _ = try changes.interrupt(at: transfer)
      }
    }
  }
}
